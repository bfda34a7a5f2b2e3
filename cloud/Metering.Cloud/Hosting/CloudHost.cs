using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Metering.Cloud.Accounts;
using Metering.Cloud.Evidence;
using Metering.Cloud.Intake;
using Metering.Cloud.Pages;
using Metering.Cloud.Register;
using Metering.Ingestion;
using Metering.Mqtt;
using Metering.Programme.Accounts;
using Metering.Programme.Log;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Metering.Store;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Logging.Console;

namespace Metering.Cloud.Hosting;

/// <summary>One running cloud process: store, ingestion, mirror and pages, as its role says.</summary>
internal static class CloudHost
{
    private const int ClientSuffixLength = 4;

    /// <summary>Gateways with refusals that /health names.</summary>
    private const int MaximumListed = 100;

    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Runs until SIGTERM, Ctrl+C or the token.</summary>
    /// <param name="config">The configuration, checked for running.</param>
    /// <param name="role">What to do.</param>
    /// <param name="output">Gets one JSON line when ready.</param>
    /// <param name="error">Gets messages for the person at the terminal.</param>
    /// <param name="cancellationToken">Stops it like SIGTERM.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(CloudConfig config, CloudRole role, TextWriter output, TextWriter error, CancellationToken cancellationToken) =>
        RunAsync(config, role, hasDemoRoles: false, output, error, cancellationToken);

    /// <summary>The same, with the demonstration's role switch when it is asked for.</summary>
    public static async Task<int> RunAsync(CloudConfig config, CloudRole role, bool hasDemoRoles, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        using ECDsa key = CloudSecrets.LoadKey(config.KeyFile);
        using IReadingStore store = ReadingStores.Open(config.Store, TimeProvider.System);
        bool ingests = role is CloudRole.All or CloudRole.Ingestion;
        if (ingests)
        {
            CheckShare(config, store);
            store.BecomeWriter();
        }

        using IntakeService? intake = config.Intake is not null && role != CloudRole.Ingestion ? IntakeService.Open(config, store, TimeProvider.System) : null;
        AccountSettings? accounts = role == CloudRole.Ingestion ? null : AccountsOf(config, hasDemoRoles);
        await using WebApplication app = Build(config, role, store, (ingests ? IngestionOf(config, key) : null, intake, accounts));
        if (accounts is not null)
        {
            await PrepareAccountsAsync(app, config, error);
        }

        await StartAsync(app, config, cancellationToken);
        IngestionWorker? worker = app.Services.GetService<IngestionWorker>();
        if (worker is not null && await worker.FirstAttempt.WaitAsync(cancellationToken) is { Kind: MqttErrorKind.Refused, IsTransient: false } refusal)
        {
            using CancellationTokenSource deadline = new(StopTimeout);
            await app.StopAsync(deadline.Token);
            throw Explain(config.Broker, refusal);
        }

        PrintReady(app, role, output);
        await app.WaitForShutdownAsync(cancellationToken);
        if (worker?.ExecuteTask is { IsFaulted: true } ended)
        {
            await error.WriteLineAsync($"ingestion ended by a fault of the program: {ended.Exception!.GetBaseException().Message}");
            return ExitCode.Software;
        }

        return ExitCode.Ok;
    }

    private static void CheckShare(CloudConfig config, IReadingStore store)
    {
        if (config.Broker.Share is not null && !store.AllowsSeveralWriters)
        {
            throw new CloudFault(
                ExitCode.Configuration,
                "broker.share es para varios procesos que escriben en un mismo almacén, y el almacén {0} es un archivo que admite uno. Quite broker.share, o use un almacén en PostgreSQL.", $"broker.share is for several processes that bring readings into one store, and the store {config.Store} is a file that takes one. Remove broker.share, or use a PostgreSQL store.");
        }
    }

    private static AccountSettings AccountsOf(CloudConfig config, bool hasDemoRoles)
    {
        ProgrammeDatabase database = ProgrammeDatabase.Open(config.Programme);
        return new(database, Path.GetDirectoryName(config.Store.File ?? config.KeyFile)!) { HasDemoRoles = hasDemoRoles, IsSecure = config.Web.IsRemote };
    }

    private static async Task PrepareAccountsAsync(WebApplication app, CloudConfig config, TextWriter error)
    {
        await using AsyncServiceScope scope = app.Services.CreateAsyncScope();
        AccountDesk desk = scope.ServiceProvider.GetRequiredService<AccountDesk>();
        if (app.Services.GetRequiredService<AccountSettings>().HasDemoRoles)
        {
            if (config.ProjectsFile is string projects)
            {
                // A demonstration shows the work on its projects, and only a project of the register can be worked on.
                RecordStore register = app.Services.GetRequiredService<RecordStore>();
                Projects.ProgrammeImport.Plan(projects, register).Run(register, Actor.System, isRehearsal: false, Language.Spanish);
            }

            await DemoRoutes.MakeAccountsAsync(desk, app.Services.GetRequiredService<Projects.ProjectBoard>().Register);
        }
        else if (!desk.HasAccounts)
        {
            await error.WriteLineAsync($"there are no accounts yet: run 'cloud accounts first --config {config.File}' and open the address it prints");
        }
    }

