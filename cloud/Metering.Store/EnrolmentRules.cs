using Metering.Readings;

namespace Metering.Store;

/// <summary>What every store asks of an enrolment.</summary>
internal static class EnrolmentRules
{
    /// <summary>Checks identifiers, epoch and key.</summary>
    public static void Check(GatewayEnrolment enrolment)
    {
        _ = Identifier.Require(enrolment.Gateway, nameof(enrolment));
        _ = Identifier.Require(enrolment.Plant, nameof(enrolment));
        ArgumentOutOfRangeException.ThrowIfLessThan(enrolment.KeyEpoch, 1, nameof(enrolment));
        try
        {
            SigningKey.Parse(enrolment.PublicKeyPem).Dispose();
        }
        catch (WireFormatException e)
        {
            throw new ArgumentException(e.Message, nameof(enrolment), e);
        }
    }

    /// <summary>An enrolment stands for ever: the same one again changes nothing, another one is refused.</summary>
    public static void RequireSame(GatewayEnrolment stored, GatewayEnrolment enrolment)
    {
        if (stored != enrolment)
        {
            throw new StoreException(
                "el gateway {0} está dado de alta con otra llave, planta u origen en la llave número {1}. Dé de alta la llave nueva con el número {2}.", $"gateway {enrolment.Gateway} is enrolled with another key, plant or origin in key epoch {enrolment.KeyEpoch}. Enrol the new key with epoch {enrolment.KeyEpoch + 1}.",
                StoreException.Configuration);
        }
    }

    /// <summary>Those of gateways whose newest enrolment names this plant.</summary>
    /// <param name="enrolments">Every one of each gateway in question, by gateway and key epoch, ascending.</param>
    /// <param name="plant">Plant identifier.</param>
    public static List<GatewayEnrolment> OfPlant(List<GatewayEnrolment> enrolments, string plant)
    {
        Dictionary<string, GatewayEnrolment> newest = Newest(enrolments);
        return enrolments.FindAll(enrolment => newest[enrolment.Gateway].Plant == plant);
    }

    /// <summary>The newest enrolment of each gateway.</summary>
    /// <param name="enrolments">By gateway and key epoch, ascending.</param>
    public static Dictionary<string, GatewayEnrolment> Newest(IReadOnlyList<GatewayEnrolment> enrolments)
    {
        Dictionary<string, GatewayEnrolment> newest = new(StringComparer.Ordinal);
        foreach (GatewayEnrolment enrolment in enrolments)
        {
            newest[enrolment.Gateway] = enrolment;
        }

        return newest;
    }
}
