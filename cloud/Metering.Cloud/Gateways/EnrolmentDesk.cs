using Metering.Ingestion.Import;
using Metering.Programme.Accounts;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Gateways;

/// <summary>A one-time code just made. It is kept nowhere: whoever asked for it sees it once.</summary>
/// <param name="Gateway">Gateway identifier.</param>
/// <param name="Plant">Plant identifier.</param>
/// <param name="Code">The code, as it is typed at the gateway.</param>
/// <param name="Expires">The first instant it is worth nothing.</param>
internal sealed record OfferedEnrolment(string Gateway, string Plant, string Code, DateTimeOffset Expires)
{
    /// <summary>What is typed at the broker when the gateway has no login there yet.</summary>
    public string CommandAtBroker => $"mosquitto_passwd /etc/mosquitto/passwords {Gateway}";

    /// <summary>What is typed at the gateway.</summary>
    public string CommandAtGateway => $"gateway enrol --config gateway.yaml --code {Code}";
}

/// <summary>Makes enrolment codes and revokes keys, for the command and for the page alike.</summary>
internal sealed class EnrolmentDesk(IReadingStore store, TimeProvider clock)
{
    /// <summary>Longest life of a code, hours.</summary>
    public const int LongestHours = 24 * 30;

    /// <summary>Longest reason of a revocation, characters.</summary>
    public const int LongestReason = 200;

    // Two people of this process may ask for one name at once; the second must see what the first was given.
    private static readonly Lock Turn = new();

    /// <summary>Makes a code by which a gateway makes its key known; an unused one before it is void.</summary>
    /// <param name="gateway">Gateway identifier.</param>
    /// <param name="plant">Plant identifier; that there is such a plant is the caller's to know.</param>
    /// <param name="valid">How long it may be used, up to <see cref="LongestHours"/>.</param>
    /// <param name="mayMove">Whether the gateway may stand in another plant until now.</param>
    /// <exception cref="AccountFault">The name or the time is none, or the name belongs to an import or to another plant.</exception>
    public OfferedEnrolment Offer(string gateway, string plant, TimeSpan valid, bool mayMove)
    {
        if (!Identifier.IsValid(gateway))
        {
            throw new AccountFault(EnrolmentWords.NoIdentifier);
        }

        if (gateway.StartsWith(ImportOptions.Prefix, StringComparison.Ordinal))
        {
            throw new AccountFault(EnrolmentWords.ImportsName, ImportOptions.Prefix);
        }

        if (valid < TimeSpan.FromHours(1) || valid > TimeSpan.FromHours(LongestHours))
        {
            throw new AccountFault(EnrolmentWords.NoTime, LongestHours / 24);
        }

        lock (Turn)
        {
            DateTimeOffset now = clock.GetUtcNow();
            if (!mayMove && (store.EnrolmentsOf(gateway).Any(enrolment => enrolment.Plant != plant)
                || store.Codes().Any(code => code.Gateway == gateway && code.Plant != plant && code.IsOpenAt(now))))
            {
                throw new AccountFault(EnrolmentWords.NameTaken, gateway);
            }

            string made = EnrolmentRequest.NewCode();
            store.OfferCode(new(gateway, plant, EnrolmentRequest.HashOf(made)!, now + valid));
            return new(gateway, plant, made, now + valid);
        }
    }

    /// <summary>Ends a key for ever.</summary>
    /// <param name="gateway">Gateway identifier.</param>
    /// <param name="keyEpoch">Number of the key; the newest when null.</param>
    /// <param name="from">From when on what it signs is refused; now when null.</param>
    /// <param name="reason">Why, one line, kept for ever.</param>
    /// <returns>How the key ended; when it had been revoked before, by the earlier instant and its reason.</returns>
    /// <exception cref="AccountFault">The reason is none.</exception>
    /// <exception cref="StoreException">There is no such key (78).</exception>
    public KeyEnd Revoke(string gateway, int? keyEpoch, DateTimeOffset? from, string reason)
    {
        string why = reason.Trim();
        if (why.Length is 0 or > LongestReason || why.AsSpan().IndexOfAnyInRange('\0', '\u001f') >= 0)
        {
            throw new AccountFault(EnrolmentWords.NoReason, LongestReason);
        }

        int epoch = keyEpoch ?? store.EnrolmentsOf(gateway).Select(enrolment => enrolment.KeyEpoch).DefaultIfEmpty(1).Max();
        store.Revoke(gateway, epoch, from ?? clock.GetUtcNow(), why);
        return store.FindEnd(gateway, epoch)!;
    }
}
