using System.Text;
using Metering.Gateway.Status;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Service;

/// <summary>Who may look at the page and who may write.</summary>
public sealed class StatusAccessTests
{
    private const string Token = "a-token-of-the-plant";
    private readonly ManualTimeProvider _clock = new(new(2026, 5, 4, 0, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("127.0.0.1:8089", true)]
    [InlineData("[::1]:8089", true)]
    [InlineData("192.168.1.7", true)]
    [InlineData("localhost", true)]
    [InlineData("gateway.local:8089", true)]
    [InlineData("evil.example", false)]
    [InlineData("evil.example:8089", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_foreign_name_that_leads_here_is_no_way_in(string? host, bool isOwn) => Assert.Equal(isOwn, StatusAccess.IsOwnHost(host));

    [Fact]
    public void The_token_opens_as_a_bearer_and_by_the_form_for_half_a_day()
    {
        StatusAccess access = new(Token, _clock);
        Assert.False(access.MayLook(Ask()));
        Assert.False(access.MayLook(Ask("Authorization: Bearer nonsense")));
        Assert.True(access.MayLook(Ask("Authorization: Bearer " + Token)));
        string cookie = access.LogIn(Token, "peer")!;
        Assert.Contains("HttpOnly; SameSite=Strict", cookie, StringComparison.Ordinal);
        string header = "Cookie: " + cookie.Split(';')[0];
        Assert.True(access.MayLook(Ask(header)));
        _clock.Advance(TimeSpan.FromHours(13));
        Assert.False(access.MayLook(Ask(header)));
    }

    [Fact]
    public void After_five_wrong_tokens_even_the_right_one_waits_a_minute_but_only_from_there()
    {
        StatusAccess access = new(Token, _clock);
        for (int attempt = 0; attempt < 5; attempt++)
        {
            Assert.Null(access.LogIn("wrong", "10.0.0.9"));
        }

        Assert.Null(access.LogIn(Token, "10.0.0.9"));
        Assert.NotNull(access.LogIn(Token, "10.0.0.8"));
        _clock.Advance(TimeSpan.FromSeconds(61));
        Assert.NotNull(access.LogIn(Token, "10.0.0.9"));
    }

    [Fact]
    public void A_form_counts_only_with_its_secret_and_from_the_same_origin()
    {
        StatusAccess access = new(null, _clock);
        HttpRequest own = Ask("Origin: http://127.0.0.1:8089");
        string secret = access.FormSecret(own);
        Assert.True(access.IsOwnForm(own, secret));
        Assert.False(access.IsOwnForm(own, "another"));
        Assert.False(access.IsOwnForm(own, null));
        Assert.False(access.IsOwnForm(Ask("Origin: http://evil.example"), secret));
        Assert.False(access.IsOwnForm(Ask("Origin: null"), secret));
        Assert.False(new StatusAccess(null, _clock).IsOwnForm(own, secret));
    }

    private static HttpRequest Ask(params string[] headers) =>
        HttpRequest.Parse(Encoding.ASCII.GetBytes(string.Join("\r\n", ["GET / HTTP/1.1", "Host: 127.0.0.1:8089", .. headers])), 0);
}
