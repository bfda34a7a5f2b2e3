using System.Globalization;

namespace Metering.Cloud.Evidence;

/// <summary>Where a report stands in the log: the log up to and with the entry of its result. Printed on the report, so that whoever holds the paper can tell a log with another past.</summary>
/// <param name="Log">Name of the log.</param>
/// <param name="Size">Number of entries.</param>
/// <param name="Root">Root over them, 32 bytes.</param>
internal sealed record LogMark(string Log, long Size, ReadOnlyMemory<byte> Root)
{
    /// <summary>The root as checkpoints write it.</summary>
    public string RootText => Convert.ToBase64String(Root.Span);

    /// <summary>The three lines that a checkpoint of this size begins with (C2SP tlog-checkpoint): what the QR code holds.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"metering/v1/log/{Log}\n{Size}\n{RootText}\n");
}
