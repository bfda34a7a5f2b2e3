using System.Globalization;
using System.Text.Json;
using Metering.Store;
using Spectre.Console;

namespace Metering.Cloud.Demo;

/// <summary>One line of the self-check table.</summary>
/// <param name="Name">What is checked.</param>
/// <param name="Passed">Whether it holds.</param>
/// <param name="Detail">The figures.</param>
internal readonly record struct CheckLine(string Name, bool Passed, string Detail);

/// <summary>
/// Compares what the demo stored and computed with what the simulator knows to be true. Every check can fail; the figures
/// stand beside each.
/// </summary>
internal sealed class SelfCheck(DemoTexts texts, DemoFolder folder, string address)
{
    private readonly List<CheckLine> _lines = [];

    /// <summary>Runs all checks and prints the table.</summary>
    /// <returns>0, or 70 when a check failed.</returns>
    public async Task<int> RunAsync(string[] plants, HistoryFigures figures, CancellationToken cancellationToken)
    {
        using JsonDocument truth = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder.Field, "truth.json"), cancellationToken));
        using (IReadingStore store = ReadingStores.Open(StoreLocation.AtFile(Path.Combine(folder.CloudState, "metering.db")), TimeProvider.System))
        {
            await Stages.RunAsync(texts.Checks, () =>
            {
                StoreChecks checks = new(store, truth.RootElement, texts);
                _lines.Add(checks.SentIsStored(figures));
                _lines.Add(checks.EverySlot());
                _lines.Add(checks.PartsAreTotal());
                return Task.FromResult("");
            });
        }

        await Stages.RunAsync(texts.Savings, async () =>
        {
            _lines.AddRange(await new SavingChecks(texts, folder, address).RunAsync(truth.RootElement, cancellationToken));
            return "";
        });
        _lines.AddRange(await new ProofChecks(texts, folder).RunAsync(plants, cancellationToken));
        await Stages.RunAsync(texts.Bundles, async () =>
        {
            BundleChecks bundles = new(texts, folder);
            _lines.AddRange(await bundles.RunAsync(truth.RootElement, cancellationToken));
            return bundles.Summary;
        });
        Print();
        CheckLine? failed = _lines.Exists(line => !line.Passed) ? _lines.Find(line => !line.Passed) : null;
        if (failed is not { } fault)
        {
            return 0;
        }

        await Console.Error.WriteLineAsync($"metering demo: {texts.CheckFailed(fault.Name)} ({fault.Detail})");
        return 70;
    }

    /// <summary>A number with its thousands grouped.</summary>
    public static string Group(double value, int decimals = 0) =>
        value.ToString(decimals == 0 ? "#,0" : "#,0." + new string('0', decimals), CultureInfo.InvariantCulture);

    private void Print()
    {
        Stages.Say("");
        if (Console.IsOutputRedirected)
        {
            _lines.ForEach(line => Stages.Say($"  {(line.Passed ? texts.Passed : texts.Failed)}\t{line.Name}\t{line.Detail}"));
            return;
        }

        Table table = new Table().Border(TableBorder.Rounded).AddColumns("", texts.Checks, "");
        foreach (CheckLine line in _lines)
        {
            _ = table.AddRow(
                line.Passed ? $"[green]✓ {texts.Passed}[/]" : $"[red bold]✗ {texts.Failed}[/]",
                Markup.Escape(line.Name),
                Markup.Escape(line.Detail));
        }

        AnsiConsole.Write(table);
    }
}
