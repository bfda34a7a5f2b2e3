using System.Globalization;
using Metering.Programme.Records;
using Microsoft.Net.Http.Headers;

namespace Metering.Cloud.Api;

/// <summary>What a change says it was made from: If-Match with the version's tag, or If-None-Match: * for a new record. Without either it is refused (RFC 6585, 3).</summary>
/// <param name="Version">The version; 0 for a new record, null for whatever stands (If-Match: *).</param>
internal sealed record Precondition(long? Version)
{
    /// <summary>What a request says.</summary>
    /// <exception cref="ApiRefusal">Nothing (428), or no tag of a record (400).</exception>
    public static Precondition Of(HttpContext http)
    {
        string match = http.Request.Headers.IfMatch.ToString().Trim();
        if (match == "*")
        {
            return new((long?)null);
        }

        if (match.Length > 0)
        {
            return EntityTagHeaderValue.TryParse(match, out EntityTagHeaderValue? tag) && !tag.IsWeak
                && long.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out long version) && version > 0
                ? new(version)
                : throw ApiRefusal.Of(StatusCodes.Status400BadRequest, "bad-tag", new("If-Match no es el ETag de un registro, como \"3\"", "If-Match is not the ETag of a record, such as \"3\""), HeaderNames.IfMatch);
        }

        return http.Request.Headers.IfNoneMatch.ToString().Trim() == "*"
            ? new(0)
            : throw ApiRefusal.Of(
                StatusCodes.Status428PreconditionRequired,
                "no-precondition",
                new("un cambio lleva If-Match con el ETag del que parte; un registro nuevo, If-None-Match: *", "a change needs If-Match with the ETag it was made from, a new record If-None-Match: *"),
                HeaderNames.IfMatch);
    }

    /// <summary>The version to change.</summary>
    /// <param name="http">The request; gets the ETag that stands when it is another one.</param>
    /// <param name="found">The record as it stands; null when there is none.</param>
    /// <exception cref="ApiRefusal">Another version stands (412).</exception>
    public long Against(HttpContext http, RecordVersion? found)
    {
        long stands = found?.Version ?? 0;
        if (Version == stands || (Version is null && stands > 0))
        {
            return stands;
        }

        throw Changed(http, stands, Version == 0);
    }

    /// <summary>The refusal of a change that was made from another version.</summary>
    public static ApiRefusal Changed(HttpContext http, long stands, bool isNew)
    {
        if (stands > 0)
        {
            http.Response.Headers.ETag = ApiAnswer.Quoted(stands.ToString(CultureInfo.InvariantCulture));
        }

        return isNew
            ? ApiRefusal.Of(StatusCodes.Status412PreconditionFailed, "already-there", new("ya hay un registro con este identificador", "there is a record of this identifier already"), HeaderNames.IfNoneMatch)
            : ApiRefusal.Of(
                StatusCodes.Status412PreconditionFailed,
                "changed-meanwhile",
                stands == 0
                    ? new("ese registro ya no existe", "there is no such record any more")
                    : new(
                        string.Create(CultureInfo.InvariantCulture, $"está la versión {stands}; alguien más cambió el registro desde que se leyó"),
                        string.Create(CultureInfo.InvariantCulture, $"version {stands} stands; somebody else changed the record since it was read")),
                HeaderNames.IfMatch);
    }
}
