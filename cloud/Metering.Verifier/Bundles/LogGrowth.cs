using Metering.Evidence.Bundle;
using Metering.Evidence.Log;
using Metering.Projects.Statements;
using Metering.Readings;

namespace Metering.Verifier.Bundles;

/// <summary>How the logs of two bundles stand to each other.</summary>
/// <param name="Word">The word that programs read.</param>
/// <param name="Sentence">The words for people, without a full stop.</param>
/// <param name="IsSound">Whether nothing is against the one log continuing the other.</param>
internal sealed record LogGrowth(string Word, Text Sentence, bool IsSound)
{
    private const int LargestNote = 64 * 1024;
    private const int LargestProof = 1024 * 1024;

    /// <summary>What a bundle shows of its log; signatures are not looked at.</summary>
    /// <param name="File">The bundle.</param>
    /// <param name="About">What it is about.</param>
    /// <param name="Own">Its checkpoint.</param>
    internal sealed record Side(BundleFile File, BundleDescription About, Checkpoint Own);

    /// <summary>Reads it.</summary>
    /// <exception cref="WireFormatException">A part has not its form.</exception>
    public static Side SideOf(BundleFile file) =>
        new(file, BundleDescription.Read(file.Read(BundleNames.Description, LargestNote)), Checkpoint.Read(file.Read(BundleNames.Checkpoint, LargestNote)));

    /// <summary>Compares them; the proof is that of the bundle with the larger log.</summary>
    public static LogGrowth Of(Side one, Side other)
    {
        (Side older, Side newer) = one.Own.Size <= other.Own.Size ? (one, other) : (other, one);
        (string from, string to) = (ShownLog.Text(older.Own.Size), ShownLog.Text(newer.Own.Size));
        if (older.Own.Log != newer.Own.Log)
        {
            return new("another", new($"son de registros de transparencia distintos ({older.Own.Log}, {newer.Own.Log})", $"they are of different logs ({older.Own.Log}, {newer.Own.Log})"), IsSound: false);
        }

        LogGrowth forked = new("forked", new($"dos historias distintas: la de {from} entradas no es el principio de la de {to}", $"two different pasts: that of {from} entries is not the beginning of that of {to}"), IsSound: false);
        if (older.Own.Size == newer.Own.Size)
        {
            return older.Own.Root.Span.SequenceEqual(newer.Own.Root.Span) ? new("same", new($"la misma, {to} entradas", $"the same, {to} entries"), IsSound: true) : forked;
        }

        return ShownSizes(newer, older) switch
        {
            true => new("continued", new($"continúa: las {from} entradas del primero son el principio de las {to} (probado)", $"continued: the {from} entries of the older one are the beginning of the {to} (proved)"), IsSound: true),
            false => forked,
            null => new(
                "not-shown",
                new($"no se prueba: el paquete de {to} entradas no muestra el punto de control del otro ({from})", $"not proved: the bundle of {to} entries does not show the checkpoint of the other ({from})"),
                IsSound: true),
        };
    }

    // Whether the newer bundle proves the older one's checkpoint; null when it does not show it.
    private static bool? ShownSizes(Side newer, Side older)
    {
        byte[][] proof = [.. newer.File.Read(BundleNames.Consistency, LargestProof).Chunk(MerkleHash.Length)];
        FaultList faults = new();
        int used = 0;
        foreach (ShownEntry shown in ShownLog.Read(newer.File, faults).Of(LogEntryKind.Bundle, newer.About.Project))
        {
            byte[] body = newer.File.Read(BundleNames.BodyOf(shown.Index), LargestNote);
            Checkpoint checkpoint = Checkpoint.Read(body.AsSpan(body.AsSpan().IndexOf((byte)'\n') + 1));
            (byte[] First, byte[] Second)? roots = checkpoint.Size > newer.Own.Size ? null : MerkleGrowth.Roots(checkpoint.Size, newer.Own.Size, proof, ref used);
            if (checkpoint.Size == older.Own.Size)
            {
                return roots is { } found && newer.Own.Root.Span.SequenceEqual(found.Second) && older.Own.Root.Span.SequenceEqual(found.First);
            }
        }

        return null;
    }
}
