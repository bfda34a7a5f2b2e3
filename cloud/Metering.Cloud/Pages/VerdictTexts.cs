using Metering.Cloud.Texts;

namespace Metering.Cloud.Pages;

/// <summary>How a verdict is shown: always a sign and a word, never a colour alone.</summary>
internal static class VerdictTexts
{
    /// <summary>The word.</summary>
    public static Text Word(Verdict verdict) => verdict switch
    {
        Verdict.Saving => Words.VerdictSaving,
        Verdict.NotDistinguishable => Words.VerdictNotDistinguishable,
        Verdict.MoreUse => Words.VerdictMoreUse,
        Verdict.Refused => Words.VerdictRefused,
        _ => Words.VerdictWaiting,
    };

    /// <summary>The word; a saving that two people signed is a verified one.</summary>
    public static Text Word(Verdict verdict, bool isSigned) => isSigned && verdict == Verdict.Saving ? Words.VerdictVerified : Word(verdict);

    /// <summary>The sign before the word.</summary>
    public static string Sign(Verdict verdict) => verdict switch
    {
        Verdict.Saving => "✓",
        Verdict.NotDistinguishable => "≈",
        Verdict.MoreUse => "▲",
        Verdict.Refused => "✕",
        _ => "…",
    };

    /// <summary>The style class.</summary>
    public static string Style(Verdict verdict) => verdict switch
    {
        Verdict.Saving => "verdict good",
        Verdict.NotDistinguishable => "verdict open",
        Verdict.MoreUse => "verdict bad",
        Verdict.Refused => "verdict bad",
        _ => "verdict open",
    };

    /// <summary>The name of a resource.</summary>
    public static Text ResourceName(Resource resource) => resource switch
    {
        Resource.Electricity => Words.Electricity,
        Resource.Water => Words.Water,
        Resource.Gas => Words.Gas,
        _ => Words.Effluent,
    };

    /// <summary>The name of a sector; its word when it is none of the usual ones.</summary>
    public static string SectorName(string sector, Language language) => sector switch
    {
        "tannery" => Words.SectorTannery.In(language),
        "automotive" => Words.SectorAutomotive.In(language),
        "chemical" => Words.SectorChemical.In(language),
        "hospital" => Words.SectorHospital.In(language),
        "hotel" => Words.SectorHotel.In(language),
        _ => ReferenceDataNames.Subject(sector, language),
    };
}
