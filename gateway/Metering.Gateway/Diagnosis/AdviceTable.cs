using System.Collections.Frozen;

namespace Metering.Gateway.Diagnosis;

/// <summary>
/// Symptom, likely causes in order, what to check on the wire, command to try: as data, in every language. The rows stand in
/// <see cref="LineAdvice"/>, <see cref="AnswerAdvice"/> and <see cref="NetworkAdvice"/>.
/// </summary>
internal static class AdviceTable
{
    private static readonly FrozenDictionary<Symptom, AdviceRow> Rows =
        LineAdvice.Rows.Concat(AnswerAdvice.Rows).Concat(NetworkAdvice.Rows).ToFrozenDictionary(row => row.Symptom);

    /// <summary>Every row.</summary>
    internal static IReadOnlyCollection<AdviceRow> All => Rows.Values;

    /// <summary>The row of a symptom.</summary>
    internal static AdviceRow Of(Symptom symptom) => Rows[symptom];
}
