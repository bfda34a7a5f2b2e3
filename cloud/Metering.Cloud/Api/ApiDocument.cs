using Metering.Cloud.Accounts;
using Microsoft.OpenApi;

namespace Metering.Cloud.Api;

/// <summary>The description of the API (OpenAPI 3.1), made from the routes. The file beside this one is what is served; a test holds both equal.</summary>
internal static class ApiDocument
{
    /// <summary>Name of the document.</summary>
    public const string Name = "v1";

    private const string Scheme = "key";

    private static readonly Dictionary<string, string> Parameters = new(StringComparer.Ordinal)
    {
        ["after"] = "Cursor from the link rel=next of the part before.",
        ["limit"] = "Most items of a part, 1 to 1000; 100 if not given.",
        ["from"] = "First day of the plant (2026-01-31) or first instant (2026-01-31T00:00:00Z).",
        ["to"] = "Day or instant that is not wanted any more.",
        ["step"] = "15m, 1h, 1d or 1mo; 15m if not given.",
        ["plant"] = "Only of this plant.",
        ["project"] = "Only of this project.",
        ["record"] = "Only of this record.",
        ["withdrawn"] = "yes: withdrawn records too.",
        ["kind"] = "Kind of record, see /api/v1/records.",
    };

    /// <summary>Adds what makes the document.</summary>
    public static void Add(IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = description => ("/" + description.RelativePath).StartsWith(ApiRoutes.Address, StringComparison.Ordinal);
        _ = options.AddDocumentTransformer((document, _, _) =>
        {
            Describe(document);
            return Task.CompletedTask;
        });
        _ = options.AddOperationTransformer(async (operation, context, cancellationToken) =>
        {
            IList<object> metadata = context.Description.ActionDescriptor.EndpointMetadata;
            Describe(operation, metadata.OfType<NeededAccess>().FirstOrDefault(), context.Description.HttpMethod ?? "GET");
            if (metadata.OfType<ApiBody>().FirstOrDefault() is ApiBody body)
            {
                OpenApiSchema schema = await context.GetOrCreateSchemaAsync(body.Type, cancellationToken: cancellationToken);
                operation.RequestBody = new OpenApiRequestBody
                {
                    Required = true,
                    Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { ["application/json"] = new() { Schema = schema } },
                };
            }
        });
    });

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new()
        {
            Title = "Metering",
            Version = Name,
            Description = "Readings, series, results and records. Faults are problem details (RFC 9457) with code, hint and docs. Lists come in parts: follow the header Link with rel=next. Reads carry a strong ETag. Times are ISO 8601 in UTC.",
        };
        document.Servers = [];
        document.Components ??= new();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "A key (mtr_...), bound to a plant, a project or the whole programme, to read or also to enter records.",
            },
        };
        document.Security = [new() { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
    }

    private static void Describe(OpenApiOperation operation, NeededAccess? need, string method)
    {
        if (need is not null)
        {
            operation.Description = $"Needs {need.Permission}{(need.Target == Target.Anywhere ? "; shows what one may see" : $" on the {need.Target.ToString().ToLowerInvariant()}")}.";
        }

        foreach (OpenApiParameter parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            parameter.Description ??= parameter.Name is string name ? Parameters.GetValueOrDefault(name) : null;
        }

        if (method is "PUT" || (method is "POST" && operation.Summary?.StartsWith("Withdraws", StringComparison.Ordinal) == true))
        {
            Header(operation, "If-Match", "ETag of the version that is changed.");
        }

        if (method is "PUT")
        {
            Header(operation, "If-None-Match", "* for a new record.");
        }
        else if (method is "POST" && operation.Summary?.StartsWith("Enters", StringComparison.Ordinal) == true)
        {
            Header(operation, "Idempotency-Key", "A text of its own for each entry, such as a UUID.", isRequired: true);
        }
        else if (method is "GET")
        {
            Header(operation, "If-None-Match", "ETag of what one has already: the answer is then 304 without a body.");
        }
    }

    private static void Header(OpenApiOperation operation, string name, string description, bool isRequired = false)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter { Name = name, In = ParameterLocation.Header, Description = description, Required = isRequired, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
    }
}
