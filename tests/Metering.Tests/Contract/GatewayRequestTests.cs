using System.Security.Cryptography;
using System.Text;
using Metering.Readings;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Contract;

public sealed class GatewayRequestTests
{
    private static readonly string Hash = new('a', 64);

    [Fact]
    public void A_code_has_a_hundred_bits_and_is_read_as_people_type_it()
    {
        string code = EnrolmentRequest.NewCode();
        Assert.Equal(24, code.Length);
        Assert.Equal(EnrolmentRequest.HashOf(code), EnrolmentRequest.HashOf(" " + code.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant()));
        Assert.Equal(EnrolmentRequest.HashOf("0123-4567-89AB-1111-0000"), EnrolmentRequest.HashOf("O123-4567-89AB-IlIl-oOoO"));
        Assert.Null(EnrolmentRequest.HashOf(code[..^1]));
        Assert.Null(EnrolmentRequest.HashOf("U" + code[1..]));
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => EnrolmentRequest.NewCode()).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Requests_come_back_as_they_were_written()
    {
        using BatchFactory factory = new();
        using ECDsa next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string code = EnrolmentRequest.HashOf(EnrolmentRequest.NewCode())!;
        EnrolmentRequest enrolment = EnrolmentRequest.Open(EnrolmentRequest.Sign(factory.Gateway, code, factory.Key));
        Assert.Equal((factory.Gateway, factory.PublicPem, EnrolmentRequest.ProofOf(factory.Gateway, factory.PublicPem, code)), (enrolment.Gateway, enrolment.PublicKeyPem, enrolment.Proof));
        KeyRotation rotation = new() { Gateway = factory.Gateway, KeyEpoch = 3, Through = 41, Head = Hash, PublicKeyPem = SigningKey.PublicPem(next) };
        Assert.Equal(rotation, KeyRotation.Open(rotation.Sign(factory.Key), factory.Key));
        LostBatches lost = new(factory.Gateway, 2, 12, 30, Hash);
        Assert.Equal(lost, LostBatches.Open(lost.Sign(factory.Key), factory.Key));
        EnrolmentAnswer answer = new(factory.Gateway, Hash, EnrolmentResult.Expired, 0, "-");
        Assert.Equal(answer, EnrolmentAnswer.Open(answer.Sign("cloud", next), "cloud", next));
        string ask = GatewayRequest.NewAsk();
        Assert.Equal(ask, GatewayRequest.ParseStanding(GatewayRequest.AskStanding("g", ask), "g"));
        BatchAck ack = new() { Gateway = "g", KeyEpoch = 1, Through = 0, Head = BatchManifest.NoPrevious, Also = [], Answers = ask };
        Assert.Equal(ask, BatchAck.Open(ack.Sign("cloud", next), "cloud", next).Answers);
        Assert.Throws<WireFormatException>(() => BatchAck.Open((ack with { Answers = "x" }).Sign("cloud", next), "cloud", next));
    }

    [Fact]
    public void The_texts_of_version_1_are_these()
    {
        using BatchFactory factory = new("g");
        string key = Convert.ToBase64String(factory.Key.ExportSubjectPublicKeyInfo());
        KeyRotation rotation = new() { Gateway = "g", KeyEpoch = 3, Through = 41, Head = Hash, PublicKeyPem = factory.PublicPem };
        string proof = EnrolmentRequest.ProofOf("g", factory.PublicPem, Hash);
        byte[] expectedProof = HMACSHA256.HashData(Convert.FromHexString(Hash), Encoding.ASCII.GetBytes("g " + key));
        Assert.Equal(Convert.ToHexStringLower(expectedProof), proof);
        Assert.Equal($"metering/v1/rotate\ngateway g\nepoch 3\nthrough 41\nhead {Hash}\nkey {key}\n", TextOf(rotation.Sign(factory.Key)));
        Assert.Equal($"metering/v1/lost\ngateway g\nepoch 2\nfirst 12\nlast 30\nprevious {Hash}\n", TextOf(new LostBatches("g", 2, 12, 30, Hash).Sign(factory.Key)));
        Assert.Equal($"metering/v1/enrol\ngateway g\nkey {key}\nproof {proof}\n", TextOf(EnrolmentRequest.Sign("g", Hash, factory.Key)));
        Assert.Equal($"metering/v1/enrolment\ngateway g\nrequest {Hash}\nresult wrong-code\nepoch 0\nplant -\n", TextOf(new EnrolmentAnswer("g", Hash, EnrolmentResult.WrongCode, 0, "-").Sign("cloud", factory.Key)));
        Assert.Equal("metering/v1/standing\ngateway g\nask 0123456789abcdef\n", Encoding.ASCII.GetString(GatewayRequest.AskStanding("g", "0123456789abcdef")));
        BatchAck ack = new() { Gateway = "g", KeyEpoch = 1, Through = 4, Head = Hash, Also = [6], Answers = "0123456789abcdef" };
        Assert.Equal($"metering/v1/ack\ngateway g\nepoch 1\nthrough 4\nhead {Hash}\nalso 6\nanswers 0123456789abcdef\n", TextOf(ack.Sign("cloud", factory.Key)));
    }

    [Fact]
    public void Flipped_bits_of_a_request_are_refused()
    {
        using BatchFactory factory = new();
        using ECDsa next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        KeyRotation rotation = new() { Gateway = factory.Gateway, KeyEpoch = 1, Through = 0, Head = BatchManifest.NoPrevious, PublicKeyPem = SigningKey.PublicPem(next) };
        AssertEveryFlipRefused(rotation.Sign(factory.Key), note => KeyRotation.Open(note, factory.Key));
        AssertEveryFlipRefused(new LostBatches(factory.Gateway, 1, 1, 2, Hash).Sign(factory.Key), note => LostBatches.Open(note, factory.Key));
        AssertEveryFlipRefused(EnrolmentRequest.Sign(factory.Gateway, Hash, factory.Key), note => EnrolmentRequest.Open(note));
    }

    [Fact]
    public void A_key_that_signs_for_another_one_is_refused()
    {
        using BatchFactory factory = new();
        using BatchFactory other = new();
        string mine = Encoding.UTF8.GetString(EnrolmentRequest.Sign(factory.Gateway, Hash, factory.Key));
        byte[] text = Encoding.UTF8.GetBytes(mine[..(mine.IndexOf("\n\n", StringComparison.Ordinal) + 1)]);
        Assert.Throws<WireFormatException>(() => EnrolmentRequest.Open(SignedNote.Sign(text, factory.Gateway, other.Key)));
        Assert.Throws<WireFormatException>(() => LostBatches.Open(new LostBatches(factory.Gateway, 1, 2, 1, Hash).Sign(factory.Key), factory.Key));
    }

    private static string TextOf(byte[] note) =>
        SignedNote.TrySplit(note, out int length, out _, out _) ? Encoding.ASCII.GetString(note.AsSpan(0, length)) : throw new ArgumentException("no note", nameof(note));

    private static void AssertEveryFlipRefused(byte[] note, Action<byte[]> open)
    {
        open(note);
        // Every byte, and of each another bit.
        for (int bit = 0; bit < note.Length * 8; bit += 9)
        {
            byte[] flipped = [.. note];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.ThrowsAny<WireFormatException>(() => open(flipped));
        }
    }
}
