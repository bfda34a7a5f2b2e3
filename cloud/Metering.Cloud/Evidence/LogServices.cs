using Metering.Cloud.Projects;
using Metering.Programme.Log;
using Metering.Programme.Storage;

namespace Metering.Cloud.Evidence;

/// <summary>The log among the services of a host with pages.</summary>
internal static class LogServices
{
    /// <summary>Adds the log and its follower; who follows on a clock adds <see cref="LogService"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="database">The programme database.</param>
    /// <param name="name">Name of the log: the cloud's.</param>
    public static void Add(IServiceCollection services, ProgrammeDatabase database, string name) => services
        .AddSingleton(provider => new EvidenceLog(database, name, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(provider => new LogFollower(
            provider.GetRequiredService<EvidenceLog>(), provider.GetRequiredService<ProjectBoard>().Store, database, provider.GetRequiredService<ProjectSource>(), provider.GetRequiredService<TimeProvider>()));
}
