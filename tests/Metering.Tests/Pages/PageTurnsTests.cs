using System.Collections.Concurrent;
using Metering.Cloud.Pages;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Xunit;

namespace Metering.Tests.Pages;

public sealed class PageTurnsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task No_more_pages_are_made_at_once_than_there_are_turns_and_all_are_made()
    {
        Lock gate = new();
        (int making, int most) = (0, 0);
        TaskCompletionSource allTaken = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task[] pages = [.. Enumerable.Range(0, 3 * PageTurns.AtOnce).Select(number => PageTurns.WaitAsync(Page(new()), async http =>
        {
            lock (gate)
            {
                most = Math.Max(most, ++making);
                if (making == PageTurns.AtOnce)
                {
                    _ = allTaken.TrySetResult();
                }
            }

            await allTaken.Task.WaitAsync(Patience);
            lock (gate)
            {
                making--;
            }
        }))];
        await Task.WhenAll(pages);
        Assert.Equal(PageTurns.AtOnce, most);
    }

    [Fact]
    public async Task Readers_who_take_their_page_slowly_keep_no_other_waiting()
    {
        TaskCompletionSource lineIsFree = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task[] slow = [.. Enumerable.Range(0, 2 * PageTurns.AtOnce).Select(_ =>
        {
            Sending sending = new();
            return PageTurns.WaitAsync(Page(sending), async _ =>
            {
                await sending.BeginAsync();
                await lineIsFree.Task;
            });
        })];
        bool isMade = false;
        await PageTurns.WaitAsync(Page(new()), _ =>
        {
            isMade = true;
            return Task.CompletedTask;
        }).WaitAsync(Patience);
        Assert.True(isMade);
        Assert.All(slow, page => Assert.False(page.IsCompleted));
        lineIsFree.SetResult();
        await Task.WhenAll(slow);
    }

    [Theory]
    [InlineData("GET", "/api/v1/projects")]
    [InlineData("POST", "/es/projects/one")]
    public async Task What_is_not_a_page_waits_for_no_turn(string method, string path)
    {
        TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task[] pages = [.. Enumerable.Range(0, PageTurns.AtOnce).Select(_ => PageTurns.WaitAsync(Page(new()), _ => over.Task))];
        HttpContext other = Page(new());
        (other.Request.Method, other.Request.Path) = (method, path);
        bool passed = false;
        await PageTurns.WaitAsync(other, _ =>
        {
            passed = true;
            return Task.CompletedTask;
        }).WaitAsync(Patience);
        Assert.True(passed);
        over.SetResult();
        await Task.WhenAll(pages);
    }

    private static DefaultHttpContext Page(Sending sending)
    {
        DefaultHttpContext http = new();
        http.Features.Set<IHttpResponseFeature>(sending);
        (http.Request.Method, http.Request.Path) = ("GET", "/es/projects/one");
        return http;
    }

    /// <summary>An answer whose beginning is told to whoever waits for it, as the server does.</summary>
    private sealed class Sending : HttpResponseFeature
    {
        private readonly ConcurrentQueue<(Func<object, Task> Callback, object State)> starting = [];

        public override void OnStarting(Func<object, Task> callback, object state) => starting.Enqueue((callback, state));

        public async Task BeginAsync()
        {
            foreach ((Func<object, Task> callback, object state) in starting)
            {
                await callback(state);
            }
        }
    }
}
