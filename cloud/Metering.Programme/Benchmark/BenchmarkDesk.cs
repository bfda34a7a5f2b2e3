using System.Globalization;
using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Programme.Benchmark;

/// <summary>One plant's intensity of a year, with what groups it belongs to.</summary>
/// <param name="Indicator">Name of the indicator.</param>
/// <param name="Year">The year.</param>
/// <param name="Unit">Unit of the value; values of several units are never put together.</param>
/// <param name="Sector">Sector of the plant.</param>
/// <param name="State">State of Mexico of the plant.</param>
/// <param name="Contribution">Plant, version of its answers and value.</param>
internal sealed record BenchmarkValue(string Indicator, int Year, string Unit, string Sector, string State, Contribution Contribution);

/// <summary>A group that is not published, and why.</summary>
/// <param name="Indicator">Name of the indicator.</param>
/// <param name="Year">The year.</param>
/// <param name="Unit">Unit of the values.</param>
/// <param name="Sector">Sector.</param>
/// <param name="State">State; null for all of them.</param>
/// <param name="PlantCount">Plants in it.</param>
/// <param name="Refusal">Why.</param>
internal sealed record RefusedGroup(string Indicator, int Year, string Unit, string Sector, string? State, int PlantCount, BenchmarkRefusal Refusal);

/// <summary>What would be published now.</summary>
/// <param name="Releases">Groups that may be published and are not yet, as they stand.</param>
/// <param name="Refused">Groups that may not.</param>
internal sealed record BenchmarkPlan(IReadOnlyList<BenchmarkRelease> Releases, IReadOnlyList<RefusedGroup> Refused);

/// <summary>
/// Judges the programme's standing groups (sector, then sector and state) against everything that was ever published of the same indicator, year and
/// unit. Nobody outside chooses a group, and what was published stays in the ledger even when its record is withdrawn. Pure.
/// </summary>
internal static class BenchmarkDesk
{
    private const char Separator = '|';

    /// <summary>What may be published now.</summary>
    /// <param name="published">Every release there ever was, withdrawn ones too, the oldest first.</param>
    /// <param name="values">Values of all plants.</param>
    /// <param name="today">Day of publication.</param>
    public static BenchmarkPlan Plan(IReadOnlyList<BenchmarkRelease> published, IReadOnlyList<BenchmarkValue> values, DateOnly today)
    {
        List<BenchmarkRelease> releases = [];
        List<RefusedGroup> refused = [];
        int number = published.Count;
        foreach (IGrouping<(string Indicator, int Year, string Unit), BenchmarkValue> subject in values.GroupBy(value => (value.Indicator, value.Year, value.Unit))
            .OrderBy(group => group.Key.Indicator, StringComparer.Ordinal).ThenBy(group => group.Key.Year).ThenBy(group => group.Key.Unit, StringComparer.Ordinal))
        {
            BenchmarkRelease[] earlier = [.. published.Where(one => (one.Indicator, one.Year, one.Unit) == subject.Key)];
            BenchmarkLedger ledger = BenchmarkLedger.Of(earlier.Select(one => ContributionsOf(one.Contributions)));
            foreach ((string sector, string? state, BenchmarkValue[] group) in Standing(subject))
            {
                Contribution[] contributions = [.. group.Select(value => value.Contribution).OrderBy(one => one.Plant, StringComparer.Ordinal)];
                string lines = Lines(contributions);
                BenchmarkRelease? newest = Array.FindLast(earlier, one => one.Sector == sector && one.State == state);
                if (newest?.Contributions == lines)
                {
                    continue; // told already, word for word
                }

                BenchmarkAnswer answer = ledger.Answer(contributions);
                if (answer.Quartiles is not { } quartiles)
                {
                    refused.Add(new(subject.Key.Indicator, subject.Key.Year, subject.Key.Unit, sector, state, contributions.Length, answer.Refusal!.Value));
                    continue;
                }

                releases.Add(new()
                {
                    Id = string.Create(CultureInfo.InvariantCulture, $"benchmark-{++number:00000}"),
                    Indicator = subject.Key.Indicator, Year = subject.Key.Year, Sector = sector, State = state, Unit = subject.Key.Unit, PublishedOn = today, PlantCount = quartiles.PlantCount,
                    Lower = (decimal)quartiles.Lower, Median = (decimal)quartiles.Median, Upper = (decimal)quartiles.Upper, Contributions = lines,
                });
            }
        }

        return new(releases, refused);
    }

    /// <summary>Every release there ever was, withdrawn ones too, in the order of publication.</summary>
    public static IReadOnlyList<BenchmarkRelease> Published(RegisterSnapshot register) =>
        [.. register.Versions(BenchmarkRelease.Kind).Select(version => (BenchmarkRelease)version.Record).OrderBy(one => one.Id, StringComparer.Ordinal)];

    /// <summary>The newest release of each group that is not withdrawn.</summary>
    public static IReadOnlyList<BenchmarkRelease> Shown(RegisterSnapshot register) =>
    [
        .. register.All<BenchmarkRelease>().GroupBy(one => (one.Indicator, one.Year, one.Unit, one.Sector, one.State)).Select(group => group.MaxBy(one => one.Id, StringComparer.Ordinal)!)
            .OrderBy(one => one.Sector, StringComparer.Ordinal).ThenBy(one => one.State, StringComparer.Ordinal).ThenBy(one => one.Indicator, StringComparer.Ordinal).ThenByDescending(one => one.Year),
    ];

    // The wider groups first: who asks first is served first.
    private static IEnumerable<(string Sector, string? State, BenchmarkValue[] Group)> Standing(IEnumerable<BenchmarkValue> values)
    {
        BenchmarkValue[] all = [.. values];
        foreach (IGrouping<string, BenchmarkValue> sector in all.GroupBy(value => value.Sector, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            yield return (sector.Key, null, [.. sector]);
        }

        foreach (IGrouping<(string Sector, string State), BenchmarkValue> part in all.GroupBy(value => (value.Sector, value.State))
            .OrderBy(group => group.Key.Sector, StringComparer.Ordinal).ThenBy(group => group.Key.State, StringComparer.Ordinal))
        {
            yield return (part.Key.Sector, part.Key.State, [.. part]);
        }
    }

    private static string Lines(Contribution[] contributions) =>
        string.Join('\n', contributions.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Plant}{Separator}{one.Version}{Separator}{one.Value:R}")));

    private static Contribution[] ContributionsOf(string lines) => [.. lines.Split('\n').Select(line =>
    {
        string[] fields = line.Split(Separator);
        return new Contribution(fields[0], int.Parse(fields[1], CultureInfo.InvariantCulture), double.Parse(fields[2], CultureInfo.InvariantCulture));
    })];
}
