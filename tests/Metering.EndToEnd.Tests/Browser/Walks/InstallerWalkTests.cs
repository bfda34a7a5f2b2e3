using Metering.Cloud.Texts;
using Metering.Programme.Accounts;
using Metering.Readings.Texts;
using Metering.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace Metering.EndToEnd.Tests.Browser.Walks;

/// <summary>An installer, with a telephone in the plant: enrols a gateway and sees the values of its meters change.</summary>
[Collection(BrowserFixture.Collection)]
public sealed class InstallerWalkTests(BrowserFixture fixture)
{
    [NeedsTheory("chromium", "mosquitto")]
    [InlineData(Language.Spanish)]
    [InlineData(Language.English)]
    public async Task The_installer_enrols_a_gateway_and_sees_live_values(Language language)
    {
        WalkHost host = await fixture.WalksAsync();
        string plant = WalkHost.InstalledPlant(language);
        await using Walker installer = await Walker.BeginAsync(fixture.Browser, host.Address, language, "installer", Survey.Phone);
        await installer.EnterAsync(await host.InviteAsync("installer", AccountRole.Installer, language, plant: plant));
        await installer.FollowAsync(host.PlantName(plant, language));
        await installer.SeeAsync(Words.NoChannels);
        await installer.LookAsync("plant-without-gateway");

        await host.InstallGatewayAsync(plant);
        _ = await installer.Page.ReloadAsync();
        await installer.SeeAsync("mains.active-energy-import");
        await installer.LookAsync("plant-with-values");

        // A value changes before the installer's eyes, without a page being loaded.
        string[] before = await ValuesAsync(installer.Page);
        Assert.Contains(before, text => text.Contains("kWh", StringComparison.Ordinal));
        _ = await installer.Page.WaitForFunctionAsync(
            "before => [...document.querySelectorAll('[data-cell]')].filter(cell => cell.textContent.includes('kWh')).some(cell => !before.includes(cell.textContent.trim()))", before);
        await installer.SeeAsync(Cloud.Plants.PlantWords.LiveNote);
        await installer.LookAsync("values-live");
        installer.ExpectNoFaults();
    }

    private static async Task<string[]> ValuesAsync(IPage page) =>
        [.. (await page.Locator("[data-cell]").AllTextContentsAsync()).Select(text => text.Trim()).Where(text => text.Length > 0)];
}
