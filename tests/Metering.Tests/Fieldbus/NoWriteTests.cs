using System.Reflection;
using System.Reflection.Emit;
using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;
using Xunit;

namespace Metering.Tests.Fieldbus;

/// <summary>
/// The gateway cannot write to a meter. Bytes leave a client by three methods only, which send nothing but what <see cref="ReadRequest"/> encodes,
/// and that type cannot be made with another function code. Looked up in the compiled code, so that a new way out is noticed.
/// </summary>
public sealed class NoWriteTests
{
    private static readonly string[] ServerSide =
        ["ModbusTcpServer", "ModbusRtuServer", "RtuServing", "ServerPdu", "ServerWrites", "ServerDiagnostics", "ServerIdentities", "PseudoTerminal"];

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    [Fact]
    public void Only_the_two_wires_of_the_client_hand_bytes_to_a_line()
    {
        string[] senders = [.. Methods(typeof(RtuBus).Assembly).Where(method => !IsServerSide(method.DeclaringType!) && Calls(method).Any(IsSending)).Select(Name).Distinct().Order(StringComparer.Ordinal)];

        // The last four only pass bytes on: the port to its file, the file to the kernel, the stop signal to its own eventfd.
        Assert.Equal(["LineFile.Write", "RtuWire.Ask", "SerialPort.Metering.Fieldbus.Serial.ISerialLine.Write", "SerialPort.Write", "StopSignal.Set", "TcpLine.Write", "TcpTransport.AskOnce"], senders);
    }

    [Fact]
    public void What_they_send_is_encoded_by_the_one_type_that_only_reads()
    {
        foreach ((Type owner, string sender) in ((Type, string)[])[(typeof(RtuWire), "Ask"), (typeof(TcpTransport), "AskOnce")])
        {
            MethodInfo method = owner.GetMethod(sender, BindingFlags.NonPublic | BindingFlags.Instance)!;
            Assert.Contains(Calls(method), called => called.DeclaringType == typeof(ReadRequest) && called.Name == "Encode");
            FieldInfo buffer = owner.GetField("_request", BindingFlags.NonPublic | BindingFlags.Instance)!;
            string[] users = [.. Methods(owner.Assembly).Where(user => Operands(user).Any(operand => operand is FieldInfo field && field == buffer)).Select(user => user.Name).Distinct().Order(StringComparer.Ordinal)];
            string[] allowed = owner == typeof(RtuWire) ? [".ctor", "Ask", "AwaitReply"] : [".ctor", "AskOnce"];
            Assert.Equal(allowed, users);
        }
    }

    // The only constructor is private; whoever calls it passes a table's function (checked by the factories), 17 or 43.
    [Fact]
    public void A_request_can_only_be_made_by_the_factories_that_check_the_table()
    {
        ConstructorInfo constructor = Assert.Single(typeof(ReadRequest).GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance));
        Assert.True(constructor.IsPrivate);
        string[] makers = [.. Methods(typeof(ReadRequest).Assembly).Where(method => Calls(method).Any(called => called == constructor)).Select(Name).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(["ReadRequest.Bits", "ReadRequest.Identity", "ReadRequest.InTable", "ReadRequest.Longer", "ReadRequest.Registers", "ReadRequest.Shorter"], makers);
        TimeSpan second = TimeSpan.FromSeconds(1);
        List<byte> functions = [];
        for (int table = 0; table < 256; table++)
        {
            Note(() => ReadRequest.Registers((ModbusTable)table, 0, 1, second));
            Note(() => ReadRequest.Bits((ModbusTable)table, 0, 1, second));
            Note(() => ReadRequest.Identity(IdentityQuestion.Objects((IdentificationAccess)table, 0), second));
            Note(() => ReadRequest.Identity(default, second));
        }

        Assert.Equal(new byte[] { 1, 2, 3, 4, 17, 43 }, functions.Distinct().Order().ToArray());

        void Note(Func<ReadRequest> make)
        {
            try
            {
                functions.Add(make().Function);
            }
            catch (ArgumentException)
            {
                // refused
            }
        }
    }

    // InTable takes any table without a check of its own: its one caller walks from 4 down to 1.
    [Fact]
    public void The_probe_of_another_table_is_asked_for_in_one_place()
    {
        string[] users = [.. Methods(typeof(ReadRequest).Assembly).Where(method => Calls(method).Any(called => called.DeclaringType == typeof(ReadRequest) && called.Name == "InTable")).Select(Name).Distinct()];
        Assert.Equal(["RtuBus.TryChoose"], users);
    }

    [Theory]
    [InlineData("Metering.Meters")]
    [InlineData("Metering.Gateway")]
    public void The_gateway_uses_no_server_and_sends_nothing_to_a_port_by_itself(string assembly)
    {
        string file = Path.Combine(AppContext.BaseDirectory, assembly + ".dll");
        if (!File.Exists(file))
        {
            Assert.Fail($"{assembly} is not beside the tests");
        }

        Assembly gateway = Assembly.LoadFrom(file);
        foreach (MethodBase method in Methods(gateway))
        {
            MethodBase? bad = Calls(method).FirstOrDefault(called => called.DeclaringType is { } type && type.Assembly == typeof(RtuBus).Assembly && (IsServerSide(type) || called.Name == "Write"));
            Assert.True(bad is null, $"{Name(method)} calls {bad?.DeclaringType?.Name}.{bad?.Name}");
        }
    }

    private static bool IsSending(MethodBase called) =>
        (called.Name is "Send" or "SendTo" or "SendAsync" && called.DeclaringType?.Name == "Socket")
        || (called.Name == "Write" && called.DeclaringType is { } type && (type == typeof(LibC) || type == typeof(LineFile) || type == typeof(SerialPort) || type == typeof(ISerialLine)))
        || called.DeclaringType?.Name is "NetworkStream" or "FileStream" or "SafeFileHandle";

    private static bool IsServerSide(Type type) => ServerSide.Contains((type.DeclaringType ?? type).Name, StringComparer.Ordinal);

    private static string Name(MethodBase method) => $"{method.DeclaringType!.Name}.{method.Name}";

    private static IEnumerable<MethodBase> Methods(Assembly assembly)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        return assembly.GetTypes().SelectMany(type => type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)));
    }

    private static IEnumerable<MethodBase> Calls(MethodBase method) => Operands(method).OfType<MethodBase>();

    // Walks the instructions and resolves the operands that name a member.
    private static IEnumerable<MemberInfo> Operands(MethodBase method)
    {
        byte[] code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        Type[] typeArguments = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : [];
        Type[] methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : [];
        for (int offset = 0; offset < code.Length;)
        {
            short value = code[offset++];
            OpCode operation = Codes[value == 0xFE ? unchecked((short)(0xFE00 | code[offset++])) : value];
            switch (operation.OperandType)
            {
                case OperandType.InlineMethod or OperandType.InlineField:
                    yield return method.Module.ResolveMember(BitConverter.ToInt32(code, offset), typeArguments, methodArguments)!;
                    offset += 4;
                    break;
                case OperandType.InlineSwitch:
                    offset += 4 + (4 * BitConverter.ToInt32(code, offset));
                    break;
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    offset += 1;
                    break;
                case OperandType.InlineVar:
                    offset += 2;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    offset += 8;
                    break;
                default:
                    offset += 4;
                    break;
            }
        }
    }
}
