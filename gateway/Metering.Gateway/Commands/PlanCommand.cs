using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Metering.Gateway.Configuration;
using Metering.Gateway.Polling;
using Metering.Gateway.Status;
using Metering.Meters.Yaml;

namespace Metering.Gateway.Commands;

/// <summary>gateway plan: what each bus asks, how long it should take and, from a gateway that runs, how long it took.</summary>
internal static class PlanCommand
{
    private const double MillisecondsPerSecond = 1000;

    private static readonly Text Heading = new(es: "{0}: plan de lectura de {1} canales", en: "{0}: plan of reading for {1} channels");
    private static readonly Text BusLineText = new(es: "bus {0} en {1}: {2} medidores, ocupado {3} %", en: "bus {0} at {1}: {2} meters, busy {3} %");
    private static readonly Text RateText = new(
        es: "  cada {0}: {1} consultas, {2} registros, {3} ms previstos",
        en: "  every {0}: {1} requests, {2} registers, {3} ms predicted");

    private static readonly Text ActualText = new(
        es: ", medidos: último {0} ms, mediana {1} ms, p99 {2} ms, máximo {3} ms; {4} vueltas incompletas",
        en: ", measured: last {0} ms, median {1} ms, p99 {2} ms, longest {3} ms; {4} slots missed");

    private static readonly Text DeadText = new(
        es: "  con un medidor sin respuesta: {0} ms por vuelta hasta la tercera, después se le pregunta solo de vez en cuando",
        en: "  with one meter that does not answer: {0} ms a slot until the third, then it is asked only now and then");

    private static readonly Text TooMuch = new(
        es: "AVISO: el bus {0} necesita {1} s y su intervalo es de {2} s. Elija un intervalo más largo, una velocidad mayor o reparta los medidores en otro bus.",
        en: "WARNING: bus {0} needs {1} s, its interval is {2} s. Choose a longer interval, a higher speed, or put some meters on another bus.");

    private static readonly Text DeadTooMuch = new(
        es: "AVISO: con un medidor sin respuesta, el bus {0} no alcanza a leer todo en {1} s durante tres vueltas. Baje answerTimeout si los medidores lo permiten.",
        en: "WARNING: with one meter that does not answer, bus {0} cannot read everything in {1} s for three slots. Lower answerTimeout if the meters allow it.");

    internal static Command Create(Language language)
    {
        Option<string> config = new("--config") { Description = new Text(es: "Archivo de configuración.", en: "Configuration file.").In(language), Required = true };
        Option<bool> json = new("--json") { Description = new Text(es: "Exactamente un objeto JSON en la salida estándar.", en: "Exactly one JSON object on standard output.").In(language) };
        Command command = new("plan", new Text(es: "Muestra qué pregunta cada bus y cuánto tarda.", en: "Show what each bus asks and how long it takes.").In(language)) { config, json };
        command.SetAction((result, cancellationToken) => ShowAsync(result.GetValue(config)!, result.GetValue(json), language, cancellationToken));
        return command;
    }

    /// <summary>The sentences about buses that cannot keep an interval; none when all can.</summary>
    internal static IReadOnlyList<string> Warnings(IReadOnlyList<BusBudget> budgets, Language language)
    {
        List<string> warnings = [];
        foreach (BusBudget bus in budgets)
        {
            if (bus.Tightest is RateBudget tight)
            {
                warnings.Add(TooMuch.In(language, bus.Id, Seconds(tight.Needed), Seconds(tight.Interval)));
            }
            else if (bus.TightestWithOneDead is RateBudget dead)
            {
                warnings.Add(DeadTooMuch.In(language, bus.Id, Seconds(dead.Interval)));
            }
        }

        return warnings;
    }

    private static async Task<int> ShowAsync(string path, bool json, Language language, CancellationToken cancellationToken)
    {
        try
        {
            GatewayConfiguration configuration = ConfigurationFile.Load(path);
            IReadOnlyList<BusBudget> budgets = BusBudget.Of(configuration);
            PollingSnapshot? running = await ReadRunningAsync(configuration, cancellationToken);
            if (json)
            {
                Console.Out.WriteLine(ToJson(configuration, budgets, running));
            }
            else
            {
                Print(configuration, budgets, running, language);
            }

            foreach (string warning in Warnings(budgets, language))
            {
                Console.Error.WriteLine(warning);
            }

            return 0;
        }
        catch (YamlFaultException e)
        {
            return Output.Fail(e.In(language), ExitCode.Configuration);
        }
    }

