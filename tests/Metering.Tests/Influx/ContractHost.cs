using System.Collections.Specialized;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Web;

namespace Metering.Tests.Influx;

/// <summary>A request as a contract server sees it, its body unpacked.</summary>
internal sealed record ContractRequest(string Method, string Path, NameValueCollection Query, string Body, string? Authorization, string? Accept)
{
    /// <summary>The InfluxQL statement, in the form or in the address.</summary>
    public string Statement => HttpUtility.ParseQueryString(Body)["q"] ?? Query["q"] ?? "";
}

/// <summary>What a contract server answers.</summary>
internal sealed record ContractAnswer(int Status, string ContentType, IReadOnlyList<byte[]> Parts)
{
    public string? RetryAfter { get; init; }

    public static ContractAnswer Json(int status, string json) => new(status, "application/json", [Encoding.UTF8.GetBytes(json)]);

    public static ContractAnswer NoContent() => new(204, "", []);
}

/// <summary>A hand-written HTTP server on a free port of 127.0.0.1, one request after the other.</summary>
internal sealed class ContractHost : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<ContractRequest, ContractAnswer> _answer;
    private readonly Task _loop;

    public ContractHost(Func<ContractRequest, ContractAnswer> answer)
    {
        _answer = answer;
        int port = FreePort();
        Url = new($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");
        _listener.Prefixes.Add(Url.AbsoluteUri);
        _listener.Start();
        _loop = ServeAsync();
    }

    public Uri Url { get; }

    /// <summary>Address and statement of every request, as they came.</summary>
    public List<string> Log { get; } = [];

    public void Dispose()
    {
        _listener.Stop();
        _loop.Wait(TimeSpan.FromSeconds(10));
        _listener.Close();
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            try
            {
                await AnswerAsync(context);
            }
            catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException)
            {
                // The client has gone.
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        HttpListenerRequest request = context.Request;
        bool isPacked = request.Headers["Content-Encoding"] == "gzip";
        await using Stream unpacked = isPacked ? new GZipStream(request.InputStream, CompressionMode.Decompress) : request.InputStream;
        using StreamReader reader = new(unpacked, Encoding.UTF8);
        string body = await reader.ReadToEndAsync();
        ContractRequest asked = new(request.HttpMethod, request.Url!.AbsolutePath, HttpUtility.ParseQueryString(request.Url.Query), body, request.Headers["Authorization"], request.Headers["Accept"]);
        Log.Add($"{asked.Method} {request.Url.PathAndQuery} {asked.Statement}".TrimEnd());
        ContractAnswer answer;
        try
        {
            answer = _answer(asked);
        }
        catch (Exception e) when (e is NotSupportedException or ArgumentException or InvalidOperationException or ArithmeticException)
        {
            answer = ContractAnswer.Json(501, $"{{\"error\":\"the contract server does not know this: {e.Message.Replace('"', '\'')}\"}}");
        }

        context.Response.StatusCode = answer.Status;
        if (answer.RetryAfter is not null)
        {
            context.Response.Headers["Retry-After"] = answer.RetryAfter;
        }

        if (answer.Parts.Count > 0)
        {
            context.Response.ContentType = answer.ContentType;
            context.Response.SendChunked = true;
        }

        foreach (byte[] part in answer.Parts)
        {
            await context.Response.OutputStream.WriteAsync(part);
            await context.Response.OutputStream.FlushAsync();
        }

        context.Response.Close();
    }
}
