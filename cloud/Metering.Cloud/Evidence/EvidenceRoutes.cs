using System.Security.Cryptography;
using Metering.Cloud.Accounts;
using Metering.Cloud.Pages;
using Metering.Evidence.Bundle;
using Metering.Programme.Log;

namespace Metering.Cloud.Evidence;

/// <summary>The addresses at which a project's evidence bundle is taken.</summary>
internal static class EvidenceRoutes
{
    private const string BundleType = "application/zip";

    /// <summary>Adds the desk.</summary>
    /// <param name="services">The services; the log's are there.</param>
    /// <param name="settings">Key and folder.</param>
    public static void Add(IServiceCollection services, BundleSettings settings) => services.AddSingleton(settings).AddSingleton<BundleDesk>().AddSingleton(provider =>
    {
        using ECDsa key = settings.OpenKey();
        return LogKey.Of(provider.GetRequiredService<EvidenceLog>().Name, key);
    });

    /// <summary>Adds the addresses.</summary>
    public static void Map(WebApplication app)
    {
        LogKey.Map(app);
        foreach (Language language in Languages.All)
        {
            app.MapGroup("/" + language.Code()).MapGet("/projects/{id}/evidence.mevb", async (string id, HttpContext http, BundleDesk desk) =>
            {
                (FileStream? file, BundleRefusal? refusal) = await MakeAsync(id, http, desk);
                return refusal is null ? FileOf(id, file!) : Portal.Message(http, EvidenceWords.NoBundleTitle, refusal.Words, StatusOf(http, refusal));
            }).Needs(Permission.SeeProject, Target.Project);
        }

        app.MapGet("/api/v1/projects/{id}/evidence", async (string id, HttpContext http, BundleDesk desk) =>
        {
            (FileStream? file, BundleRefusal? refusal) = await MakeAsync(id, http, desk);
            return refusal is null ? FileOf(id, file!) : PortalApi.Fault(StatusOf(http, refusal), refusal.Code, refusal.Words);
        }).Needs(Permission.SeeProject, Target.Project).WithTags("results").WithSummary("The evidence bundle: everything that recomputes the saving offline.").Produces<byte[]>(StatusCodes.Status200OK, BundleType);
    }

    /// <summary>Address of a project's bundle, after the language.</summary>
    public static string Of(string project) => $"/projects/{project}/evidence.mevb";

    private static IResult FileOf(string id, FileStream file) => Results.File(file, BundleType, BundleMaker.NameOf(id));

    private static async Task<(FileStream? File, BundleRefusal? Refusal)> MakeAsync(string id, HttpContext http, BundleDesk desk)
    {
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            return (await desk.MakeAsync(id, CurrentActor.Of(http), http.RequestAborted), null);
        }
        catch (BundleRefusal e)
        {
            return (null, e);
        }
        catch (BundleFormatException e)
        {
            return (null, new("bundle-too-large", isTransient: false, new(EvidenceWords.TooLarge.In(Language.Spanish), $"{EvidenceWords.TooLarge.In(Language.English)} ({e.Message})")));
        }
    }

    private static int StatusOf(HttpContext http, BundleRefusal refusal)
    {
        if (refusal.IsTransient)
        {
            http.Response.Headers.RetryAfter = "30";
            return StatusCodes.Status503ServiceUnavailable;
        }

        return refusal.Code == "unknown-project" ? StatusCodes.Status404NotFound : StatusCodes.Status409Conflict;
    }
}
