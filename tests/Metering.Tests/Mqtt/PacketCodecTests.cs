using Metering.Mqtt;
using Metering.Mqtt.Packets;
using Xunit;

namespace Metering.Tests.Mqtt;

/// <summary>Bytes worked out by hand from the tables of MQTT 5.0, chapters 1 to 3.</summary>
public sealed class PacketCodecTests
{
    [Fact]
    public void Connect_with_will_and_properties_has_the_bytes_of_the_standard()
    {
        MqttClientOptions options = new()
        {
            Host = "h",
            Port = 1883,
            ClientId = "g1",
            UserName = "u",
            Password = "p",
            SessionExpiry = TimeSpan.FromHours(1),
            Will = new MqttWill { Topic = "s", Payload = new byte[] { 1, 2 }, Retain = true, Delay = TimeSpan.FromSeconds(5) },
        };

        string expected = "10 2F"
            + "0004 4D515454 05 EC 001E"                        // name, version, flags: user, password, will retain, will QoS 1, will; 30 s
            + "0D 11 00000E10 21 0064 27 00100000"              // session expiry 3600, receive maximum 100, maximum packet size 1 MiB
            + "0002 6731"                                       // g1
            + "05 18 00000005 0001 73 0002 0102"                // will: delay 5, topic s, payload
            + "0001 75 0001 70";                                // u, p
        Assert.Equal(Hex.Plain(expected), Encoded(buffer => PacketEncoder.Connect(buffer, options)));
    }

    [Fact]
    public void Smallest_connect_carries_no_more_than_the_packet_size()
    {
        MqttClientOptions options = new() { Host = "h", Port = 1, ClientId = "c", CleanStart = true, ReceiveMaximum = 65535, KeepAlive = TimeSpan.FromSeconds(1) };
        Assert.Equal(Hex.Plain("10 13 0004 4D515454 05 02 0001 05 27 00100000 0001 63"), Encoded(buffer => PacketEncoder.Connect(buffer, options)));
    }

    [Fact]
    public void Publish_packets_have_the_bytes_of_the_standard()
    {
        PublishHeader reliable = new("a/b", 3, MqttQoS.AtLeastOnce, Retain: true, Duplicate: true);
        Assert.Equal(Hex.Plain("3B 0A 0003 612F62 000A 00 6869"), Encoded(buffer => PacketEncoder.Publish(buffer, reliable, 10, "hi"u8)));

        PublishHeader plain = new("a/b", 3, MqttQoS.AtMostOnce, Retain: false, Duplicate: false);
        Assert.Equal(Hex.Plain("30 08 0003 612F62 00 6869"), Encoded(buffer => PacketEncoder.Publish(buffer, plain, 0, "hi"u8)));
        Assert.Equal(10, PacketEncoder.PublishSize(3, 2, MqttQoS.AtMostOnce));
        Assert.Equal(12, PacketEncoder.PublishSize(3, 2, MqttQoS.AtLeastOnce));
        Assert.Equal(1 + 2 + 128, PacketEncoder.PublishSize(3, 128 - 6, MqttQoS.AtMostOnce));
    }

    [Fact]
    public void Small_packets_have_the_bytes_of_the_standard()
    {
        Assert.Equal("4002000A", Encoded(buffer => PacketEncoder.PubAck(buffer, 10)));
        Assert.Equal(Hex.Plain("82 09 0001 00 0003 612F23 01"), Encoded(buffer => PacketEncoder.Subscribe(buffer, 1, "a/#", MqttQoS.AtLeastOnce)));
        Assert.Equal("C000", Encoded(PacketEncoder.PingReq));
        Assert.Equal("E000", Encoded(buffer => PacketEncoder.Disconnect(buffer, MqttReasonCode.Success)));
        Assert.Equal("E00181", Encoded(buffer => PacketEncoder.Disconnect(buffer, MqttReasonCode.MalformedPacket)));
    }

    [Fact]
    public void Acknowledgements_are_read_in_their_short_and_long_forms()
    {
        Assert.Equal(new ReceivedAck(10, MqttReasonCode.Success, null), PacketDecoder.PubAck(Hex.Bytes("000A")));
        Assert.Equal(new ReceivedAck(10, MqttReasonCode.NoMatchingSubscribers, null), PacketDecoder.PubAck(Hex.Bytes("000A 10")));
        Assert.Equal(new ReceivedAck(10, MqttReasonCode.NotAuthorized, null), PacketDecoder.PubAck(Hex.Bytes("000A 87 00")));
        Assert.Equal(new ReceivedAck(10, MqttReasonCode.NotAuthorized, "den?ed"), PacketDecoder.PubAck(Hex.Bytes("000A 87 09 1F 0006 64656E0A6564")));
        Assert.Equal(new ReceivedAck(7, MqttReasonCode.GrantedQoS1, null), PacketDecoder.SubAck(Hex.Bytes("0007 00 01")));
        Assert.Equal(new ReceivedAck(0, MqttReasonCode.Success, null), PacketDecoder.Disconnect([]));
        Assert.Equal(new ReceivedAck(0, MqttReasonCode.SessionTakenOver, null), PacketDecoder.Disconnect(Hex.Bytes("8E 00")));
    }

