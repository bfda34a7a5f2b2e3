using System.Security.Cryptography;
using System.Text;
using Metering.Readings;
using Metering.Readings.Field;
using Xunit;

namespace Metering.Tests.Contract;

public sealed class FieldRecordTests : IDisposable
{
    private static readonly FieldEntry Entry = new()
    {
        Gateway = "leon", KeyEpoch = 2, Number = 7, Kind = FieldEntryKind.Reading, Channel = "effluent-lab.cod", UtcMilliseconds = 1_732_284_000_000, Value = -5, Unit = "mg/L", Decimals = 1,
        EnteredUtcMilliseconds = 1_732_300_000_000, Operator = "Ana Ruiz", Method = "NMX-AA-030-SCFI-2012", PhotoHash = new('b', 64), Supersedes = 3, Note = "-",
    };

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose() => _key.Dispose();

    [Fact]
    public void An_entry_and_a_change_of_meter_say_whose_they_are()
    {
        byte[] note = Sign(Entry.ToText());
        FieldRecord record = FieldRecord.Read(note);
        Assert.Equal((FieldRecordKind.Manual, "leon", "effluent-lab.cod", 2), (record.Kind, record.Gateway, record.Channel, record.KeyEpoch));
        Assert.Equal(Entry, record.Entry);
        Assert.Equal([true, false], new[] { record.IsOf(note, 2, _key), record.IsOf(note, 1, _key) });
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.False(record.IsOf(note, 2, other));
        FieldEntry swap = Entry with { Kind = FieldEntryKind.Swap, Value = null, FinalValue = null, InitialValue = 4, Serial = "A 77" };
        Assert.Equal(swap, FieldRecord.Read(Sign(swap.ToText())).Entry);
    }

    [Theory]
    [InlineData("entry 7", "entry 07")]
    [InlineData("entry 7", "entry 0")]
    [InlineData("epoch 2", "epoch 0")]
    [InlineData("kind reading", "kind photo")]
    [InlineData("channel effluent-lab.cod", "channel Effluent/lab")]
    [InlineData("gateway leon", "gateway LEON")]
    [InlineData("value -5", "value -")]
    [InlineData("at 1732284000000", "at -1")]
    [InlineData("decimals 1", "decimals 99")]
    [InlineData("decimals 1", "decimals 4294967297")]
    [InlineData("photo bbbb", "photo BBBB")]
    [InlineData("operator Ana%20Ruiz", "operator Ana%20ruiz%2f")]
    [InlineData("operator Ana%20Ruiz", "operator -")]
    [InlineData("note %2D\n", "note %2D\nmore 1\n")]
    [InlineData("supersedes 3", "supersedes 0")]
    public void A_note_in_another_spelling_is_refused(string what, string by) =>
        Assert.Throws<WireFormatException>(() => FieldRecord.Read(Sign(Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(Entry.ToText()).Replace(what, by, StringComparison.Ordinal)))));

    [Fact]
    public void The_longest_things_people_may_write_fit()
    {
        string words = string.Concat(Enumerable.Repeat("𝔸", CommissioningRecord.MaximumTextLength / 2));
        FieldEntry entry = Entry with { Kind = FieldEntryKind.Swap, Value = null, InitialValue = 1, Operator = words, Method = words, Serial = words, Note = words };
        Assert.Equal(entry, FieldRecord.Read(Sign(entry.ToText())).Entry);
        CommissioningRecord record = new()
        {
            Gateway = new('g', 64), Meter = new('m', 64), Number = int.MaxValue, Profile = words, Way = words, At = DateTimeOffset.UnixEpoch, ClockState = "S", SerialNumber = words, Maker = words, AccuracyClass = words,
            Certificate = words, CertificateDue = DateOnly.MaxValue, CurrentTransformer = words, PotentialTransformer = words, KFactor = words, Channel = new('c', 64), Unit = "kWh", Decimals = 2, Display = new(long.MinValue, 2),
            Register = long.MinValue, RegisterLater = long.MaxValue, Photos = [.. Enumerable.Repeat(new PhotoHash(words, new('a', 64)), CommissioningRecord.MaximumPhotos)], Installer = words,
        };
        byte[] note = SignedNote.Sign(Encoding.UTF8.GetBytes(record.ToText()), new('g', 64), _key);
        Assert.InRange(note.Length, GatewayRequest.MaximumLength, FieldRecord.MaximumLength);
        Assert.Equal(record.ToText(), FieldRecord.Read(note).Commissioning!.ToText());
    }

    [Fact]
    public void A_receipt_is_the_clouds_and_about_one_note()
    {
        string hash = FieldRecord.HashOf(Sign(Entry.ToText()));
        foreach (FieldReceiptResult result in Enum.GetValues<FieldReceiptResult>())
        {
            FieldReceipt receipt = new("leon", hash, result);
            byte[] note = receipt.Sign("metering-cloud", _key);
            Assert.Equal(receipt, FieldReceipt.Open(note, "metering-cloud", _key));
            Assert.Equal(FieldReceipt.Header, GatewayRequest.KindOf(note));
            Assert.Throws<WireFormatException>(() => FieldReceipt.Open(note, "other-cloud", _key));
        }
    }

    private byte[] Sign(byte[] text) => SignedNote.Sign(text, "leon", _key);
}
