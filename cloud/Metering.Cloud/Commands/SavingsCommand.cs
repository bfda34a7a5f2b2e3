using System.CommandLine;

namespace Metering.Cloud.Commands;

/// <summary>`cloud savings`: avoided use from a CSV of use and drivers. Exits 0 with a number, 65 when refused or unreadable, 64 on a wrong command line.</summary>
internal static class SavingsCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Command command = new("savings", "Savings with their uncertainty, from a CSV of use and drivers; refuses with reasons.");
        foreach (Option option in SavingsArguments.All)
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
            request = SavingsArguments.Read(arguments);
        }
        catch (CsvUsageException fault)
        {
            error.WriteLine($"savings: {fault.Message}");
            if (arguments.GetValue(SavingsArguments.Json))
            {
                SavingsJson.Write(output, null, new SavingsAnswer(null, [$"usage: {fault.Message}"], []));
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
            answer = SavingsAnswer.Unreadable(fault.Message);
        }

        if (arguments.GetValue(SavingsArguments.Json))
        {
            SavingsJson.Write(output, request, answer);
        }
        else
        {
            SavingsText.Write(output, request, answer);
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
}
