using Metering.Cloud.Pages;

namespace Metering.Cloud.Api;

/// <summary>A request of the API that is refused, with its answer; <see cref="FilterAsync"/> turns it into that answer.</summary>
internal sealed class ApiRefusal(IResult answer, string message) : Exception(message)
{
    /// <summary>The answer.</summary>
    public IResult Answer { get; } = answer;

    /// <summary>A refusal with a code.</summary>
    /// <param name="status">The status.</param>
    /// <param name="code">The code, see <see cref="ApiCodes"/>.</param>
    /// <param name="detail">What happened.</param>
    /// <param name="field">The field, parameter or header at fault, or null.</param>
    public static ApiRefusal Of(int status, string code, Text detail, string? field = null) => new(PortalApi.Fault(status, code, detail, field), detail.In(Language.English));

    /// <summary>What is not there, or not to be seen: one answer for both.</summary>
    public static ApiRefusal Unknown(string what, Text detail) => Of(StatusCodes.Status404NotFound, "unknown-" + what, detail);

    /// <summary>Answers requests that are refused while they are worked on.</summary>
    public static async ValueTask<object?> FilterAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (ApiRefusal refusal)
        {
            return refusal.Answer;
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return PortalApi.Fault(e.StatusCode, "too-large", new("El cuerpo es más largo que cualquier registro", "the body is longer than any record"));
        }
    }
}
