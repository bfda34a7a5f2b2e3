using Metering.EndToEnd.Tests.Browser.Walks;
using Metering.Programme.Accounts;
using Metering.Readings.Texts;
using Metering.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace Metering.EndToEnd.Tests.Browser;

/// <summary>The pictures of the README, made anew on every run; METERING_PICTURES=write puts them where the README shows them.</summary>
[Collection(BrowserFixture.Collection)]
public sealed class ReadmePictureTests(BrowserFixture fixture)
{
    private const int LargestBytes = 200_000;
    private const int WholePixels = 1;

    /// <summary>Paper above the heading a picture begins with, points.</summary>
    private const float Above = 24;

    // A page always comes; how soon is the machine's affair.
    private const float DeadlineMilliseconds = 90_000;

    // A picture shows the page's first lines, or those from a heading on: what does not fit is on the page itself.
    private static readonly Shot[] Shots =
    [
        new("savings-page", "/en/projects/pml-002", Survey.Wide, 1275),
        new("portfolio-page", "/en/", Survey.Wide, 1045) { From = "#totals-title" },
        new("phone", "/es/projects/pml-002", Survey.Phone, 844),
    ];

    private static readonly string[] Marks = ["simulated", "simulada", "simulado"];

    private static bool IsWriting => Environment.GetEnvironmentVariable("METERING_PICTURES") == "write";

    [NeedsFact("chromium")]
    public async Task Each_picture_says_that_its_data_are_simulated_and_is_small()
    {
        foreach (Shot shot in Shots)
        {
            await using IBrowserContext context = await Survey.ContextAsync(fixture.Browser, shot.Width, shot.Address.StartsWith("/es", StringComparison.Ordinal) ? "es-MX" : "en");
            context.SetDefaultTimeout(DeadlineMilliseconds);
            await Visitor.All[0].SignInAsync(context, fixture.Portal.Address);
            IPage page = await context.NewPageAsync();
            _ = await page.GotoAsync(new Uri(fixture.Portal.Address, shot.Address).ToString());
            await TakeAsync(page, shot);
        }
    }

    [NeedsFact("chromium", "mosquitto")]
    public async Task The_picture_of_a_plant_shows_one_whose_meters_send()
    {
        WalkHost host = await fixture.WalksAsync();
        Shot shot = new("plant-page", "/en/plants/" + WalkHost.RunningPlant, Survey.Wide, 1150);
        await using Walker staff = await Walker.BeginAsync(fixture.Browser, host.Address, Language.English, "simulada");
        await staff.EnterAsync(await host.InviteAsync("simulada", AccountRole.Reviewer, Language.English));
        await host.HistorySentAsync();
        await staff.OpenAsync(shot.Address);
        await TakeAsync(staff.Page, shot);
    }

    private static async Task TakeAsync(IPage page, Shot shot)
    {
        string folder = IsWriting ? Repository.Path(".github", "pictures") : Repository.Path(".artifacts", "pictures");
        _ = Directory.CreateDirectory(folder);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        int height = await page.EvaluateAsync<int>("() => document.documentElement.scrollHeight");
        float top = shot.From is { } from && await page.Locator(from).BoundingBoxAsync() is { } box ? MathF.Max(0, box.Y - Above) : 0;
        float shown = MathF.Min(shot.Height, height - top);
        byte[] picture = await page.ScreenshotAsync(new()
        {
            Path = Path.Combine(folder, shot.Name + ".png"),
            FullPage = true,
            Scale = ScreenshotScale.Css,
            Clip = new() { X = 0, Y = top, Width = shot.Width, Height = shown },
        });
        Assert.True(picture.Length is > 0 and <= LargestBytes, $"{shot.Name}: {picture.Length} bytes");
        Assert.True(await IsMarkedAsync(page, top, top + shown), $"{shot.Name} does not say that its data are simulated");
    }

    // The word stands in the part of the page that the picture shows, not only below it.
    private static async Task<bool> IsMarkedAsync(IPage page, float top, float bottom)
    {
        foreach (string mark in Marks)
        {
            foreach (ILocator place in await page.GetByText(mark).AllAsync())
            {
                if (await place.BoundingBoxAsync() is { } box && box.Width > WholePixels && box.Y >= top && box.Y + box.Height <= bottom)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <param name="Name">Name of the file.</param>
    /// <param name="Address">The page.</param>
    /// <param name="Width">Width of the screen, points.</param>
    /// <param name="Height">Height of the picture, points; less when the page is shorter.</param>
    private sealed record Shot(string Name, string Address, int Width, int Height)
    {
        /// <summary>The heading it begins with; null for the top of the page.</summary>
        public string? From { get; init; }
    }
}
