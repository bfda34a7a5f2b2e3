using System.Globalization;

namespace Metering.FirmwareSim.Output;

/// <summary>Where the broker is, as the gateways are told.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">1 to 65535.</param>
internal readonly record struct BrokerAddress(string Host, int Port)
{
    /// <summary>Reads "host:port"; an IPv6 address stands in square brackets.</summary>
    internal static bool TryParse(string? text, out BrokerAddress address)
    {
        address = default;
        int colon = text?.LastIndexOf(':') ?? -1;
        if (colon < 1
            || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            || port == 0)
        {
            return false;
        }

        string host = text![..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            host = host[1..^1];
        }

        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            return false;
        }

        address = new BrokerAddress(host, port);
        return true;
    }
}
