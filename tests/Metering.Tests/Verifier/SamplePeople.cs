using System.Globalization;
using System.Security.Cryptography;
using Metering.Evidence.Log;
using Metering.Readings;
using Metering.Readings.Field;

namespace Metering.Tests.Verifier;

/// <summary>What people record at the sample's gateway: the counter of pieces read by eye each midnight beside a photo, one reading corrected, two commissioning records.</summary>
internal static class SamplePeople
{
    public const string Channel = "m.made";
    private const string Gateway = SampleBundle.Gateway;
    private const int Corrected = 4;

    /// <summary>Subject of an entry of the counter.</summary>
    public static string SubjectOf(int number) => string.Create(CultureInfo.InvariantCulture, $"manual/{Gateway}/{Channel}/{number}");

    /// <summary>Subject of a commissioning record.</summary>
    public static string CommissioningOf(int number) => string.Create(CultureInfo.InvariantCulture, $"commissioning/{Gateway}/{number}");

    /// <summary>Entries of a batch's readings; the fourth reading was first entered wrong.</summary>
    public static void Add(List<DraftEntry> entries, IEnumerable<Reading> readings, int epoch, ECDsa key)
    {
        foreach (Reading reading in readings)
        {
            int number = entries.Count(entry => entry.Kind == LogEntryKind.Manual) + 1;
            FieldEntry entry = EntryOf(number, epoch, reading.UtcMilliseconds, reading.ScaledValue);
            long utc = reading.UtcMilliseconds + 1_800_000;
            if (number == Corrected)
            {
                entries.Add(SampleBundle.Salted(LogEntryKind.Manual, SubjectOf(number), utc, Sign(entry with { Value = entry.Value + 1 }, key)));
                entry = EntryOf(number + 1, epoch, reading.UtcMilliseconds, reading.ScaledValue) with { Supersedes = number };
            }

            entries.Add(SampleBundle.Salted(LogEntryKind.Manual, SubjectOf((int)entry.Number), utc, Sign(entry, key)));
        }
    }

    /// <summary>The commissioning records of the gateway's meter.</summary>
    public static void AddCommissioning(List<DraftEntry> entries, ECDsa key)
    {
        long utc = entries.Min(entry => entry.Utc);
        for (int number = 1; number <= 2; number++)
        {
            entries.Add(SampleBundle.Salted(LogEntryKind.Commissioning, CommissioningOf(number), utc + (number * 1000L), Record(number).Sign(key)));
        }
    }

    /// <summary>An entry of the counter.</summary>
    public static FieldEntry EntryOf(int number, int epoch, long utcMilliseconds, long value) => new()
    {
        Gateway = Gateway, KeyEpoch = epoch, Number = number, Kind = FieldEntryKind.Reading, Channel = Channel, UtcMilliseconds = utcMilliseconds, Value = value, Unit = "pieces", Decimals = 0,
        EnteredUtcMilliseconds = utcMilliseconds + 60_000, Operator = "Ana Ruiz", Method = "dial", PhotoHash = Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(number))),
    };

    /// <summary>An entry as the gateway signs it.</summary>
    public static byte[] Sign(FieldEntry entry, ECDsa key) => SignedNote.Sign(entry.ToText(), entry.Gateway, key);

    /// <summary>Changes an entry and signs it anew with the gateway's key, as somebody at the gateway can.</summary>
    public static void Change(BundleDraft draft, int number, Func<FieldEntry, FieldEntry> change, ECDsa? key = null)
    {
        DraftEntry logged = draft.Entry(SubjectOf(number));
        FieldEntry entry = FieldRecord.Read(logged.Body).Entry!;
        logged.Body = Sign(change(entry), key ?? draft.GatewayKeys[(Gateway, entry.KeyEpoch)]);
    }

    /// <summary>Erases an entry, as the log does when a person asks for it.</summary>
    public static void Erase(BundleDraft draft, int number)
    {
        int index = draft.IndexOf(SubjectOf(number));
        draft.Entries[index].HasBody = false;
        draft.Entries.Add(new(LogEntryKind.Erasure, "erasure/log/1", draft.Entries[^1].Utc, new Metering.Projects.Statements.ErasureStatement(index, "asked for").ToBytes()));
    }

    /// <summary>What people entered about each channel, as the log of a draft has it.</summary>
    public static IReadOnlyDictionary<ChannelName, IReadOnlyList<FieldEntry>> EntriesOf(BundleDraft draft) => draft.Entries
        .Where(entry => entry is { Kind: LogEntryKind.Manual, IsShown: true, HasBody: true }).Select(entry => FieldRecord.Read(entry.Body).Entry!)
        .GroupBy(entry => new ChannelName(entry.Gateway, entry.Channel)).ToDictionary(group => group.Key, group => (IReadOnlyList<FieldEntry>)[.. group]);

    private static CommissioningRecord Record(int number) => new()
    {
        Gateway = Gateway, Meter = "m", Number = number, Profile = "generic-energy/1", Way = "switchboard 1", At = DateTimeOffset.FromUnixTimeSeconds(1_756_000_000 + number), ClockState = "S",
        SerialNumber = "18342078", Maker = "Ñandú", CertificateDue = new(2028, 1, 31), Channel = "m.use", Unit = "kWh", Decimals = 2, Display = new(100_000, 2), Register = 100_000, RegisterLater = 100_001,
        Photos = [new("seal.jpg", new('a', 64))], Installer = "Luis",
    };
}
