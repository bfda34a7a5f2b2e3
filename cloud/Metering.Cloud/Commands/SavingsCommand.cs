using System.CommandLine;

namespace Metering.Cloud.Commands;

/// <summary>`cloud savings`: avoided use from a CSV of use and drivers. Exits 0 with a number, 65 when refused or unreadable, 64 on a wrong command line.</summary>
internal static class SavingsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Language help = Language.English)
    {
        SavingsArguments options = new(help);
        Command command = new("savings", new Text("Ahorro con su incertidumbre, a partir de un CSV de consumo y variables; se niega con motivos.", "Savings with their uncertainty, from a CSV of use and drivers; refuses with reasons.").In(help));
        foreach (Option option in options.All)
        {
            command.Options.Add(option);
        }

        command.SetAction(arguments => Run(options, arguments, arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(SavingsArguments options, ParseResult arguments, TextWriter output, TextWriter error)
    {
        SavingsRequest request;
        try
        {
            request = options.Read(arguments);
        }
        catch (CsvUsageException fault)
        {
            error.WriteLine($"savings: {fault.In(options.Language)}");
            if (arguments.GetValue(options.Json))
            {
                SavingsJson.Write(output, null, new SavingsAnswer(null, [new("usage", fault.In(Language.Spanish), fault.Message)], []));
            }

            return CsvArguments.UsageExit;
        }

        SavingsAnswer answer;
        try
        {
            answer = new SavingsComputation(request, SavingsInputs.Read(request)).Answer();
        }
        catch (CsvException fault)
        {
            answer = SavingsAnswer.Unreadable(fault);
        }

        if (arguments.GetValue(options.Json))
        {
            SavingsJson.Write(output, request, answer);
        }
        else
        {
            new SavingsText(output, options.Language, request).Write(answer);
        }

        foreach (ToldReason reason in answer.Reasons)
        {
            error.WriteLine(options.Language.Say("rechazado: {0}", $"refused: {reason.In(options.Language)}"));
        }

        foreach (ToldReason warning in answer.Warnings)
        {
            error.WriteLine(options.Language.Say("nota: {0}", $"note: {warning.In(options.Language)}"));
        }

        return answer.Result is null ? CsvArguments.DataExit : 0;
    }
}
