using System.Diagnostics.CodeAnalysis;

namespace Metering.Analytics.Finance;

/// <summary>A result, or every reason why there is none.</summary>
/// <typeparam name="T">Kind of the result.</typeparam>
public sealed class Answer<T>
    where T : class
{
    private Answer(T? value, IReadOnlyList<string> refusals)
    {
        Value = value;
        Refusals = refusals;
    }

    /// <summary>The result; null when it is refused.</summary>
    public T? Value { get; }

    /// <summary>Why there is no result, one sentence in English each; empty when there is one.</summary>
    public IReadOnlyList<string> Refusals { get; }

    /// <summary>Whether there is a result.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool IsGiven => Value is not null;

    internal static Answer<T> Of(T value) => new(value, []);

    internal static Answer<T> Refuse(params IReadOnlyList<string> reasons) => new(null, reasons);
}
