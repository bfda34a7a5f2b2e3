using System.Diagnostics;
using Metering.Gateway.Inputs;
using Metering.Meters.Profiles;
using Metering.Meters.Registers;

namespace Metering.Gateway.Commands;

/// <summary>What `gateway profiles` says, in both languages.</summary>
internal static class ProfileTexts
{
    internal static readonly Text Name = new("PERFIL", "PROFILE");
    internal static readonly Text Maker = new("FABRICANTE", "MAKER");
    internal static readonly Text MediumTitle = new("MIDE", "MEASURES");
    internal static readonly Text Confidence = new("CERTEZA", "CONFIDENCE");
    internal static readonly Text TrustTitle = new("COMPROBADO", "CHECKED");
    internal static readonly Text Models = new("MODELOS", "MODELS");
    internal static readonly Text Source = new("Fuente", "Source");
    internal static readonly Text Editions = new("Ediciones", "Editions");
    internal static readonly Text Grade = new("Certeza {0}: {1}", "Confidence {0}: {1}");
    internal static readonly Text Checked = new("Comprobado: {0}", "Checked: {0}");
    internal static readonly Text Limits = new("Límites", "Limits");
    internal static readonly Text Alone = new("cada valor en su propia petición", "each value in a request of its own");
    internal static readonly Text AtMost = new("hasta {0} registros por petición", "at most {0} registers a request");
    internal static readonly Text Turnaround = new("tarda {0} en empezar a contestar", "takes {0} to begin its answer");
    internal static readonly Text Timeout = new("hay que darle {0} para contestar", "must be given {0} to answer");
    internal static readonly Text Gap = new("necesita {0} de silencio entre peticiones", "needs {0} of silence between requests");
    internal static readonly Text Hazards = new("NO ESCRIBIR", "DO NOT WRITE");
    internal static readonly Text Told = new("Se reconoce por", "Told by");
    internal static readonly Text Address = new("DIRECCIÓN", "ADDRESS");
    internal static readonly Text Format = new("FORMATO", "FORMAT");
    internal static readonly Text Unit = new("UNIDAD", "UNIT");
    internal static readonly Text Quantity = new("MAGNITUD", "QUANTITY");
    internal static readonly Text Notes = new("NOTAS", "NOTES");
    internal static readonly Text Counter = new("contador", "counter");
    internal static readonly Text Sum = new("suma de {0}", "sum of {0}");
    internal static readonly Text Times = new("por {0}", "times {0}");
    internal static readonly Text Fraction = new("decimales en {0}", "digits behind the point at {0}");
    internal static readonly Text Rollovers = new("vueltas en {0}", "rollovers at {0}");
    internal static readonly Text Status = new("estado en {0}", "status at {0}");
    internal static readonly Text UnitCode = new("unidad en {0}", "unit at {0}");
    internal static readonly Text Exponent = new("punto decimal en {0}", "decimal point at {0}");
    internal static readonly Text Ratio = new("lado secundario: se configura la relación de transformadores", "secondary side: configure the transformer ratio");
    internal static readonly Text Steps = new("pasos de {0} {1} al llegar a {2}", "steps of {0} {1} from {2} on");
    private static readonly Text AtMostPerHour = new("a lo más {0} {1} por hora ({2})", "at most {0} {1} an hour ({2})");

    internal static readonly Text Legend = new(
        "Certeza: A dos fuentes independientes coinciden, B una sola, C la numeración o la escala no está probada. Compare siempre con la pantalla del medidor.",
        "Confidence: A two independent sources agree, B one, C numbering or scale not proven. Always compare with the meter's display.");

    internal static readonly Text NotThere = new("No hay ningún perfil '{0}' en {1}.", "There is no profile '{0}' in {1}.");
    internal static readonly Text Similar = new("¿Quiso decir '{0}'? ", "Did you mean '{0}'? ");
    internal static readonly Text SeeList = new("La lista completa: gateway profiles", "For the whole list: gateway profiles");
    internal static readonly Text NoFolder = new("La carpeta {0} no existe o no tiene perfiles. Indique otra con --profiles.", "The folder {0} does not exist or holds no profile. Name another one with --profiles.");

    internal static Text Of(Medium? medium) => medium switch
    {
        Medium.Energy => new("electricidad", "electricity"),
        Medium.Water => new("agua", "water"),
        Medium.Heat => new("calor", "heat"),
        Medium.Effluent => new("agua residual", "effluent"),
        Medium.Gas => new("gas", "gas"),
        Medium.Air => new("aire comprimido", "compressed air"),
        null => new("-", "-"),
        _ => throw new UnreachableException(),
    };

    internal static Text Of(ProfileTrust trust) => trust switch
    {
        ProfileTrust.Simulated => new("medidor simulado", "simulated meter"),
        ProfileTrust.FromDocument => new("solo con documentos", "against documents only"),
        ProfileTrust.Commissioned => new("con un medidor real", "against a real meter"),
        _ => throw new UnreachableException(),
    };

    /// <summary>What is special about a register, in a few words.</summary>
    internal static IEnumerable<string> NotesOf(RegisterDefinition register, Language language)
    {
        if (register.Kind == Readings.ChannelKind.Counter)
        {
            yield return Counter.In(language);
        }

        if (register.FurtherAddresses.Count > 0)
        {
            yield return Sum.In(language, string.Join(" + ", register.FurtherAddresses.Prepend(register.Address)));
        }

        if (register.Factor != ExactRatio.One)
        {
            yield return Times.In(language, register.Factor);
        }

        (ushort? Address, Text Text)[] parts =
        [
            (register.Fraction?.Address, Fraction), (register.Rollovers?.Address, Rollovers), (register.Status?.Address, Status),
            (register.UnitCode?.Address, UnitCode), (register.Exponent?.Address, Exponent),
        ];
        foreach ((ushort? address, Text text) in parts)
        {
            if (address is ushort place)
            {
                yield return text.In(language, place);
            }
        }

        if (register.Side != TransformerSide.Primary)
        {
            yield return Ratio.In(language);
        }

        if (register.Kind == Readings.ChannelKind.Counter && register.Format == RegisterFormat.Float32 && register.ResolutionAt(LargeTotal) is double step)
        {
            yield return Steps.In(language, step.ToString("0.######", System.Globalization.CultureInfo.InvariantCulture), register.Unit, LargeTotal.ToString("#,0", System.Globalization.CultureInfo.InvariantCulture));
        }

        if (register.MaximumStepsPerHour is long most)
        {
            yield return AtMostPerHour.In(language, FieldNumbers.Text(most, register.Decimals), register.Unit, register.MaximumRateSource ?? "-");
        }

        if (register.Confidence is Confidence own)
        {
            yield return Grade.In(language, own.Grade, own.Reason.In(language));
        }

        if (register.Source is string source)
        {
            yield return source;
        }
    }

    // A total at which the resolution of binary32 is worth a word: a plant of 100 kW reaches it in 14 months.
    private const double LargeTotal = 1_000_000;
}
