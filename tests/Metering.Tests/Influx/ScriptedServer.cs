using System.IO.Compression;
using System.Net;
using System.Text;

namespace Metering.Tests.Influx;

/// <summary>Stands in place of the network: a test says what each request is answered with.</summary>
internal sealed class ScriptedServer(Func<HttpRequestMessage, string[], HttpResponseMessage> answer) : HttpMessageHandler
{
    /// <summary>Lines of every write, in order of arrival.</summary>
    public List<string[]> Writes { get; } = [];

    /// <summary>Addresses and header of every request.</summary>
    public List<(string Address, string? Authorization)> Requests { get; } = [];

    public static HttpResponseMessage Status(HttpStatusCode status, string body = "", string type = "application/json") =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, type) };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add((request.RequestUri!.AbsoluteUri, request.Headers.Authorization?.ToString()));
        string[] lines = [];
        if (request.RequestUri.AbsolutePath.EndsWith("/write", StringComparison.Ordinal))
        {
            await using GZipStream gzip = new(await request.Content!.ReadAsStreamAsync(cancellationToken), CompressionMode.Decompress);
            using StreamReader reader = new(gzip);
            string text = await reader.ReadToEndAsync(cancellationToken);
            Assert(text);
            lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Writes.Add(lines);
        }

        return answer(request, lines);
    }

    private static void Assert(string text) => Xunit.Assert.EndsWith("\n", text, StringComparison.Ordinal);
}
