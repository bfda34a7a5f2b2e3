using System.Globalization;
using Metering.Cloud.Pages;
using Metering.Programme.Kinds;
using Metering.Programme.Lifecycle;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Metering.Store;
using Microsoft.AspNetCore.Components;

namespace Metering.Cloud.Register;

/// <summary>The addresses of the register: for every kind a list, a CSV, a form and a page with history; and two overviews of projects.</summary>
internal static class RegisterRoutes
{
    /// <summary>The register after the language.</summary>
    public const string Address = "/register";

    /// <summary>Projects by state; an identifier never begins with a hyphen.</summary>
    public const string Pipeline = Address + "/-pipeline";

    /// <summary>Targets and progress by year.</summary>
    public const string Targets = Address + "/-targets";

    private const string ProgrammeFile = "programme.db";
    private const int LongestSearch = 100;

    /// <summary>Where the programme database stands when nothing else is said: beside a store file, or in the store's own PostgreSQL.</summary>
    public static StoreLocation LocationBeside(StoreLocation store) =>
        store.File is string file ? StoreLocation.AtFile(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, ProgrammeFile)) : store;

    /// <summary>Opens the programme database and adds what the register's pages need.</summary>
    /// <exception cref="StoreException">It cannot be reached or made.</exception>
    public static void Add(IServiceCollection services, StoreLocation location)
    {
        RecordStore register = new(ProgrammeDatabase.Open(location), TimeProvider.System);
        services.AddSingleton(register).AddScoped<RegisterView>();
        FormGuard.Add(services);
    }

    /// <summary>Address of a kind's list.</summary>
    public static string Of(RecordKind kind) => Address + "/" + kind.Name;

    /// <summary>Address of a kind's empty form.</summary>
    public static string NewOf(RecordKind kind) => Of(kind) + "/-new";

    /// <summary>Adds the addresses where there is a register.</summary>
    public static void Map(WebApplication app)
    {
        if (app.Services.GetService<RecordStore>() is not RecordStore store)
        {
            return;
        }

        foreach (Language language in Languages.All)
        {
            string root = "/" + language.Code() + Address;
            RecordForms forms = new(store, app.Services.GetRequiredService<FormGuard>(), language);
            app.MapGet(root, (HttpContext http) => Show<RegisterPage>(http, language, Address, RegisterWords.Register, view => view.Snapshot = store.Snapshot));
            app.MapGet("/" + language.Code() + Pipeline, (HttpContext http) => Show<PipelinePage>(
                http, language, Pipeline, RegisterWords.Pipeline, view => view.Standings = ProjectLifecycle.Standings(store.Snapshot, store.Today)));
            app.MapGet("/" + language.Code() + Targets, (HttpContext http) => Show<TargetsPage>(
                http, language, Targets, RegisterWords.Targets, view => view.Years = YearProgress.Of(store.Snapshot)));
            app.MapGet(root + "/{kind}.csv", (string kind, HttpContext http) => OfKind(http, kind, found => Csv(http, store.Snapshot, found)));
            app.MapGet(root + "/{kind}", (string kind, HttpContext http) => OfKind(http, kind, found => List(http, store.Snapshot, found, language)));
            app.MapGet(root + "/{kind}/-new", (string kind, HttpContext http) => OfKind(http, kind, found => forms.New(http, found)));
            app.MapPost(root + "/{kind}/-new", (string kind, HttpContext http) => OfKindAsync(http, kind, found => forms.SaveAsync(http, found, null)));
            app.MapGet(root + "/{kind}/{id}", (string kind, string id, HttpContext http) => OfKind(http, kind, found => forms.Show(http, found, id, null, StatusCodes.Status200OK)));
            app.MapGet(root + "/{kind}/{id}/edit", (string kind, string id, HttpContext http) => OfKind(http, kind, found => forms.Edit(http, found, id)));
            app.MapPost(root + "/{kind}/{id}/edit", (string kind, string id, HttpContext http) => OfKindAsync(http, kind, found => forms.SaveAsync(http, found, id)));
            app.MapPost(root + "/{kind}/{id}/withdraw", (string kind, string id, HttpContext http) => OfKindAsync(http, kind, found => forms.WithdrawAsync(http, found, id)));
            app.MapPost(root + "/{kind}/{id}/undo", (string kind, string id, HttpContext http) => OfKindAsync(http, kind, found => forms.UndoAsync(http, found, id)));
        }
    }

    /// <summary>A page of the register; its forms may be sent here.</summary>
    internal static PageResult Show<TPage>(HttpContext http, Language language, string path, Text title, Action<RegisterView> fill)
        where TPage : IComponent => Show<TPage>(http, language, path, title.In(language), StatusCodes.Status200OK, fill);

    /// <summary>A page of the register with a title of its own and another status.</summary>
    internal static PageResult Show<TPage>(HttpContext http, Language language, string path, string title, int status, Action<RegisterView> fill)
        where TPage : IComponent
    {
        PageContext page = http.RequestServices.GetRequiredService<PageContext>();
        page.Begin(language, path, TimeProvider.System.GetUtcNow());
        page.Title = title;
        IHeaderDictionary headers = http.Response.Headers;
        headers.CacheControl = "no-store"; // names and contacts of people
        headers.ContentSecurityPolicy = headers.ContentSecurityPolicy.ToString().Replace("form-action 'none'", "form-action 'self'", StringComparison.Ordinal);
        fill(http.RequestServices.GetRequiredService<RegisterView>());
        return PageResult.Of<TPage>(status, []);
    }

    private static IResult OfKind(HttpContext http, string kind, Func<RecordKind, IResult> answer) =>
        RecordKinds.Find(kind) is RecordKind found ? answer(found) : Portal.NotFound(http);

    private static Task<IResult> OfKindAsync(HttpContext http, string kind, Func<RecordKind, Task<IResult>> answer) =>
        RecordKinds.Find(kind) is { IsWrittenByHand: true } found ? answer(found) : Task.FromResult(Portal.NotFound(http));

    private static PageResult List(HttpContext http, RegisterSnapshot register, RecordKind kind, Language language)
    {
        string search = http.Request.Query["q"].ToString().Trim();
        RecordList list = RecordList.Of(
            register, kind, search.Length > LongestSearch ? search[..LongestSearch] : search, http.Request.Query["sort"].ToString(), http.Request.Query["order"] == "descending");
        return Show<RecordListPage>(http, language, Of(kind), kind.Plural, view => view.List = list);
    }

    private static IResult Csv(HttpContext http, RegisterSnapshot register, RecordKind kind)
    {
        http.Response.Headers.CacheControl = "no-store";
        return PortalApi.Download(RecordList.Csv(register, kind), string.Create(CultureInfo.InvariantCulture, $"{kind.Name}.csv"));
    }
}
