using Metering.Analytics.Plausibility;

namespace Metering.Cloud.ProgrammePages;

/// <summary>Texts of the portfolio.</summary>
internal static class PortfolioWords
{
    public static readonly Text Title = new("Cartera de proyectos", "Portfolio");
    public static readonly Text Lead = new(
        "Ahorros verificados, medidos, declarados y estimados, cada uno aparte: nunca se suman entre sí.",
        "Verified, measured, claimed and estimated savings, each apart: they are never added to one another.");
    public static readonly Text Totals = new("Totales", "Totals");
    public static readonly Text TotalsNote = new(
        "Verificado: con dos firmas. Medido: con cifra, todavía sin firmas. ± es la mitad del intervalo al 90 %. «Al menos» se cumple con 90 % de probabilidad (P90). 90/10: el intervalo no rebasa 10 % del total.",
        "Verified: with two signatures. Measured: with a figure, not signed yet. ± is half of the 90 % interval. “At least” holds with a probability of 90 % (P90). 90/10: the interval is not wider than 10 % of the total.");
    public static readonly Text LoadNote = new(
        "Carga de DQO: de muestras compuestas y volumen medido, antes y después; abajo se dice cómo, proyecto por proyecto. Emisiones: de electricidad y gas, con el factor del año en que se usaron.",
        "COD load: of composite samples and metered volume, before and after; below it says how, project by project. Emissions: of electricity and gas, with the factor of the year they were used in.");
    public static readonly Text MoneyNote = new(
        "Dinero: ahorro de cada mes por el precio marginal registrado de la planta; un mes sin precio deja al proyecto sin cifra. Dólares: al último tipo de cambio registrado de los tres meses previos.",
        "Money: the saving of each month at the plant's recorded marginal price; a month without a price leaves the project without a figure. Dollars: at the newest recorded rate of the three months before.");
    public static readonly Text Factors = new("Factores de emisión usados", "Emission factors used");
    public static readonly Text FactorsNote = new(
        "Del año en que se usó la energía. Sin factor de ese año no hay cifra de emisiones: nunca se toma el de otro. Gas: gas natural seco en las condiciones de referencia del paquete, poder calorífico por factor del combustible.",
        "Of the year in which the energy was used. Without a factor of that year there is no figure of emissions: that of another year is never taken. Gas: dry natural gas at the pack's reference conditions, heating value times the factor of the fuel.");
    public static readonly Text FactorSource = new("Fuente", "Source");
    public static readonly Text NaturalGas = new("Gas natural", "Natural gas");
    public static readonly Text Kind = new("En", "In");
    public static readonly Text Verified = new("Verificado", "Verified");
    public static readonly Text AtLeast = new("Al menos (P90)", "At least (P90)");
    public static readonly Text Meets = new("90/10", "90/10");
    public static readonly Text Measured = new("Medido, sin firmas", "Measured, not signed");
    public static readonly Text Claimed = new("Declarado", "Claimed");
    public static readonly Text Estimated = new("Estimado por año", "Estimated per year");
    public static readonly Text Counts = new("Con cifra verificada", "With a verified figure");
    public static readonly Text CountOf = new("{0} de {1} proyectos", "{0} of {1} projects");
    public static readonly Text CountOfOne = new("{0} de {1} proyecto", "{0} of {1} project");
    public static readonly Text BySector = new("Por sector", "By sector");
    public static readonly Text ByState = new("Por estado", "By state");
    public static readonly Text ByYear = new("Por año", "By year");
    public static readonly Text NothingVerified = new("Ningún proyecto está verificado todavía: hacen falta las dos firmas y el paso «Verificado».", "No project is verified yet: the two signatures and the step “Verified” are needed.");
    public static readonly Text Plausibility = new("Emisiones declaradas frente a kWh × factor", "Claimed emissions against kWh × factor");
    public static readonly Text NoClaims = new("No hay declaraciones con electricidad y emisiones que comparar.", "There are no claims with electricity and emissions to compare.");
    public static readonly Text Expected = new("Se esperaba", "Expected");
    public static readonly Text Ratio = new("Veces lo esperado", "Times what is expected");
    public static readonly Text DoubleCounting = new("Posible doble conteo", "Possible double counting");
    public static readonly Text NoDoubleCounting = new("Ningún medidor da dos ahorros del mismo recurso en los mismos días.", "No meter gives two savings of one resource for the same days.");
    public static readonly Text OtherProject = new("Otro proyecto", "Other project");
    public static readonly Text SameMeter = new("el mismo medidor: {0}", "the same meter: {0}");
    public static readonly Text Health = new("Salud de los datos", "Data health");
    public static readonly Text Coverage = new("Días que cuentan", "Days that count");
    public static readonly Text LastReading = new("Última lectura", "Last reading");
    public static readonly Text Stale = new("sin lecturas recientes", "no recent readings");
    public static readonly Text Fresh = new("al día", "up to date");
    public static readonly Text Never = new("sin lecturas", "no readings");
    public static readonly Text Calibration = new("Calibraciones vencidas", "Calibrations overdue");
    public static readonly Text NoCalibration = new("Ninguna calibración registrada está vencida.", "No recorded calibration is overdue.");
    public static readonly Text Meter = new("Medidor", "Meter");
    public static readonly Text DueOn = new("Vencía el", "Was due on");
    public static readonly Text NoProjects = new("No hay proyectos con medición todavía.", "There are no metered projects yet.");

    /// <summary>Name of a kind.</summary>
    public static Text Of(PortfolioKind kind) => kind switch
    {
        PortfolioKind.Electricity => new("Electricidad", "Electricity"),
        PortfolioKind.Water => new("Agua", "Water"),
        PortfolioKind.Effluent => new("Descarga de agua", "Effluent"),
        PortfolioKind.Gas => new("Gas", "Gas"),
        PortfolioKind.ReferenceGas => new("Gas, a condiciones de referencia", "Gas, at reference conditions"),
        PortfolioKind.Emissions => new("Emisiones evitadas", "Emissions avoided"),
        PortfolioKind.Pesos => new("Pesos", "Pesos"),
        PortfolioKind.Load => new("Carga de DQO", "COD load"),
        _ => new("Dólares", "Dollars"),
    };

    /// <summary>What a check of a claim found.</summary>
    public static Text Of(PlausibilityKind kind) => kind switch
    {
        PlausibilityKind.Consistent => new("concuerda", "agrees"),
        PlausibilityKind.Differs => new("difiere", "differs"),
        PlausibilityKind.PowerOfTen => new("error de potencia de diez", "off by a power of ten"),
        PlausibilityKind.UnitFactor => new("parece otra unidad", "looks like another unit"),
        PlausibilityKind.SeparatorMisread => new("el punto o la coma separa miles", "the point or comma parts thousands"),
        PlausibilityKind.OtherYear => new("factor de otro año", "factor of another year"),
        PlausibilityKind.CannotBeChecked => new("no se puede comprobar", "cannot be checked"),
        _ => new("sin explicación", "unexplained"),
    };
}
