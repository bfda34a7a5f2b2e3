using Metering.Analytics.CountryPacks;
using Metering.Analytics.Indicators;

namespace Metering.Programme.Assessment;

/// <summary>What a question asks for.</summary>
public enum QuestionKind
{
    /// <summary>An amount of twelve months with its unit, or that it is not used.</summary>
    Amount = 0,

    /// <summary>The product output of the same twelve months; the denominator of every ratio.</summary>
    Output = 1,

    /// <summary>A practice: yes, partly, no, does not apply.</summary>
    Practice = 2,
}

/// <summary>Answer to a question about a practice. A question without an answer has none of these.</summary>
public enum PracticeAnswer
{
    /// <summary>It is done.</summary>
    Yes = 0,

    /// <summary>It is done in part.</summary>
    Partly = 1,

    /// <summary>It is not done.</summary>
    No = 2,

    /// <summary>The plant has nothing it could apply to.</summary>
    DoesNotApply = 3,
}

/// <summary>The loads an assessment gives indicators of.</summary>
public enum AssessedLoad
{
    /// <summary>Energy of all carriers.</summary>
    Energy = 0,

    /// <summary>Electricity alone; part of the energy, with bands of its own.</summary>
    Electricity = 1,

    /// <summary>Water of all sources.</summary>
    Water = 2,

    /// <summary>Wastewater.</summary>
    Wastewater = 3,

    /// <summary>Materials without water and fuels.</summary>
    Materials = 4,

    /// <summary>Waste.</summary>
    Waste = 5,

    /// <summary>Greenhouse gases of fuels and of bought power, by location.</summary>
    GreenhouseGas = 6,
}

/// <summary>One question of the questionnaire.</summary>
public sealed record Question
{
    /// <summary>Identifier, the name of its field.</summary>
    public required string Id { get; init; }

    /// <summary>Sector it is asked in, or <see cref="Questionnaire.CommonSector"/>.</summary>
    public required string Sector { get; init; }

    /// <summary>Part of the form, an id of <see cref="Questionnaire.Parts"/>.</summary>
    public required string Part { get; init; }

    /// <summary>What is asked for.</summary>
    public required QuestionKind Kind { get; init; }

    /// <summary>Units an amount may be stated in; empty for a practice.</summary>
    public required IReadOnlyList<MeasureUnit> Units { get; init; }

    /// <summary>Load an amount belongs to; null for output and practices.</summary>
    public AssessedLoad? Load { get; init; }

    /// <summary>Energy carrier as the tables of factors name it; empty when it is none.</summary>
    public required string Carrier { get; init; }

    /// <summary>The question.</summary>
    public required Text Words { get; init; }

    /// <summary>Why it is asked.</summary>
    public required Text Why { get; init; }

    /// <summary>The row it was read from.</summary>
    public required PackRow Row { get; init; }
}

/// <summary>A named entry: a part of the form or a course module.</summary>
/// <param name="Id">Identifier.</param>
/// <param name="Title">Its title.</param>
/// <param name="Themes">Parts of the form a module treats; empty for a part itself.</param>
public sealed record TitledEntry(string Id, Text Title, IReadOnlyList<string> Themes);

/// <summary>A measure that can be recommended.</summary>
/// <param name="Id">Sector and name, as in the measures catalogue; <c>common.</c> where the catalogue has none.</param>
/// <param name="Resource">Load it acts on; null when it serves them all.</param>
/// <param name="Practice">One of the eight practices of cleaner production, such as <c>on-site-reuse</c>.</param>
/// <param name="Title">Its title.</param>
/// <param name="Effects">Rows of the measures catalogue with the typical reduction and payback; empty when no range is known.</param>
public sealed record MeasureEntry(string Id, AssessedLoad? Resource, string Practice, Text Title, IReadOnlyList<PackRow> Effects);

/// <summary>One condition of a rule: an answer among several, or a load above all bands that apply.</summary>
/// <param name="Question">Question asked; null for a condition on bands.</param>
/// <param name="Answers">Answers that fulfil it.</param>
/// <param name="AboveBands">Load that has to lie above all its bands; null for a condition on an answer.</param>
public sealed record RuleCondition(Question? Question, IReadOnlyList<PracticeAnswer> Answers, AssessedLoad? AboveBands);

/// <summary>A row of the rule table: pattern of answers, measure, course module.</summary>
/// <param name="Id">Identifier.</param>
/// <param name="Sector">Sector it holds in, or common.</param>
/// <param name="Conditions">All have to be fulfilled.</param>
/// <param name="Measure">What is recommended.</param>
/// <param name="Module">Where it is taught.</param>
public sealed record AssessmentRule(string Id, string Sector, IReadOnlyList<RuleCondition> Conditions, MeasureEntry Measure, TitledEntry Module);

/// <summary>The bands of one load in one sector, as ids of the table <c>sector-bands</c>.</summary>
/// <param name="Sector">Sector.</param>
/// <param name="Load">Load.</param>
/// <param name="BandIds">Ids of bands; their rows are dated.</param>
public sealed record BandChoice(string Sector, AssessedLoad Load, IReadOnlyList<string> BandIds);
