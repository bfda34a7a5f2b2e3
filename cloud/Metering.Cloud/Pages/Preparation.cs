using System.Globalization;
using Metering.Cloud.Projects;
using Metering.Cloud.Texts;

namespace Metering.Cloud.Pages;

/// <summary>Pages over all projects while these are being analysed after a start: they say how far that is instead of keeping the reader waiting.</summary>
internal static class Preparation
{
    /// <summary>Up to so many projects are analysed while the reader waits: some seconds.</summary>
    public const int WorthWaitingFor = 40;

    private const int AgainSeconds = 5;

    /// <summary>Answers with how far the preparation is until few projects are left to be analysed.</summary>
    public static RouteHandlerBuilder OncePrepared(this RouteHandlerBuilder route) => route.AddEndpointFilter(async (invocation, next) =>
    {
        HttpContext http = invocation.HttpContext;
        ProjectBoard board = http.RequestServices.GetRequiredService<ProjectBoard>();
        int unknown = board.Unknown;
        if (unknown <= WorthWaitingFor)
        {
            return await next(invocation);
        }

        http.Response.Headers.RetryAfter = AgainSeconds.ToString(CultureInfo.InvariantCulture);
        int all = board.Register.Projects.Count;
        return Portal.Message(http, Words.PreparingTitle, Words.PreparingMessage, StatusCodes.Status503ServiceUnavailable, Formatter.Count(all - unknown), Formatter.Count(all));
    });
}

/// <summary>Looks at every project once after a start, so that the first reader need not wait for it.</summary>
internal sealed partial class PreparationService(ProjectBoard board, ILogger<PreparationService> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => Prepare(stoppingToken), stoppingToken);

    private void Prepare(CancellationToken cancellationToken)
    {
        try
        {
            foreach (Project project in board.Register.Projects)
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    return;
                }

                _ = board.SummaryOf(project);
            }

            _ = board.Summaries(); // everything is known now; this keeps it for the next start
            Hosting.MemoryService.GiveBack(); // what so many analyses used will not be needed again: of 169 MB of its own 106 stay
        }
        catch (Metering.Store.StoreException e)
        {
            LogLeftOut(e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "the projects could not be looked at ahead of the first reader: {Reason}")]
    private partial void LogLeftOut(string reason);
}