    private static void Print(GatewayConfiguration configuration, IReadOnlyList<BusBudget> budgets, PollingSnapshot? running, Language language)
    {
        Console.Out.WriteLine(Heading.In(language, configuration.Gateway, Number(configuration.Channels.Count)));
        foreach (BusBudget bus in budgets)
        {
            BusSnapshot? actual = running?.Buses.FirstOrDefault(snapshot => snapshot.Id == bus.Id);
            Console.Out.WriteLine(BusLineText.In(language, bus.Id, bus.Line, Number(bus.MeterCount), Percent(bus.Utilisation)));
            foreach (RateBudget rate in bus.Rates)
            {
                string line = RateText.In(language, Duration.ToText(rate.Interval), Number(rate.Requests), Number(rate.Registers), Milliseconds(rate.Needed));
                RateSnapshot? measured = actual?.Rates.FirstOrDefault(snapshot => snapshot.Interval == rate.Interval);
                line += measured?.Cycle is { Count: > 0 } cycle
                    ? ActualText.In(language, Milliseconds(cycle.Last), Milliseconds(cycle.P50), Milliseconds(cycle.P99), Milliseconds(cycle.Maximum), Number(measured.MissedSlots))
                    : "";
                Console.Out.WriteLine(line);
            }

            Console.Out.WriteLine(DeadText.In(language, Milliseconds(bus.WithOneDead)));
        }
    }

    private static string ToJson(GatewayConfiguration configuration, IReadOnlyList<BusBudget> budgets, PollingSnapshot? running)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteString("gateway", configuration.Gateway);
            json.WriteNumber("channels", configuration.Channels.Count);
            json.WriteStartArray("buses");
            foreach (BusBudget bus in budgets)
            {
                WriteBus(json, bus);
            }

            json.WriteEndArray();
            json.WritePropertyName("running");
            if (running is null)
            {
                json.WriteNullValue();
            }
            else
            {
                PollingSnapshotJson.Write(json, running);
            }

            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteBus(Utf8JsonWriter json, BusBudget bus)
    {
        json.WriteStartObject();
        json.WriteString("id", bus.Id);
        json.WriteString("line", bus.Line);
        json.WriteNumber("meters", bus.MeterCount);
        json.WriteNumber("utilisationPercent", Math.Round(100 * bus.Utilisation, 1));
        json.WriteBoolean("keepsInterval", bus.Tightest is null);
        json.WriteNumber("withOneDeadSeconds", Math.Round(bus.WithOneDead.TotalSeconds, 4));
        json.WriteStartArray("rates");
        foreach (RateBudget rate in bus.Rates)
        {
            json.WriteStartObject();
            json.WriteNumber("intervalSeconds", rate.Interval.TotalSeconds);
            json.WriteNumber("requests", rate.Requests);
            json.WriteNumber("registers", rate.Registers);
            json.WriteNumber("predictedSeconds", Math.Round(rate.Needed.TotalSeconds, 4));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static async Task<PollingSnapshot?> ReadRunningAsync(GatewayConfiguration configuration, CancellationToken cancellationToken)
    {
        using StatusClient client = new(configuration);
        try
        {
            return await client.AskAsync(cancellationToken) is JsonElement status && status.TryGetProperty("polling", out JsonElement polling) && polling.ValueKind == JsonValueKind.Object
                ? PollingSnapshotJson.Read(polling)
                : null;
        }
        catch (Exception e) when (e is JsonException or UnauthorizedAccessException)
        {
            return null; // the plan stands without what was measured
        }
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Percent(double share) => (100 * share).ToString("0.#", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan? time) => time is TimeSpan known ? (known.TotalSeconds * MillisecondsPerSecond).ToString("0", CultureInfo.InvariantCulture) : "-";
}
