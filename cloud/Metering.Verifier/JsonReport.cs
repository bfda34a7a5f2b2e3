using System.Text.Json;
using Metering.Evidence.Archive;

namespace Metering.Verifier;

/// <summary>The report for programs.</summary>
internal static class JsonReport
{
    /// <summary>{"error":{"kind","message"}}: there is nothing to report on; with "code" where the form of a bundle is at fault.</summary>
    public static string OfError(string kind, string message, string? code = null) => code is null
        ? JsonSerializer.Serialize(new { error = new { kind, message } }, JsonSerializerOptions.Web)
        : JsonSerializer.Serialize(new { error = new { kind, code, message } }, JsonSerializerOptions.Web);

    /// <summary>{"verdict","trusted","gateways":[{"gateway","epoch","keyFingerprint","trusted","batches","readings","firstUtc","lastUtc","faultCount","faults":[{"batch","kind","message"}]}]}.</summary>
    public static string Of(ArchiveReport report) => JsonSerializer.Serialize(
        new
        {
            verdict = report.Verdict switch
            {
                ArchiveVerdict.Verified => "verified",
                ArchiveVerdict.Consistent => "consistent",
                ArchiveVerdict.Mismatch => "mismatch",
                _ => throw new System.Diagnostics.UnreachableException(),
            },
            trusted = report.Verdict == ArchiveVerdict.Verified,
            gateways = report.Gateways.Select(gateway => new
            {
                gateway = gateway.Gateway,
                epoch = gateway.KeyEpoch,
                keyFingerprint = gateway.KeyFingerprint,
                trusted = gateway.IsTrusted,
                batches = gateway.Batches,
                readings = gateway.Readings,
                firstUtc = gateway.FirstUtc,
                lastUtc = gateway.LastUtc,
                faultCount = gateway.FaultCount,
                faults = gateway.Faults.Select(fault => new { batch = fault.Batch, kind = JsonNamingPolicy.CamelCase.ConvertName(fault.Kind.ToString()), message = fault.Message }),
            }),
        },
        JsonSerializerOptions.Web);
}
