using System.Diagnostics;
using System.IO.Pipes;
using System.Text.Json;
using Metering.Cloud.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Metering.EndToEnd.Tests.Browser;

/// <summary>The cloud as its own command `cloud run` starts it, inside this process, so that its routes and services can be asked.</summary>
internal sealed class RunningCloud : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();

    // Both stay open as long as the cloud runs: it may still be about to flush when its line has been read.
    private readonly AnonymousPipeServerStream pipe = new(PipeDirection.Out);
    private readonly StreamWriter output;
    private Task<int> running = Task.FromResult(0);

    private RunningCloud() => output = new(pipe);

    /// <summary>Where the pages answer.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Its services.</summary>
    public IServiceProvider Services { get; private set; } = null!;

    /// <summary>Everything the program answers to, as its own routing knows it.</summary>
    public IReadOnlyList<RouteEndpoint> Endpoints => [.. Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    /// <summary>Starts it and waits until it says that it is ready.</summary>
    public static async Task<RunningCloud> StartAsync(CloudConfig config, CloudRole role, bool hasDemoRoles)
    {
        RunningCloud cloud = new();
        using HostWatch watch = new();
        using StreamReader reader = new(new AnonymousPipeClientStream(PipeDirection.In, cloud.pipe.ClientSafePipeHandle));
        cloud.running = CloudHost.RunAsync(config, role, hasDemoRoles, cloud.output, TextWriter.Null, cloud.stopping.Token);
        Task<string?> ready = reader.ReadLineAsync(cloud.stopping.Token).AsTask();
        if (await Task.WhenAny(cloud.running, ready) == cloud.running)
        {
            throw new InvalidOperationException($"the cloud ended with {await cloud.running} before it was ready");
        }

        using JsonDocument line = JsonDocument.Parse(await ready ?? "{}");
        cloud.Address = new(line.RootElement.GetProperty("web").GetString()!);
        cloud.Services = watch.Host!.Services;
        return cloud;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        _ = await running;
        await output.DisposeAsync();
        await pipe.DisposeAsync();
        stopping.Dispose();
    }

    /// <summary>Hears of the host that the program builds inside itself, as the platform's own test host does, and of no other that is built meanwhile.</summary>
    private sealed class HostWatch : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private static readonly AsyncLocal<HostWatch?> Current = new();

        private readonly List<IDisposable> subscriptions = [];

        public HostWatch()
        {
            Current.Value = this;
            subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
        }

        public IHost? Host { get; private set; }

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.Extensions.Hosting")
            {
                subscriptions.Add(value.Subscribe(this));
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Key == "HostBuilt" && ReferenceEquals(Current.Value, this))
            {
                Host = (IHost?)value.Value;
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void Dispose() => subscriptions.ForEach(subscription => subscription.Dispose());
    }
}
