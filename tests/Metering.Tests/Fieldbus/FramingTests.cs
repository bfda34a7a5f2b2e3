using Metering.Fieldbus.Modbus;
using Xunit;

namespace Metering.Tests.Fieldbus;

/// <summary>Bytes worked out by hand from the examples of MODBUS Application Protocol V1.1b3.</summary>
public sealed class FramingTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Reading_holding_registers_is_encoded_as_in_clause_6_3()
    {
        Assert.Equal("03006B0003", Encode(ReadRequest.Registers(ModbusTable.HoldingRegisters, 0x006B, 3, Second)));
    }

    [Fact]
    public void Reading_input_registers_is_encoded_as_in_clause_6_4()
    {
        Assert.Equal("0400080001", Encode(ReadRequest.Registers(ModbusTable.InputRegisters, 0x0008, 1, Second)));
    }

    [Fact]
    public void Reading_bits_and_identities_is_encoded_as_in_clauses_6_1_6_2_6_13_and_6_21()
    {
        Assert.Equal("0100130013", Encode(ReadRequest.Bits(ModbusTable.Coils, 0x0013, 19, Second)));
        Assert.Equal("0200C40016", Encode(ReadRequest.Bits(ModbusTable.DiscreteInputs, 0x00C4, 22, Second)));
        Assert.Equal("11", Encode(ReadRequest.Identity(IdentityQuestion.ServerId, Second)));
        Assert.Equal("2B0E0100", Encode(ReadRequest.Identity(IdentityQuestion.Objects(IdentificationAccess.Basic, 0), Second)));
        Assert.Equal("2B0E0380", Encode(ReadRequest.Identity(IdentityQuestion.Objects(IdentificationAccess.Extended, 0x80), Second)));
    }

    // V1.1b3, 6.21, example of a reply without and with more to follow; then cut off, then for other questions.
    [Theory]
    [InlineData("2B0E010100000300", ReadRequest.ReplyIncomplete)]
    [InlineData("2B0E01010000030016436F6D70616E79206964656E74696669636174696F6E011050726F6475637420636F646520585858020556322E3131", 56)]
    [InlineData("2B0E0101FF020200", ReadRequest.ReplyIncomplete)]
    [InlineData("2B0E01010000010001", 10)]
    [InlineData("2B0E0101000001000158FF", 10)]
    [InlineData("2B0E0201000001000158", ReadRequest.ReplyForeign)]
    [InlineData("2B0D", ReadRequest.ReplyForeign)]
    [InlineData("AB01", ReadRequest.ReplyForeign)]
    [InlineData("2B0E01010000FF00F5", ReadRequest.ReplyForeign)]
    [InlineData("2B0E01010000FF00F8", ReadRequest.ReplyForeign)]
    public void The_length_of_an_identification_is_found_in_its_objects(string hex, int expected)
    {
        ReadRequest request = ReadRequest.Identity(IdentityQuestion.Objects(IdentificationAccess.Basic, 0), Second);
        byte[] pdu = Convert.FromHexString(hex);
        Assert.Equal(expected, request.FindReplyLength(pdu));
    }

    [Fact]
    public void A_TCP_header_carries_transaction_protocol_length_and_unit()
    {
        byte[] header = new byte[MbapFrame.HeaderLength];
        MbapFrame.WriteHeader(header, 0x1501, ReadRequest.MaximumPduLength, 0xFF);
        Assert.Equal([0x15, 0x01, 0x00, 0x00, 0x00, 0x06, 0xFF], header);
    }

    [Theory]
    [InlineData("0001", MbapFrame.Incomplete)]
    [InlineData("00010000000601030000000", MbapFrame.Incomplete)]
    [InlineData("000100000006010300000001", 12)]
    [InlineData("00010001000601030000", MbapFrame.Malformed)]
    [InlineData("000100000001", MbapFrame.Malformed)]
    [InlineData("0001000000FF", MbapFrame.Malformed)]
    [InlineData("0001000000FE", MbapFrame.Incomplete)]
    [InlineData("000100000002", MbapFrame.Incomplete)]
    public void The_length_of_a_TCP_frame_is_2_to_254_and_its_protocol_is_0(string hex, int expected) =>
        Assert.Equal(expected, MbapFrame.FindLength(Convert.FromHexString(hex[..(hex.Length / 2 * 2)])));

    [Theory]
    [InlineData("030068000300", 0x83, 3)] // too long
    [InlineData("0300680000", 0x83, 3)] // no registers
    [InlineData("030068007E", 0x83, 3)] // 126 registers
    [InlineData("03FFFF0002", 0x83, 2)] // runs past 65535
    [InlineData("01000007D1", 0x81, 3)] // 2001 bits
    [InlineData("0600010003", 0x86, 1)] // writing is not offered
    [InlineData("2B0E0100", 0xAB, 1)]
    public void The_server_answers_what_it_cannot_do_with_an_exception(string request, int function, int code)
    {
        byte[] response = new byte[ServerPdu.MaximumLength];
        int length = new ServerPdu(new AddressDevice(), new ModbusServerCounters(), new Lock()).Answer(1, Convert.FromHexString(request), response);
        Assert.Equal(2, length);
        Assert.Equal([(byte)function, (byte)code], response[..2]);
    }

    [Theory]
    [InlineData("03006B0003", "0306022B00000064")] // 6.3
    [InlineData("0400080001", "0402000A")] // 6.4
    [InlineData("0100130013", "0103CD6B05")] // 6.1
    [InlineData("0200C40016", "0203ACDB35")] // 6.2
    public void The_server_answers_the_examples_of_clause_6(string request, string response)
    {
        byte[] buffer = new byte[ServerPdu.MaximumLength];
        int length = new ServerPdu(new ExampleDevice(), new ModbusServerCounters(), new Lock()).Answer(1, Convert.FromHexString(request), buffer);
        Assert.Equal(response, Convert.ToHexString(buffer.AsSpan(0, length)));
    }

    [Fact]
    public void A_device_that_throws_is_answered_with_exception_4()
    {
        byte[] response = new byte[ServerPdu.MaximumLength];
        ModbusServerCounters counters = new();
        ServerPdu pdu = new(new BrokenDevice(), counters, new Lock());
        Assert.Equal(2, pdu.Answer(1, Convert.FromHexString("03006B0003"), response));
        Assert.Equal([0x83, 4], response[..2]);
        Assert.Equal(1, counters.DeviceFaults);
    }

    [Theory]
    [InlineData(ModbusTable.Coils, 0, 1)]
    [InlineData(ModbusTable.HoldingRegisters, 0, 0)]
    [InlineData(ModbusTable.HoldingRegisters, 0, 126)]
    [InlineData(ModbusTable.InputRegisters, 65535, 2)]
    public void A_request_no_device_can_answer_is_the_callers_fault(ModbusTable table, int start, int count)
    {
        using TcpTransport transport = new("127.0.0.1", 502, new TcpTransportOptions());
        ushort[] values = new ushort[count];
        Assert.ThrowsAny<ArgumentException>(() => transport.Exchange(1, table, (ushort)start, values, TimeSpan.FromSeconds(1)));
        Assert.Equal(0, transport.Counters.Connections);
    }

    [Fact]
    public void Outcomes_have_words()
    {
        Assert.Equal("no answer in time", ModbusOutcomeText.Describe(new ModbusReply(ModbusOutcome.Timeout, 0)));
        Assert.Contains("no such register", ModbusOutcomeText.Describe(new ModbusReply(ModbusOutcome.Exception, 2)), StringComparison.Ordinal);
        Assert.Contains("200", ModbusOutcomeText.DescribeException(200), StringComparison.Ordinal);
    }

    private static string Encode(ReadRequest request)
    {
        byte[] pdu = new byte[ReadRequest.MaximumPduLength];
        return Convert.ToHexString(pdu.AsSpan(0, request.Encode(pdu)));
    }

    // The registers and bits of the examples in clauses 6.1 to 6.4.
    private sealed class ExampleDevice : IModbusDevice
    {
        private static readonly byte[] Coils = [0xCD, 0x6B, 0x05];
        private static readonly byte[] Inputs = [0xAC, 0xDB, 0x35];

        public ModbusAnswer Read(byte unit, ModbusTable table, ushort start, Span<ushort> destination)
        {
            for (int index = 0; index < destination.Length; index++)
            {
                destination[index] = table switch
                {
                    ModbusTable.Coils => (ushort)((Coils[index / 8] >> (index % 8)) & 1),
                    ModbusTable.DiscreteInputs => (ushort)((Inputs[index / 8] >> (index % 8)) & 1),
                    ModbusTable.HoldingRegisters => index switch { 0 => 0x022B, 1 => 0x0000, _ => 0x0064 },
                    _ => 0x000A,
                };
            }

            return ModbusAnswer.Ok;
        }
    }

    private sealed class BrokenDevice : IModbusDevice
    {
        public ModbusAnswer Read(byte unit, ModbusTable table, ushort start, Span<ushort> destination) => throw new InvalidOperationException("broken");
    }
}
