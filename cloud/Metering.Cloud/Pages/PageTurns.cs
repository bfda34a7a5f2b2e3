namespace Metering.Cloud.Pages;

/// <summary>
/// How many pages are made at once: making one is work for a core, so more of them at once are not there sooner, they only hold more memory. Who has waited longest is next. A turn ends
/// when the answer is sent, packing included, or <see cref="LongestSending"/> after it began to be: a reader with a slow line, or one of live values, keeps no other waiting.
/// </summary>
internal static class PageTurns
{
    private static readonly TimeSpan LongestSending = TimeSpan.FromMilliseconds(250);
    private static readonly SemaphoreSlim Turns = new(AtOnce);

    /// <summary>Pages made at once, at most.</summary>
    public static int AtOnce => 4 * Environment.ProcessorCount;

    /// <summary>Waits for a turn where a page is asked for; everything else passes.</summary>
    public static async Task WaitAsync(HttpContext http, RequestDelegate next)
    {
        if (!HttpMethods.IsGet(http.Request.Method) || AddressLanguage.Stated(http) is null)
        {
            await next(http);
            return;
        }

        await Turns.WaitAsync(http.RequestAborted);
        Turn turn = new();
        try
        {
            http.Response.OnStarting(static state =>
            {
                ((Turn)state).EndSoon();
                return Task.CompletedTask;
            }, turn);
            await next(http);
        }
        finally
        {
            turn.End();
        }
    }

    private sealed class Turn
    {
        private int isOver;

        public void EndSoon() => _ = Task.Delay(LongestSending, TimeProvider.System).ContinueWith(static (_, turn) => ((Turn)turn!).End(), this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        public void End()
        {
            if (Interlocked.Exchange(ref isOver, 1) == 0)
            {
                _ = Turns.Release();
            }
        }
    }
}
