using System.CommandLine;
using System.Globalization;
using System.Text;
using Metering.Analytics.Intervals;

namespace Metering.Cloud.Commands;

/// <summary>`cloud intervals`: intervals of a cumulative register in a CSV. Exits 0 with intervals, 65 when the file cannot be used, 64 on a wrong command line.</summary>
internal static class IntervalsCommand
{
    private static readonly Option<string?> Csv = CsvArguments.Option("--csv", "the file: plain or .gz, with a header row");
    private static readonly Option<string?> Time = CsvArguments.Option("--time", "the column of reading times (local time of --zone unless a stamp has Z or an offset)");
    private static readonly Option<string?> Register = CsvArguments.Option("--register", "the column of the cumulative register; blank = missing");
    private static readonly Option<string?> StepOption = CsvArguments.Option("--step", "15m, 1h, 1d, 1mo, or another step that divides a day");
    private static readonly Option<string?> Modulus = CsvArguments.Option("--modulus", "the register value at which the meter begins again at zero");
    private static readonly Option<string?> MaximumRate = CsvArguments.Option("--max-rate", "the most that can flow, in register units per hour");
    private static readonly Option<string?> ZoneOption = CsvArguments.Option("--zone", "the plant's zone, for example America/Mexico_City (default UTC)");
    private static readonly Option<bool> Json = new("--json") { Description = "one JSON object instead of text" };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        Command command = new("intervals", "Intervals from a cumulative register: rollover, reset, glitches and gaps told apart, every interval coded.");
        foreach (Option option in new Option[] { Csv, Time, Register, StepOption, Modulus, MaximumRate, ZoneOption, Json })
        {
            command.Options.Add(option);
        }

        command.SetAction(arguments => Run(arguments, arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(ParseResult arguments, TextWriter output, TextWriter error)
    {
        bool json = arguments.GetValue(Json);
        try
        {
            IntervalSeries series = Build(arguments);
            if (json)
            {
                IntervalsOutput.WriteJson(output, series);
            }
            else
            {
                IntervalsOutput.WriteText(output, series);
            }

            return 0;
        }
        catch (CsvUsageException fault)
        {
            error.WriteLine($"intervals: {fault.Message}");
            if (json)
            {
                IntervalsOutput.WriteRefusal(output, "usage", fault.Message);
            }

            return CsvArguments.UsageExit;
        }
        catch (CsvException fault)
        {
            error.WriteLine(fault.Message);
            if (json)
            {
                IntervalsOutput.WriteRefusal(output, "unreadable", fault.Message);
            }

            return CsvArguments.DataExit;
        }
    }

    private static IntervalSeries Build(ParseResult arguments)
    {
        string path = CsvArguments.Required(arguments, Csv);
        string time = CsvArguments.Required(arguments, Time);
        string column = CsvArguments.Required(arguments, Register);
        IntervalStep step = CsvArguments.Step(arguments, StepOption);
        TimeZoneInfo zone = CsvArguments.Zone(arguments, ZoneOption);
        double? rate = CsvArguments.Positive(arguments, MaximumRate);
        (long mantissa, int decimals) = ReadModulus(arguments.GetValue(Modulus));
        CsvRegister register = CsvColumns.ReadRegister(path, time, column, zone, decimals);
        if (register.Register.Length == 0)
        {
            throw new CsvException($"{Path.GetFileName(path)}: the column '{column}' has no reading. Check the column's name.");
        }

        CounterOptions options = new()
        {
            Step = step,
            Exponent = register.Exponent,
            Modulus = mantissa == 0 ? null : ScaleModulus(mantissa, register.Exponent - decimals),
            MaximumRatePerHour = rate,
            Zone = zone,
        };
        try
        {
            return IntervalBuilder.FromCounter(register.UtcMilliseconds, register.Register, [], options);
        }
        catch (ArgumentException fault)
        {
            throw new CsvException($"{Path.GetFileName(path)}: {fault.Message}");
        }
    }

    private static (long Mantissa, int Decimals) ReadModulus(string? text)
    {
        if (text is null)
        {
            return (0, 0);
        }

        return text.Length > 0 && CsvNumber.TryParseExact(Encoding.UTF8.GetBytes(text), out long mantissa, out int decimals) && mantissa > 0
            ? (mantissa, decimals)
            : throw new CsvUsageException($"--modulus {text}: expected a number above zero with at most {CsvNumber.MaximumDecimals} decimals, such as 100000 or 4294967.296.");
    }

    private static long ScaleModulus(long mantissa, int places) =>
        CsvColumns.TryScale(mantissa, places, out long scaled) && scaled <= IntervalBuilder.MaximumRegister
            ? scaled
            : throw new CsvUsageException(string.Create(
                CultureInfo.InvariantCulture, $"--modulus: larger than {IntervalBuilder.MaximumRegister} steps of the register. Check its unit."));
}