    private static WebApplication Build(CloudConfig config, CloudRole role, IReadingStore store, (IngestionOptions? Ingestion, IntakeService? Intake, AccountSettings? Accounts) parts)
    {
        (IngestionOptions? ingestion, IntakeService? intake, AccountSettings? accounts) = parts;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(CloudHost).Assembly.GetName().Name, ContentRootPath = AppContext.BaseDirectory });
        Quieten(builder.Logging);

        // Ingestion has no pages and takes a free port for /health, so that both roles can share one configuration.
        builder.WebHost.ConfigureKestrel(kestrel => RemoteAccess.Listen(kestrel, config.Web, role == CloudRole.Ingestion ? 0 : config.Web.Port));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = StopTimeout);
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(config).AddSingleton(store).AddSingleton<IngestionState>();
        if (ingestion is not null)
        {
            builder.Services
                .AddSingleton(services => ingestion with { LogSince = (accounts is null ? LogWord.Of(config, TimeProvider.System) : new LogWord(services.GetRequiredService<EvidenceLog>, TimeProvider.System)).Since })
                .AddSingleton<IngestionWorker>();
            builder.Services.AddHostedService(services => services.GetRequiredService<IngestionWorker>());
            builder.Services.AddHostedService<RollupService>();
            if (config.Influx is InfluxConfig influx)
            {
                // The mirror follows the journal, so it belongs to the one process that writes it.
                builder.Services.AddSingleton(_ => InfluxCommand.CreateClient())
                    .AddSingleton(services => InfluxCommand.MirrorOf(influx, store, services.GetRequiredService<HttpClient>()))
                    .AddSingleton(services => InfluxCommand.IntervalMirrorOf(influx, store, services.GetRequiredService<HttpClient>()))
                    .AddHostedService<InfluxMirrorService>();
            }
        }

        if (accounts is not null)
        {
            Portal.AddPortal(builder.Services, config.ProjectsFile, store, Path.Combine(Path.GetDirectoryName(config.Store.File ?? config.KeyFile)!, "summaries.json"));
            builder.Services.AddHostedService<PreparationService>().AddHostedService<MemoryService>();
            AccountHost.Add(builder.Services, accounts);
            RegisterRoutes.Add(builder.Services, accounts.Database);
            LogServices.Add(builder.Services, accounts.Database, config.Name);
            EvidenceRoutes.Add(builder.Services, new(() => CloudSecrets.LoadKey(config.KeyFile), accounts.StateFolder) { TimeStampAuthority = config.TimeStampAuthority });
            builder.Services.AddHostedService<LogService>();
        }

        WebApplication app = builder.Build();
        RemoteAccess.Use(app, config.Web);
        _ = app.MapGet("/health", (HttpContext http, IngestionState state) => Results.Json(IsOfThisMachine(http) ? Health(role, store, state) : BriefHealth(role, state), JsonSerializerOptions.Web)).Open();
        _ = app.MapGet("/ready", (IngestionState state) => Ready(role, store, state)).Open();
        if (role != CloudRole.Ingestion)
        {
            Portal.MapPortal(app);
        }

        if (intake is not null)
        {
            IntakeRoutes.Map(app, intake);
        }

        return app;
    }

    private static async Task StartAsync(WebApplication app, CloudConfig config, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            // What was started already must not go on while that which it uses is disposed.
            using CancellationTokenSource deadline = new(StopTimeout);
            await app.StopAsync(deadline.Token);
            throw e.InnerException is AddressInUseException
                ? new CloudFault(
                    ExitCode.Unavailable,
                    "otro programa ocupa el puerto {0} de {1}. Detenga ese programa, o dé otro web.port (0 toma uno libre).",
                    $"port {config.Web.Port} on {config.Web.Address} is taken by another program. Stop that one, or give another web.port (0 takes a free one).")
                : new CloudFault(
                    ExitCode.Unavailable,
                    "no se puede responder en {0} puerto {1}: {2}. Dé otra web.address u otro web.port.",
                    $"cannot answer on {config.Web.Address} port {config.Web.Port}: {e.Message}. Give another web.address or web.port.");
        }
    }

    private static void Quieten(ILoggingBuilder logging)
    {
        _ = logging.ClearProviders()
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("System", LogLevel.Warning)

            // It warns at every start that the keys of cookies stand in a file as they are: they are readable by this user only, like the cloud's own key.
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error)

            // It warns on every form that the page must not be kept, which is what it makes sure of itself.
            .AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.Error)

            // A start that fails is told by this program in a sentence; the host's own words are a stack trace.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical)
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
                console.ColorBehavior = LoggerColorBehavior.Disabled;
            });
        _ = logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    private static IngestionOptions IngestionOf(CloudConfig config, ECDsa key) => new()
    {
        Name = config.Name,
        ClientId = config.Broker.ClientId ?? (config.Broker.Share is null ? null : $"{config.Name}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(ClientSuffixLength))}"),
        Share = config.Broker.Share,
        BatchTopics = config.Broker.Gateways.Count == 0 ? [Readings.Topics.AllBatches] : [.. config.Broker.Gateways.Select(Readings.Topics.Batch)],
        Key = key,
        BrokerHost = config.Broker.Host,
        BrokerPort = config.Broker.Port,
        UserName = config.Broker.UserName,
        Password = CloudSecrets.ReadPassword(config.Broker.PasswordFile),
    };

    private static void PrintReady(WebApplication app, CloudRole role, TextWriter output)
    {
        bool hasPages = role != CloudRole.Ingestion;
        string address = app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        output.WriteLine(JsonSerializer.Serialize(
            new
            {
                ready = true,
                web = hasPages ? address : null,
                health = address + "/health",
                role = Name(role),
                broker = role == CloudRole.Web ? null : Name(app.Services.GetRequiredService<IngestionState>().IsConnected),
            },
            JsonSerializerOptions.Web));
        output.Flush();
    }

    private static object Health(CloudRole role, IReadingStore store, IngestionState state)
    {
        IngestionTotals totals = state.Totals();
        bool ingests = role != CloudRole.Web;
        return new
        {
            status = !ingests || state.IsConnected ? "ok" : "degraded",
            role = Name(role),
            broker = ingests ? Name(state.IsConnected) : null,
            journal = store.LastSequence,
            quarantined = store.QuarantineCount,
            setAside = store.QuarantineCounts(),
            sinceStart = totals,
            refusals = state.Gateways().Where(gateway => gateway.Refusals.Count > 0 || gateway.ImplausibleClock > 0)
                .Take(MaximumListed).Select(gateway => new { gateway.Gateway, gateway.Refusals, gateway.ImplausibleClock }),
        };
    }

    // Gateways are named to this machine only: behind a proxy everybody's address is the proxy's, but then the header is there.
    private static bool IsOfThisMachine(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address) && !http.Request.Headers.ContainsKey("X-Forwarded-For");

    private static object BriefHealth(CloudRole role, IngestionState state) =>
        new { status = role == CloudRole.Web || state.IsConnected ? "ok" : "degraded" };

    /// <summary>200 when the store answers and, where readings come in, the broker is connected; 503 with what is missing otherwise.</summary>
    private static IResult Ready(CloudRole role, IReadingStore store, IngestionState state)
    {
        try
        {
            _ = store.LastSequence;
        }
        catch (StoreException)
        {
            return Results.Json(new { ready = false, waitsFor = "store" }, JsonSerializerOptions.Web, statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        return role == CloudRole.Web || state.IsConnected
            ? Results.Json(new { ready = true }, JsonSerializerOptions.Web)
            : Results.Json(new { ready = false, waitsFor = "broker" }, JsonSerializerOptions.Web, statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static string Name(CloudRole role) => role switch
    {
        CloudRole.All => "all",
        CloudRole.Ingestion => "ingestion",
        CloudRole.Web => "web",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Name(bool isConnected) => isConnected ? "connected" : "disconnected";

    private static CloudFault Explain(BrokerConfig broker, MqttException refusal) => broker.UserName is null
        ? new(
            ExitCode.Permission,
            "el broker en {0}:{1} rechaza una entrada sin usuario: {2} Revise broker.userName y broker.passwordFile, y que el archivo de contraseñas y la lista de accesos del broker conozcan a este usuario.",
            $"the broker at {broker.Host}:{broker.Port} refuses a login without user name: {refusal.Message} Check broker.userName and broker.passwordFile, and that the broker's password file and access list know this user.")
        : new(
            ExitCode.Permission,
            "el broker en {0}:{1} rechaza al usuario {2}: {3} Revise broker.userName y broker.passwordFile, y que el archivo de contraseñas y la lista de accesos del broker conozcan a este usuario.",
            $"the broker at {broker.Host}:{broker.Port} refuses user {broker.UserName}: {refusal.Message} Check broker.userName and broker.passwordFile, and that the broker's password file and access list know this user.");
}
