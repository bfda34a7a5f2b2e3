using System.Security.Cryptography;
using System.Text;
using Metering.Gateway.Inputs;
using Metering.Readings;
using Metering.Readings.Field;
using Xunit;

namespace Metering.Tests.Inputs;

public sealed class FieldBookTests : IDisposable
{
    private static readonly ReadingRequest Cod = new()
    {
        Channel = "effluent-lab.cod", Value = "1234.5", Unit = "mg/L", At = "2026-03-01T08:00-06:00", Operator = "Ana Ruiz", Method = "NMX-AA-030-SCFI-2012", Note = "muestra compuesta - 6 h",
    };

    private static readonly SwapRequest Swap = new()
    {
        Meter = "mains", Final = "1014.0", Initial = "60001", At = "2026-03-01T08:01:30-06:00", Operator = "Luis", Serial = "A-77", Reason = "display dead",
    };

    private readonly GatewayFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_entry_is_kept_signed_and_read_back_word_for_word()
    {
        string photo = _folder.File("dial.jpg", "not really a photo");
        FieldEntry kept = _folder.Book.Add(Cod with { Photo = photo });
        List<string> faults = [];
        FieldEntry read = Assert.Single(_folder.Book.Entries(faults));
        Assert.Equal(kept, read);
        Assert.Equal((1L, 12_345L, "Ana Ruiz", "muestra compuesta - 6 h"), (read.Number, read.Value, read.Operator, read.Note));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("not really a photo"u8)), read.PhotoHash);
        Assert.Equal("not really a photo", File.ReadAllText(_folder.StateFile("events/photos/" + read.PhotoHash)));
        Assert.Empty(faults);
    }

    [Fact]
    public void An_entry_that_was_edited_is_none()
    {
        _ = _folder.Book.Add(Cod);
        string path = _folder.StateFile("events/00000001.note");
        File.WriteAllText(path, File.ReadAllText(path).Replace("value 12345", "value 12344", StringComparison.Ordinal));
        List<string> faults = [];
        Assert.Empty(_folder.Book.Entries(faults));
        Assert.Contains("BadSignature", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("value", "1,234", 64, "'1,234' se puede leer de dos maneras")]
    [InlineData("value", "12a", 64, "'12a' no es un número")]
    [InlineData("value", "NaN", 64, "'NaN' no es un número")]
    [InlineData("value", "1e3", 64, "'1e3' no es un número")]
    [InlineData("value", "1.23", 65, "'1.23' tiene más decimales que el canal (1)")]
    [InlineData("value", "-1", 65, "-1 mg/L está fuera")]
    [InlineData("value", "20000.1", 65, "20000.1 mg/L está fuera")]
    [InlineData("unit", "g/L", 65, "está en mg/L y usted escribió g/L")]
    [InlineData("at", "2026-03-01T08:00", 64, "no es una fecha con hora y zona")]
    [InlineData("at", "01/03/2026", 64, "no es una fecha con hora y zona")]
    [InlineData("at", "2026-03-01T18:00:01Z", 65, "todavía no llega")]
    [InlineData("at", "2016-03-01T18:00Z", 65, "Revise el año")]
    [InlineData("channel", "effluent-lab.bod", 64, "Los que hay: effluent-lab.cod")]
    [InlineData("operator", " ", 64, "Falta quién tomó el valor")]
    [InlineData("photo", "none.jpg", 64, "No existe la foto none.jpg")]
    public void What_is_wrong_or_ambiguous_is_refused_with_what_to_do(string field, string text, int exitCode, string expected)
    {
        ReadingRequest request = field switch
        {
            "value" => Cod with { Value = text },
            "unit" => Cod with { Unit = text },
            "at" => Cod with { At = text },
            "channel" => Cod with { Channel = text },
            "operator" => Cod with { Operator = text },
            _ => Cod with { Photo = text },
        };
        FieldRefusalException refusal = Assert.Throws<FieldRefusalException>(() => _folder.Book.Add(request));
        Assert.Equal(exitCode, refusal.ExitCode);
        Assert.Contains(expected, refusal.In(Language.Spanish), StringComparison.Ordinal);
        Assert.Empty(_folder.Book.Entries([]));
    }

    [Fact]
    public void A_second_value_for_an_instant_must_be_a_correction_and_a_correction_edits_nothing()
    {
        _ = _folder.Book.Add(Cod);
        string same = Assert.Throws<FieldRefusalException>(() => _folder.Book.Add(Cod with { At = "2026-03-01T14:00Z" })).In(Language.English);
        Assert.Contains("1234.5 mg/L (entry 1)", same, StringComparison.Ordinal);
        _ = Assert.Throws<FieldRefusalException>(() => _folder.Book.Add(Cod with { Corrects = 7 }));
        _ = Assert.Throws<FieldRefusalException>(() => _folder.Book.Add(Cod with { Corrects = 1, At = "2026-03-01T09:00-06:00" }));
        byte[] before = File.ReadAllBytes(_folder.StateFile("events/00000001.note"));
        Assert.Equal(2, _folder.Book.Add(Cod with { Corrects = 1, Value = "1243.5" }).Number);
        Assert.Equal(before, File.ReadAllBytes(_folder.StateFile("events/00000001.note")));
        _ = Assert.Throws<FieldRefusalException>(() => _folder.Book.Add(Cod with { Corrects = 1, Value = "9" }));
        IReadOnlyList<FieldEntry> entries = _folder.Book.Entries([]);
        Assert.Equal((2, 2L), (entries.Count, Assert.Single(FieldEntries.Valid(entries)).Number));
    }

    [Fact]
    public void A_change_of_meter_needs_its_counter_and_registers_it_can_show()
    {
        FieldEntry entry = _folder.Book.Swap(Swap);
        Assert.Equal(("mains.active-energy-import", 10_140L, 600_010L, "A-77"), (entry.Channel, entry.FinalValue, entry.InitialValue, entry.Serial));
        Assert.Contains("recorded already", Refused(Swap), StringComparison.Ordinal);
        Assert.Contains("is no meter", Refused(Swap with { Meter = "tank" }), StringComparison.Ordinal);
        Assert.Contains("counts pulses", Refused(Swap with { Meter = "water-inlet" }), StringComparison.Ordinal);
        Assert.Contains("outside", Refused(Swap with { Initial = "429496729.6", At = "2026-03-01T09:01:30-06:00" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_that_enter_at_the_same_time_get_numbers_of_their_own()
    {
        FieldEntry[] entries = await Task.WhenAll(Enumerable.Range(0, 20).Select(minute => Task.Factory.StartNew(
            () => _folder.Book.Add(Cod with { At = string.Create(null, $"2026-03-01T08:{minute:D2}-06:00") }), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Assert.Equal(Enumerable.Range(1, 20).Select(number => (long)number), entries.Select(entry => entry.Number).Order());
        Assert.Equal(20, _folder.Book.Entries([]).Count);
    }

    [Fact]
    public void An_entry_has_one_spelling()
    {
        FieldEntry entry = _folder.Book.Add(Cod);
        string text = Encoding.ASCII.GetString(entry.ToText());
        Assert.Contains("\noperator Ana%20Ruiz\n", text, StringComparison.Ordinal);
        Assert.Equal(entry, FieldEntry.Parse(Encoding.ASCII.GetBytes(text)));
        foreach (string other in new[] { text.Replace("entry 1", "entry 01", StringComparison.Ordinal), text + "\n", text.Replace("%20", " ", StringComparison.Ordinal), text.Replace("unit mg/L\n", "", StringComparison.Ordinal) })
        {
            _ = Assert.Throws<WireFormatException>(() => FieldEntry.Parse(Encoding.ASCII.GetBytes(other)));
        }
    }

    private string Refused(SwapRequest request) => Assert.Throws<FieldRefusalException>(() => _folder.Book.Swap(request)).In(Language.English);
}
