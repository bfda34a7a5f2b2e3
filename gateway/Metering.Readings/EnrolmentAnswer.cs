using System.Security.Cryptography;
using System.Text;

namespace Metering.Readings;

/// <summary>What became of a gateway's enrolment by code.</summary>
public enum EnrolmentResult
{
    /// <summary>The key is known now, or was before.</summary>
    Enrolled,

    /// <summary>There is no code for this gateway, or it is another one.</summary>
    WrongCode,

    /// <summary>The code is too old.</summary>
    Expired,

    /// <summary>The code has enrolled another key already.</summary>
    Used,

    /// <summary>Too many wrong codes came for this gateway; the code is dead.</summary>
    Locked,
}

/// <summary>The cloud's signed answer to an <see cref="EnrolmentRequest"/>.</summary>
/// <param name="Gateway">The gateway spoken to.</param>
/// <param name="Request">SHA-256 of the request's note, lower-case hexadecimal.</param>
/// <param name="Result">What became of it.</param>
/// <param name="KeyEpoch">Epoch of the key; 0 when it is not enrolled.</param>
/// <param name="Plant">Plant the code was made for; "-" when it is not enrolled.</param>
public sealed record EnrolmentAnswer(string Gateway, string Request, EnrolmentResult Result, int KeyEpoch, string Plant)
{
    private const string Header = "metering/v1/enrolment";
    private static readonly string[] Words = ["enrolled", "wrong-code", "expired", "used", "locked"];

    /// <summary>Writes and signs the answer.</summary>
    public byte[] Sign(string cloud, ECDsa key) => SignedNote.Sign(Encoding.ASCII.GetBytes(ToText()), cloud, key);

    /// <summary>Reads an answer and checks its signature.</summary>
    /// <exception cref="WireFormatException">Not an answer, or not signed by this cloud.</exception>
    public static EnrolmentAnswer Open(ReadOnlySpan<byte> note, string cloud, ECDsa key)
    {
        ReadOnlySpan<byte> text = GatewayRequest.TextOf(note, cloud, key);
        CanonicalLines lines = new(text);
        lines.Literal(Header);
        EnrolmentAnswer answer = new(
            CanonicalLines.Id(lines.Field("gateway"u8), "gateway"),
            CanonicalLines.Hash(lines.Field("request"u8), "request"),
            (EnrolmentResult)Array.IndexOf(Words, CanonicalLines.Text(lines.Field("result"u8), "result")),
            CanonicalLines.Count(lines.Field("epoch"u8), "epoch", int.MaxValue),
            CanonicalLines.Text(lines.Field("plant"u8), "plant"));
        return Enum.IsDefined(answer.Result) && Encoding.ASCII.GetBytes(answer.ToText()).AsSpan().SequenceEqual(text)
            ? answer
            : throw new WireFormatException("the answer is not in canonical form");
    }

    private string ToText() => GatewayRequest.Text($"{Header}\ngateway {Gateway}\nrequest {Request}\nresult {Words[(int)Result]}\nepoch {KeyEpoch}\nplant {Plant}\n");
}
