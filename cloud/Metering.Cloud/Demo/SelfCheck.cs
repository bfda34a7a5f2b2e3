namespace Metering.Cloud.Demo;

/// <summary>Placeholder removed in the next step.</summary>
internal sealed class SelfCheck(DemoTexts texts, DemoFolder folder, string address)
{
    public Task<int> RunAsync(string[] plants, HistoryFigures figures, CancellationToken cancellationToken)
    {
        _ = (texts, folder, address, plants, figures, cancellationToken);
        return Task.FromResult(0);
    }
}
