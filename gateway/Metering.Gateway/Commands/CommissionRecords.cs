using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Metering.Gateway.Commissioning;
using Metering.Gateway.Configuration;
using Metering.Gateway.Inputs;
using Metering.Meters.Yaml;
using Metering.Readings;
using Metering.Readings.Field;

namespace Metering.Gateway.Commands;

/// <summary>gateway commission list, show and verify.</summary>
internal static class CommissionRecords
{
    private static readonly Text Right = new(es: "La firma es correcta: {0}, acta {1} de {2}.", en: "The signature is right: {0}, record {1} of {2}.");
    private static readonly Text Wrong = new(es: "{0} no es un acta firmada con esa llave: {1}.", en: "{0} is no record signed with that key: {1}.");
    private static readonly Text Difference = new(es: "Carátula {0} {1}, registro {2} {1}: diferencia {3} % ({4} pasos del registro).", en: "Dial {0} {1}, register {2} {1}: difference {3} % ({4} steps of the register).");
    private static readonly Text Counting = new(es: "Entre las dos lecturas el registro subió {0} pasos: cuenta.", en: "Between the two readings the register rose by {0} steps: it counts.");
    private static readonly Text Standing = new(
        es: "Entre las dos lecturas el registro no subió: repita con consumo, o con --wait más largo.",
        en: "Between the two readings the register did not rise: repeat it under load, or with a longer --wait.");

    internal static IEnumerable<Command> Commands(Language language)
    {
        Option<string> config = new("--config") { Description = new Text(es: "Archivo de configuración.", en: "Configuration file.").In(language), Required = true };
        Command list = new("list", new Text(es: "Lista las actas.", en: "List the records.").In(language)) { config };
        list.SetAction(result => List(result.GetValue(config)!, language));
        yield return list;
        Argument<string> file = new("file") { Description = new Text(es: "Acta (archivo .note).", en: "Record (a .note file).").In(language) };
        Command show = new("show", new Text(es: "Muestra un acta.", en: "Show a record.").In(language)) { file };
        show.SetAction(result => Show(result.GetValue(file)!, language));
        yield return show;
        Option<string> key = new("--key") { Description = new Text(es: "Llave pública del gateway.", en: "Public key of the gateway.").In(language), Required = true };
        Command verify = new("verify", new Text(es: "Comprueba la firma de un acta.", en: "Check the signature of a record.").In(language)) { file, key };
        verify.SetAction(result => Verify(result.GetValue(file)!, result.GetValue(key)!, language));
        yield return verify;
    }

    /// <summary>Tells how dial and register compare.</summary>
    internal static void Tell(CommissioningRecord record, Language language, TextWriter talk)
    {
        string percent = record.DifferencePercent?.ToString("0.####", CultureInfo.InvariantCulture) ?? "?";
        string steps = record.DifferenceSteps?.ToString(CultureInfo.InvariantCulture) ?? "?";
        talk.WriteLine(Difference.In(language, Decimal(record.Display), record.Unit, Decimal(new(record.Register, record.Decimals)), percent, steps));
        talk.WriteLine(record.Counts ? Counting.In(language, record.RegisterLater - record.Register) : Standing.In(language));
    }

    private static int List(string configFile, Language language)
    {
        try
        {
            GatewayConfiguration configuration = ConfigurationFile.Load(configFile);
            foreach ((string file, CommissioningRecord record) in new CommissioningFolder(configuration.StateDirectory).All())
            {
                Console.Out.WriteLine(string.Join(
                    '\t', record.Meter, record.Number.ToString(CultureInfo.InvariantCulture), FieldNumbers.Instant(record.At.ToUnixTimeMilliseconds()), record.SerialNumber, record.Profile, file));
            }

            return 0;
        }
        catch (YamlFaultException e)
        {
            return Output.Fail(e.In(language), ExitCode.Configuration);
        }
    }

    private static int Show(string file, Language language) => WithFile(file, language, note =>
    {
        CommissioningRecord record = CommissioningRecord.Read(note);
        Console.Out.Write(record.ToText());
        Tell(record, language, Console.Error);
    });

    private static int Verify(string file, string keyFile, Language language) => WithFile(file, language, note =>
    {
        using ECDsa key = SigningKey.Load(keyFile);
        CommissioningRecord record = CommissioningRecord.Open(note, key);
        Console.Out.WriteLine(Right.In(language, record.Gateway, record.Number, record.Meter));
    });

    private static int WithFile(string file, Language language, Action<byte[]> use)
    {
        try
        {
            use(File.ReadAllBytes(file));
            return 0;
        }
        catch (WireFormatException e)
        {
            return Output.Fail(Wrong.In(language, file, e.Message), 65);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Output.Fail(e.Message, e is IOException ? ExitCode.InputOutput : ExitCode.Permission);
        }
    }

    private static string Decimal(ExactDecimal value) => value.ToDouble().ToString("G15", CultureInfo.InvariantCulture);
}
