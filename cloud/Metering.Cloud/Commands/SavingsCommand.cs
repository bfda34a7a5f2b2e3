using System.CommandLine;
using Metering.Analytics.Baselines;
using Metering.Analytics.Savings;

namespace Metering.Cloud.Commands;

/// <summary>`cloud savings`: avoided use from a CSV of use and drivers. Exits 0 with a number, 65 when refused or unreadable, 64 on a wrong command line.</summary>
internal static class SavingsCommand
{
    private const double DefaultConfidencePercent = 90;

    private static readonly Option<string?> Csv = CsvArguments.Option("--csv", "the file: plain or .gz, with a header row");
    private static readonly Option<string?> Time = CsvArguments.Option("--time", "the column of interval starts (local time of --zone unless a stamp has Z or an offset)");
    private static readonly Option<string?> Use = CsvArguments.Option("--use", "the column of metered use; blank = missing");
    private static readonly Option<string?> Drivers = CsvArguments.Option("--drivers", "columns that drive use, between commas; none gives the mean");
    private static readonly Option<string?> Baseline = CsvArguments.Option("--baseline", "first and last day before the project, as 2024-01-01..2024-12-31");
    private static readonly Option<string?> Reporting = CsvArguments.Option("--reporting", "first and last day after the project, as 2025-03-01..2026-02-28");
    private static readonly Option<string?> Model = CsvArguments.Option("--model", "auto, ols or mean (auto: ols on all drivers, mean without drivers)");
    private static readonly Option<string?> Confidence = CsvArguments.Option("--confidence", "probability of the interval in percent, 50 to 99.9 (default 90)");
    private static readonly Option<string?> ZoneOption = CsvArguments.Option("--zone", "the plant's zone, for example America/Mexico_City (default UTC)");
    private static readonly Option<bool> Json = new("--json") { Description = "one JSON object instead of text" };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        Command command = new("savings", "Avoided use with its uncertainty, from a CSV of use and drivers; refuses with reasons.");
        foreach (Option option in new Option[] { Csv, Time, Use, Drivers, Baseline, Reporting, Model, Confidence, ZoneOption, Json })
        {
            command.Options.Add(option);
        }

        command.SetAction(arguments => Run(arguments, arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(ParseResult arguments, TextWriter output, TextWriter error)
    {
        SavingsRequest request;
        try
        {
            request = Read(arguments);
        }
        catch (CsvUsageException fault)
        {
            error.WriteLine($"savings: {fault.Message}");
            if (arguments.GetValue(Json))
            {
                SavingsOutput.WriteJson(output, null, new SavingsAnswer(null, [$"usage: {fault.Message}"], []));
            }

            return CsvArguments.UsageExit;
        }

        SavingsAnswer answer;
        try
        {
            answer = SavingsAnswer.Of(Compute(request));
        }
        catch (CsvException fault)
        {
            answer = SavingsAnswer.Unreadable(fault.Message);
        }

        if (arguments.GetValue(Json))
        {
            SavingsOutput.WriteJson(output, request, answer);
        }
        else
        {
            SavingsOutput.WriteText(output, request, answer);
        }

        foreach (string reason in answer.Reasons)
        {
            error.WriteLine($"refused: {reason}");
        }

        foreach (string warning in answer.Warnings)
        {
            error.WriteLine($"note: {warning}");
        }

        return answer.Result is null ? CsvArguments.DataExit : 0;
    }

    private static SavingsRequest Read(ParseResult arguments)
    {
        TimeZoneInfo zone = CsvArguments.Zone(arguments, ZoneOption);
        IReadOnlyList<string> drivers = CsvArguments.Names(arguments, Drivers);
        string use = CsvArguments.Required(arguments, Use);
        double confidence = CsvArguments.Positive(arguments, Confidence) ?? DefaultConfidencePercent;
        if (confidence is < 50 or > 99.9)
        {
            throw new CsvUsageException($"--confidence {arguments.GetValue(Confidence)}: expected percent, 50 to 99.9.");
        }

        if (drivers.Count > BaselineModel.MaximumDrivers)
        {
            throw new CsvUsageException($"--drivers: {drivers.Count} names; the limit is {BaselineModel.MaximumDrivers}.");
        }

        if (drivers.Contains(use, StringComparer.Ordinal))
        {
            throw new CsvUsageException($"--drivers: '{use}' is the use itself. Name what drives it.");
        }

        if (drivers.Contains(SavingsOutput.Intercept, StringComparer.Ordinal))
        {
            throw new CsvUsageException($"--drivers: '{SavingsOutput.Intercept}' is the name of the constant. Rename the column.");
        }

        ModelKind model = ReadModel(arguments.GetValue(Model) ?? "auto", drivers);
        return new SavingsRequest
        {
            Path = CsvArguments.Required(arguments, Csv),
            Time = CsvArguments.Required(arguments, Time),
            Use = use,
            Drivers = model == ModelKind.Mean ? [] : drivers,
            Baseline = CsvArguments.Days(arguments, Baseline, zone),
            Reporting = CsvArguments.Days(arguments, Reporting, zone),
            Model = model,
            ConfidencePercent = confidence,
            Zone = zone,
        };
    }

    private static ModelKind ReadModel(string text, IReadOnlyList<string> drivers)
    {
        ModelKind model = text switch
        {
            "auto" => drivers.Count == 0 ? ModelKind.Mean : ModelKind.Ols,
            "ols" => ModelKind.Ols,
            "mean" => ModelKind.Mean,
            _ => throw new CsvUsageException($"--model {text}: expected auto, ols or mean."),
        };
        return model == ModelKind.Ols && drivers.Count == 0
            ? throw new CsvUsageException("--model ols needs --drivers. Name the columns that drive use, or take --model mean.")
            : model;
    }

    private static SavingsOutcome Compute(SavingsRequest request)
    {
        ModelTable table = CsvColumns.ReadTable(request.Path, request.Time, request.Use, request.Drivers, request.Zone);
        SavingsOptions options = new() { Model = request.Model, Confidence = request.ConfidencePercent / 100 };
        return SavingsCalculator.Avoided(table, request.Baseline, request.Reporting, options);
    }
}
