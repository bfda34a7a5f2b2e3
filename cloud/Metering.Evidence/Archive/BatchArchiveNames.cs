using System.Globalization;
using Metering.Evidence.Chain;
using Metering.Readings;

namespace Metering.Evidence.Archive;

/// <summary>Names of the entries in a batch archive, one spelling each: "batches/{gateway}/{epoch}-{number, 10 digits}.mtr" and "keys/{gateway}-{epoch}.pem".</summary>
public static class BatchArchiveNames
{
    private const string BatchFolder = "batches/";
    private const string KeyFolder = "keys/";
    private const string BatchEnding = ".mtr";
    private const string KeyEnding = ".pem";

    /// <summary>Name of the entry that holds a batch.</summary>
    public static string OfBatch(string gateway, BatchPlace place) =>
        string.Create(CultureInfo.InvariantCulture, $"{BatchFolder}{gateway}/{place.KeyEpoch}-{place.Batch:D10}{BatchEnding}");

    /// <summary>Name of the entry that holds a gateway's public key.</summary>
    public static string OfKey(string gateway, int keyEpoch) =>
        string.Create(CultureInfo.InvariantCulture, $"{KeyFolder}{gateway}-{keyEpoch}{KeyEnding}");

    /// <summary>Reads the name of a batch entry; false for every other name and spelling.</summary>
    public static bool TryParseBatch(string name, out string gateway, out BatchPlace place)
    {
        (gateway, place) = ("", new(0, 0));
        int slash = name.LastIndexOf('/');
        if (slash <= BatchFolder.Length || !name.StartsWith(BatchFolder, StringComparison.Ordinal) || !name.EndsWith(BatchEnding, StringComparison.Ordinal))
        {
            return false;
        }

        string[] numbers = name[(slash + 1)..^BatchEnding.Length].Split('-');
        gateway = name[BatchFolder.Length..slash];
        if (numbers.Length != 2 || !TryParse(numbers[0], out int keyEpoch) || !TryParse(numbers[1], out long batch) || !Identifier.IsValid(gateway))
        {
            return false;
        }

        place = new(keyEpoch, batch);
        return OfBatch(gateway, place) == name;
    }

    /// <summary>Reads the name of a key entry; false for every other name and spelling.</summary>
    public static bool TryParseKey(string name, out string gateway, out int keyEpoch)
    {
        (gateway, keyEpoch) = ("", 0);
        int dash = name.LastIndexOf('-');
        if (dash <= KeyFolder.Length || !name.StartsWith(KeyFolder, StringComparison.Ordinal) || !name.EndsWith(KeyEnding, StringComparison.Ordinal))
        {
            return false;
        }

        gateway = name[KeyFolder.Length..dash];
        return TryParse(name[(dash + 1)..^KeyEnding.Length], out keyEpoch) && Identifier.IsValid(gateway) && OfKey(gateway, keyEpoch) == name;
    }

    private static bool TryParse<T>(string text, out T value)
        where T : struct, System.Numerics.INumber<T> =>
        T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value > T.Zero;
}