    [Fact]
    public void Connack_properties_are_read()
    {
        MqttConnectResult result = PacketDecoder.ConnAck(Hex.Bytes(
            "01 00 26 21 0014 22 000A 24 01 25 00 27 00010000 13 003C 11 FFFFFFFF 28 00 2A 00 1F 0001 21 26 0001 61 0001 62"));
        Assert.True(result.SessionPresent);
        Assert.Equal(20, result.ReceiveMaximum);
        Assert.Equal(1, result.MaximumQoS);
        Assert.False(result.RetainAvailable);
        Assert.Equal(65536, result.MaximumPacketSize);
        Assert.Equal(TimeSpan.FromMinutes(1), result.ServerKeepAlive);
        Assert.Equal(TimeSpan.MaxValue, result.SessionExpiry);
        Assert.False(result.WildcardSubscriptionAvailable);
        Assert.False(result.SharedSubscriptionAvailable);
        Assert.Equal("!", result.ReasonString);
    }

    [Theory]
    [InlineData(0, "00")]
    [InlineData(127, "7F")]
    [InlineData(128, "8001")]
    [InlineData(16_383, "FF7F")]
    [InlineData(16_384, "808001")]
    [InlineData(2_097_151, "FFFF7F")]
    [InlineData(2_097_152, "80808001")]
    [InlineData(268_435_455, "FFFFFF7F")]
    public void Variable_byte_integers_match_the_table_of_the_standard(int value, string bytes)
    {
        Span<byte> written = stackalloc byte[4];
        int length = VariableByteInteger.Write(written, value);
        Assert.Equal(bytes, Convert.ToHexString(written[..length]));
        Assert.Equal(length, VariableByteInteger.LengthOf(value));
        Assert.Equal(length, VariableByteInteger.TryRead(Convert.FromHexString(bytes), out int read));
        Assert.Equal(value, read);
        Assert.Equal(0, VariableByteInteger.TryRead(written[..(length - 1)], out _));
    }

    [Theory]
    [InlineData("8080808001")]      // a fifth byte
    [InlineData("8000")]            // longer than needed
    [InlineData("FFFFFFFF")]
    public void Wrong_variable_byte_integers_are_refused(string bytes) =>
        Assert.Equal(-1, VariableByteInteger.TryRead(Convert.FromHexString(bytes), out _));

    [Theory]
    [InlineData("20 03 02 00 00")]                  // CONNACK flags
    [InlineData("20 03 01 87 00")]                  // session present with a refusal
    [InlineData("20 09 00 00 06 21 0001 21 0001")]  // a property twice
    [InlineData("20 06 00 00 03 21 0000")]          // receive maximum zero
    [InlineData("20 06 00 00 03 23 0001")]          // a property of another packet
    [InlineData("20 05 00 00 02 24 02")]            // maximum QoS 2
    [InlineData("20 05 00 00 05 21 00")]            // property block longer than the packet
    [InlineData("20 04 00 00 00 00")]               // bytes left over
    [InlineData("21 03 00 00 00")]                  // reserved bits
    [InlineData("36 06 0001 61 0001 00")]           // QoS 3
    [InlineData("34 06 0001 61 0001 00")]           // QoS 2
    [InlineData("38 04 0001 61 00")]                // DUP at QoS 0
    [InlineData("30 04 0001 23 00")]                // wildcard in a name
    [InlineData("30 03 0000 00")]                   // empty name
    [InlineData("30 04 0001 00 00")]                // zero character
    [InlineData("30 05 0002 C080 00")]              // not UTF-8
    [InlineData("30 07 0001 61 03 23 0001")]        // topic alias
    [InlineData("32 06 0001 61 0000 00")]           // identifier zero
    [InlineData("30 03 0001 61")]                   // no property length
    [InlineData("40 02 00 00")]                     // identifier zero
    [InlineData("40 01 00")]
    [InlineData("90 03 0001 00")]                   // SUBACK without a code
    [InlineData("90 05 0001 00 00 00")]             // SUBACK with two
    public void Wrong_packets_are_refused_with_a_protocol_error(string packet)
    {
        MqttException fault = Assert.Throws<MqttException>(() => PacketFuzzTests.Decode(Hex.Bytes(packet), 1024));
        Assert.Equal(MqttErrorKind.ProtocolError, fault.Kind);
        Assert.False(fault.IsTransient);
    }

    [Fact]
    public void A_packet_above_the_announced_size_is_refused_on_its_header()
    {
        MqttException fault = Assert.Throws<MqttException>(() => PacketFuzzTests.Decode(Hex.Bytes("30 FFFFFF7F"), 1024));
        Assert.Equal(MqttReasonCode.PacketTooLarge, fault.ReasonCode);
    }

    private static string Encoded(Action<SendBuffer> write)
    {
        SendBuffer buffer = new();
        write(buffer);
        return Convert.ToHexString(buffer.Written.Span);
    }
}
