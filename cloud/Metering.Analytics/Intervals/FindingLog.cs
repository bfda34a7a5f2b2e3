using System.Globalization;

namespace Metering.Analytics.Intervals;

/// <summary>Findings in the order they are made, with a limit.</summary>
internal sealed class FindingLog(int exponent)
{
    private readonly List<IntervalFinding> findings = [];
    private int exponent = exponent;
    private int left;

    /// <summary>Forgets everything, for another register.</summary>
    public void Begin(int decimals)
    {
        exponent = decimals;
        findings.Clear();
        left = 0;
    }

    public void Add(FindingKind kind, long utcMilliseconds, string detail)
    {
        if (findings.Count < IntervalBuilder.MaximumFindings)
        {
            findings.Add(new IntervalFinding(kind, utcMilliseconds, detail));
        }
        else
        {
            left++;
        }
    }

    /// <summary>The register as people read it, with its decimals.</summary>
    public string Text(long register)
    {
        if (exponent == 0)
        {
            return register.ToString(CultureInfo.InvariantCulture);
        }

        long power = DecimalScale.Power(exponent);
        string whole = (register / power).ToString(CultureInfo.InvariantCulture);
        string sign = register < 0 && register > -power ? "-" : "";
        string rest = Math.Abs(register % power).ToString(CultureInfo.InvariantCulture).PadLeft(exponent, '0');
        return $"{sign}{whole}.{rest}";
    }

    public IReadOnlyList<IntervalFinding> Close()
    {
        if (findings.Count == 0)
        {
            return [];
        }

        // Input faults are found in a pass of their own before the state machine runs.
        IntervalFinding[] sorted = [.. findings.OrderBy(finding => finding.UtcMilliseconds)];
        return left == 0
            ? sorted
            : [.. sorted, new IntervalFinding(
                FindingKind.Truncated, sorted[^1].UtcMilliseconds, string.Create(CultureInfo.InvariantCulture, $"{left} more findings are not listed."))];
    }
}
