using Metering.Analytics.Acceptance;
using Metering.Analytics.Baselines;
using Metering.Analytics.Events;
using Metering.Analytics.Savings;
using Metering.Cloud.Texts;

namespace Metering.Cloud.Commands;

/// <summary>An event as it is told: what was proposed or decided, and what came of it.</summary>
/// <param name="Event">The event.</param>
/// <param name="Decision">The person's decision; null for a proposal.</param>
/// <param name="Size">Size estimated with the model; null when it was not adjusted for.</param>
internal sealed record ToldEvent(EventProposal Event, EventDecision? Decision, AdjustmentSize? Size);

/// <summary>A reason or a note: its name, which is the same in every language, and a sentence.</summary>
internal sealed record ToldReason(string Name, string Spanish, string English)
{
    /// <summary>A reason of analytics; where its sentence is in English only, the general sentence of its kind stands for it.</summary>
    public static ToldReason Of(Reason reason) =>
        new(CsvNames.Kebab(reason.Kind), reason.OfRows() ?? ReasonTexts.Of(reason.Kind).In(Language.Spanish), reason.Detail);

    /// <summary>Name, colon, sentence.</summary>
    public string In(Language language) => $"{Name}: {(language == Language.Spanish ? Spanish : English)}";
}

/// <summary>What is answered: a result, or reasons.</summary>
internal sealed record SavingsAnswer(SavingsResult? Result, IReadOnlyList<ToldReason> Reasons, IReadOnlyList<ToldReason> Warnings)
{
    /// <summary>The saving without adjustments; the result itself when nothing was adjusted.</summary>
    public SavingsResult? WithoutEvents { get; init; }

    /// <summary>Events, proposed or decided.</summary>
    public IReadOnlyList<ToldEvent> Events { get; init; } = [];

    /// <summary>The acceptance tables.</summary>
    public IReadOnlyList<AcceptanceTest> Tests { get; init; } = [];

    /// <summary>What a project on this baseline could have shown; null for models without a baseline of their own.</summary>
    public MinimumDetectable? Detectable { get; init; }

    public static SavingsAnswer Of(SavingsOutcome outcome, IReadOnlyList<ToldEvent> events)
    {
        SavingsResult? result = outcome.Result;
        bool isOwn = result is { Kind: SavingsKind.Avoided } && result.Fit.Model is ModelKind.Ols or ModelKind.Mean or ModelKind.ChangePoint;
        return new SavingsAnswer(result, [.. outcome.Reasons.Select(ToldReason.Of)], [.. outcome.Warnings.Select(ToldReason.Of)])
        {
            WithoutEvents = outcome.WithoutEvents ?? result,
            Events = [.. events.Select(told => told with { Size = Size(told, result) })],
            Tests = result is null ? [] : SavingsAcceptance.Of(result),
            Detectable = isOwn ? MinimumDetectable.Of(result!.Fit, result.MeteredByRow.Count, result.Confidence) : null,
        };
    }

    public static SavingsAnswer Unreadable(CsvException fault) => new(null, [new("unreadable", fault.In(Language.Spanish), fault.Message)], []);

    private static AdjustmentSize? Size(ToldEvent told, SavingsResult? result) => told.Decision?.Kind is EventDecisionKind.ProjectEffect or EventDecisionKind.DataFault
        ? null
        : result?.Adjustments.FirstOrDefault(size => size.Adjustment.Period.StartUtcMilliseconds == told.Event.FromUtcMilliseconds
            && (told.Event.ToUtcMilliseconds is not { } to || size.Adjustment.Period.EndUtcMilliseconds == to));
}
