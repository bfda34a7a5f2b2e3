using System.Text;
using System.Text.RegularExpressions;
using Metering.Cloud.Api;
using Metering.Tests.Pages;
using Metering.Tests.Support;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Xunit;

namespace Metering.Tests.Api;

public sealed partial class ApiDocumentTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    private static string DocumentFile => Path.Combine(Repository.Root, "cloud", "Metering.Cloud", "Api", "openapi.json");

    [Fact]
    public async Task The_committed_description_is_that_of_the_routes()
    {
        OpenApiDocument document = await portal.App.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(ApiDocument.Name).GetOpenApiDocumentAsync();
        string made = (await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1)).ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable("METERING_GOLDEN") == "write")
        {
            await File.WriteAllTextAsync(DocumentFile, made, new UTF8Encoding(false));
        }

        Assert.Equal(await File.ReadAllTextAsync(DocumentFile), made);
        Assert.Contains("\"openapi\": \"3.1", made, StringComparison.Ordinal);
        Assert.All(document.Paths.SelectMany(path => path.Value.Operations!).Where(pair => pair.Key != HttpMethod.Get), pair => Assert.NotNull(pair.Value.RequestBody));
    }

    [Fact]
    public async Task Every_route_below_the_api_stands_in_the_description()
    {
        string text = await File.ReadAllTextAsync(DocumentFile);
        IEnumerable<string> patterns = portal.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => endpoint.RoutePattern.RawText!).Where(pattern => pattern.StartsWith(ApiRoutes.Address, StringComparison.Ordinal) && !pattern.EndsWith("openapi.json", StringComparison.Ordinal));
        Assert.All(patterns, pattern => Assert.Contains($"\"{Constraint().Replace(pattern, "}")}\": {{", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_code_of_a_fault_stands_in_the_list_of_codes()
    {
        string[] known = [.. ApiCodes.All.Select(code => code.Code)];
        Assert.Equal(known.Length, known.Distinct().Count());
        foreach (string file in Directory.GetFiles(Path.Combine(Repository.Root, "cloud", "Metering.Cloud"), "*.cs", SearchOption.AllDirectories))
        {
            foreach (Match match in Code().Matches(File.ReadAllText(file)))
            {
                Assert.Contains(match.Groups[1].Value, known);
            }
        }
    }

    [GeneratedRegex(@":[a-z]+\}")]
    private static partial Regex Constraint();

    [GeneratedRegex(@"(?:PortalApi\.Fault|ApiRefusal\.Of|Say)\(\s*(?:http, )?StatusCodes\.\w+,\s*""([a-z-]+)""")]
    private static partial Regex Code();
}
