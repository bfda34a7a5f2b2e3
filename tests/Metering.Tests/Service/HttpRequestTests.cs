using System.Text;
using Metering.Gateway.Status;
using Xunit;

namespace Metering.Tests.Service;

/// <summary>What the status page takes for a request, and what it refuses.</summary>
public sealed class HttpRequestTests
{
    private const int LongestBody = 1000;

    [Fact]
    public void A_form_is_read_with_its_fields_its_cookie_and_its_query()
    {
        HttpRequest request = Parse("POST /reading?lang=es&x=%C3%B1 HTTP/1.1", "Host: 127.0.0.1:8089", "Cookie: a=b; gateway=secret", "Content-Type: application/x-www-form-urlencoded", "Content-Length: 9");
        request.Body = "value=1%2C5+m%C2%B3&value=2&empty=";
        Assert.Equal(("POST", "/reading", "es", "ñ", "secret", 9), (request.Method, request.Path, request.Query("lang"), request.Query("x"), request.Cookie("gateway"), request.ContentLength));
        Assert.Equal("1,5 m³", request.Form()["value"]);
        Assert.Equal("", request.Form()["empty"]);
        Assert.Null(request.Cookie("gate"));
    }

    [Theory]
    [InlineData(400, "GET /")]
    [InlineData(400, "GET / HTTP/2.0")]
    [InlineData(400, "GET  / HTTP/1.1")]
    [InlineData(400, "GET http://evil.example/ HTTP/1.1")]
    [InlineData(405, "DELETE / HTTP/1.1")]
    [InlineData(400, "GET / HTTP/1.1", "Host : a")]
    [InlineData(400, "GET / HTTP/1.1", " folded: a")]
    [InlineData(400, "GET / HTTP/1.1", "no colon")]
    [InlineData(400, "GET / HTTP/1.1", "Host: a", "host: b")]
    [InlineData(400, "GET / HTTP/1.1", "Host: a\0b")]
    [InlineData(400, "GET / HTTP/1.1", "Host: a\nX: b")]
    [InlineData(501, "POST / HTTP/1.1", "Transfer-Encoding: chunked")]
    [InlineData(501, "POST / HTTP/1.1", "Transfer-Encoding: chunked", "Content-Length: 5")]
    [InlineData(411, "POST / HTTP/1.1", "Host: a")]
    [InlineData(400, "POST / HTTP/1.1", "Content-Length: 5", "Content-Length: 6")]
    [InlineData(400, "POST / HTTP/1.1", "Content-Length: +5")]
    [InlineData(400, "POST / HTTP/1.1", "Content-Length: -1")]
    [InlineData(413, "POST / HTTP/1.1", "Content-Length: 1001")]
    [InlineData(400, "POST / HTTP/1.1", "Content-Length: 99999999999")]
    public void What_may_be_read_in_two_ways_or_is_not_needed_is_refused(int status, params string[] lines) =>
        Assert.Equal(status, Assert.Throws<Metering.Gateway.Status.HttpRequestException>(() => Parse(lines)).Status);

    [Fact]
    public void A_long_address_and_many_headers_are_refused()
    {
        Assert.Equal(414, Assert.Throws<Metering.Gateway.Status.HttpRequestException>(() => Parse("GET /" + new string('a', HttpRequest.LongestTarget) + " HTTP/1.1")).Status);
        string[] many = ["GET / HTTP/1.1", .. Enumerable.Range(0, HttpRequest.MostHeaders + 1).Select(index => $"x{index}: y")];
        Assert.Equal(431, Assert.Throws<Metering.Gateway.Status.HttpRequestException>(() => Parse(many)).Status);
    }

    [Fact]
    public void Any_bytes_are_either_a_request_or_refused()
    {
        const int Seed = 20260522;
        Random random = new(Seed);
        byte[] sound = Encoding.ASCII.GetBytes("POST /reading?lang=es HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\nCookie: a=b");
        int taken = 0;
        for (int round = 0; round < 200_000; round++)
        {
            byte[] bytes = [.. sound];
            for (int change = random.Next(1, 6); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                HttpRequest request = HttpRequest.Parse(bytes.AsSpan(0, random.Next(bytes.Length + 1)), LongestBody);
                Assert.StartsWith("/", request.Path, StringComparison.Ordinal);
                Assert.InRange(request.ContentLength, 0, LongestBody);
                taken++;
            }
            catch (Metering.Gateway.Status.HttpRequestException e)
            {
                Assert.InRange(e.Status, 400, 501);
            }
        }

        Assert.True(taken > 0, $"seed {Seed}");
    }

    private static HttpRequest Parse(params string[] lines) => HttpRequest.Parse(Encoding.Latin1.GetBytes(string.Join("\r\n", lines)), LongestBody);
}
