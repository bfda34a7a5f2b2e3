using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Metering.Gateway.Configuration;

namespace Metering.Gateway.Status;

/// <summary>Asks the gateway that runs on this computer how it stands.</summary>
internal sealed class StatusClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly GatewayConfiguration _configuration;
    private readonly HttpClient _client = new() { Timeout = Patience };

    internal StatusClient(GatewayConfiguration configuration)
    {
        _configuration = configuration;
        if (configuration.StatusPage.Token is string token)
        {
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    /// <summary>The object of /status.json; null when no gateway answers at the address it left in the state directory.</summary>
    /// <exception cref="UnauthorizedAccessException">It answers, and wants another token.</exception>
    internal async Task<JsonElement?> AskAsync(CancellationToken cancellationToken)
    {
        if (StatusAddress.Read(_configuration.StateDirectory) is not Uri address)
        {
            return null;
        }

        try
        {
            using HttpResponseMessage response = await _client.GetAsync(new Uri(address, "status.json"), cancellationToken);
            if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests)
            {
                throw new UnauthorizedAccessException();
            }

            using JsonDocument document = JsonDocument.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(cancellationToken));
            return document.RootElement.Clone();
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    public void Dispose() => _client.Dispose();
}
