using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Xunit;

namespace Metering.EndToEnd.Tests.BadInput;

public sealed class GatewayReadTests
{
    [Fact]
    public async Task A_closed_port_is_refused_with_69_and_one_json_object()
    {
        Said said = await ReadAsync("--tcp", "127.0.0.1:1", "--unit", "1", "--holding", "0", "--json");
        ExpectError(said.Expect(69, "127.0.0.1:1 refuses connections", "Check in this order: the port and the option Modbus TCP"), "refused");
    }

    [Fact]
    public async Task A_silent_server_is_a_timeout_with_advice()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Said said = await ReadAsync("--tcp", listener.LocalEndpoint.ToString()!, "--unit", "1", "--holding", "0", "--json");
        ExpectError(said.Expect(69, "gave no answer within 500ms", "Check in this order"), "timeout");
    }

    [Theory]
    [InlineData(2, "register 0 does not exist in this model. The wiring is right.", "it is the other table (holding or input)")]
    [InlineData(6, "the device is busy. The wiring is right.", "try again in a minute")]
    [InlineData(10, "it has no line to unit 9. The network is right.", "Check in this order: the unit id, the converter's list of units")]
    [InlineData(11, "unit 9 does not answer it. The network is right.", "Check in this order: the unit id on the meter's display; the cable behind the converter")]
    public async Task An_exception_of_the_device_is_explained(int code, string what, string words)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task answering = AnswerAsync(listener, [0x83, (byte)code]);
        Said said = await ReadAsync("--tcp", listener.LocalEndpoint.ToString()!, "--unit", "9", "--holding", "0", "--timeout", "20s", "--json");
        await answering;
        ExpectError(said.Expect(69, $"exception {code}", what, words), "exception");
    }

    [Fact]
    public async Task Registers_are_numbers_in_one_json_object()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task answering = AnswerAsync(listener, [0x03, 0x04, 0x12, 0x34, 0xFF, 0xFF]);
        Said said = await ReadAsync("--tcp", listener.LocalEndpoint.ToString()!, "--unit", "1", "--holding", "0", "--count", "2", "--timeout", "20s", "--json");
        await answering;
        Assert.Equal("""{"registers":[4660,65535]}""", said.Expect(0).Json().GetRawText());
    }

    [Theory]
    [InlineData("not-found", "does not exist", "/dev/ttyNOTHERE")]
    [InlineData("not-a-serial-port", "is no serial port", "/dev/null")]
    [InlineData("not-a-serial-port", "is no serial port", "/etc/passwd")]
    [InlineData("not-a-serial-port", "/tmp is no serial port", "/tmp")]
    public async Task A_serial_device_that_is_none_is_told(string kind, string words, string device)
    {
        Said said = await ReadAsync("--rtu", device, "--unit", "1", "--holding", "0", "--json");
        ExpectError(said.Expect(69, words, "/dev/serial/by-id"), kind);
    }

    [Theory]
    [InlineData("the count in 1 to 125", "--tcp", "127.0.0.1:1", "--unit", "1", "--holding", "0", "--count", "0")]
    [InlineData("the count in 1 to 125", "--tcp", "127.0.0.1:1", "--unit", "1", "--holding", "0", "--count", "126")]
    [InlineData("The start lies in 0 to 65535", "--tcp", "127.0.0.1:1", "--unit", "1", "--holding", "70000")]
    [InlineData("The unit id lies in 0 to 255", "--tcp", "127.0.0.1:1", "--unit", "256", "--holding", "0")]
    [InlineData("is not HOST:PORT", "--tcp", "nowhere", "--unit", "1", "--holding", "0")]
    [InlineData("Give one of --holding", "--tcp", "127.0.0.1:1", "--unit", "1")]
    [InlineData("has no unit, write 5s", "--tcp", "127.0.0.1:1", "--unit", "1", "--holding", "0", "--timeout", "5")]
    [InlineData("--baud 1200 to 921600", "--rtu", "/dev/null", "--unit", "1", "--holding", "0", "--baud", "300")]
    public async Task A_question_that_cannot_be_asked_is_usage(string words, params string[] arguments)
    {
        Said said = await ReadAsync([.. arguments, "--json"]);
        ExpectError(said.Expect(64, words), "usage");
    }

    [Fact]
    public async Task A_number_that_is_none_is_told_without_the_name_of_a_type() =>
        _ = (await ReadAsync("--tcp", "127.0.0.1:1", "--unit", "one", "--holding", "0")).Expect(64, "Cannot parse argument 'one' for option '--unit': write a whole number.");

    [Fact]
    public async Task An_electrician_in_Mexico_reads_it_in_Spanish()
    {
        Said said = await ReadAsync("--tcp", "127.0.0.1:1", "--unit", "1", "--holding", "0", "--lang", "es", "--json");
        ExpectError(said.Expect(69, "127.0.0.1:1 rechaza la conexión", "Causas probables, en este orden: el puerto es otro (normalmente 502)"), "refused");
    }

    private static Task<Said> ReadAsync(params string[] arguments) => Executable.RunAsync(Executable.Gateway, "/tmp", ["read", .. arguments]);

    private static void ExpectError(Said said, string kind)
    {
        JsonElement error = Assert.Single(said.Json().EnumerateObject(), member => member.Name == "error").Value;
        Assert.Equal(["kind", "message"], error.EnumerateObject().Select(member => member.Name));
        Assert.Equal(kind, error.GetProperty("kind").GetString());
        Assert.Equal(said.Error.TrimEnd(), error.GetProperty("message").GetString());
    }

    // Answers one request by hand: transaction and unit come back as they were sent.
    private static async Task AnswerAsync(TcpListener listener, byte[] pdu)
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(30));
        using TcpClient client = await listener.AcceptTcpClientAsync(deadline.Token);
        byte[] request = new byte[12];
        await client.GetStream().ReadExactlyAsync(request, deadline.Token);
        byte[] reply = [request[0], request[1], 0, 0, 0, (byte)(pdu.Length + 1), request[6], .. pdu];
        await client.GetStream().WriteAsync(reply, deadline.Token);
        _ = await client.GetStream().ReadAsync(request, deadline.Token);
    }
}
