using Metering.Analytics.Intervals;

namespace Metering.Analytics.Validation;

/// <summary>Findings of one check on one channel; neighbours are joined where the check wants it.</summary>
internal sealed class FindingList(ValidationRule rule, string channel)
{
    private readonly List<ValidationFinding> findings = [];

    /// <summary>Adds a finding, up to the limit of a series.</summary>
    public void Add(long from, long to, double value, double limit)
    {
        if (findings.Count < IntervalBuilder.MaximumFindings)
        {
            findings.Add(new ValidationFinding(rule, ValidationLimits.RuleVersion, channel, from, to, value, limit));
        }
    }

    /// <summary>Adds to the finding before when it ends where this begins; the value farther from the limit stands.</summary>
    public void Join(long from, long to, double value, double limit)
    {
        if (findings.Count == 0 || findings[^1].ToUtcMilliseconds != from)
        {
            Add(from, to, value, limit);
            return;
        }

        ValidationFinding before = findings[^1];
        double stands = Math.Abs(value - limit) > Math.Abs(before.Value - limit) ? value : before.Value;
        findings[^1] = before with { ToUtcMilliseconds = to, Value = stands };
    }

    public IReadOnlyList<ValidationFinding> Close() => findings;
}
