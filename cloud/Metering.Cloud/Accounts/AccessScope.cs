using System.Collections.Frozen;
using Metering.Cloud.Plants;
using Metering.Cloud.Projects;

namespace Metering.Cloud.Accounts;

/// <summary>Permissions that hold for a plant, for a project, or (both null) for the programme.</summary>
/// <param name="Permissions">The permissions.</param>
/// <param name="Plant">The plant, or null.</param>
/// <param name="Project">The project, or null.</param>
/// <param name="EndsUtcMilliseconds">From when on they hold no more; null for no end.</param>
internal sealed record Hold(FrozenSet<Permission> Permissions, string? Plant, string? Project, long? EndsUtcMilliseconds);

/// <summary>Which plant a project or a channel belongs to; null when there is no such thing.</summary>
internal sealed class AccessPlaces(ProjectBoard board)
{
    /// <summary>Plant of a project.</summary>
    public string? PlantOfProject(string project) => board.Register.PlantOfProject(project)?.Id;

    /// <summary>Plant of a gateway's channel.</summary>
    public string? PlantOfChannel(string gateway, string channel) => LiveChannel.Find(board.Store, gateway, channel)?.Plant;
}

/// <summary>What the reader of one request may see and do.</summary>
internal sealed class AccessScope(IReadOnlyList<Hold> holds, AccessPlaces places, TimeProvider clock)
{
    /// <summary>Nobody's scope: nothing.</summary>
    public static AccessScope Nothing(AccessPlaces places, TimeProvider clock) => new([], places, clock);

    /// <summary>Whether a plant may be seen.</summary>
    public bool MaySee(Plant plant) => MaySeePlant(plant.Id);

    /// <summary>Whether a project may be seen.</summary>
    public bool MaySee(Project project) => MaySeeProject(project.Id);

    /// <summary>Whether a plant may be seen, by its identifier.</summary>
    public bool MaySeePlant(string plant) => May(Permission.SeePlant, plant, null);

    /// <summary>Whether a project may be seen, by its identifier.</summary>
    public bool MaySeeProject(string project) => May(Permission.SeeProject, null, project);

    /// <summary>Whether something may be done to a plant, to a project, or (both null) to the whole programme.</summary>
    public bool May(Permission permission, string? plant, string? project) => Holding(permission).Any(hold => Reaches(hold, permission, plant, project));

    /// <summary>Whether something may be done to anything at all; what exactly is then filtered by the page.</summary>
    public bool MayAnywhere(Permission permission) => Holding(permission).Any();

    private IEnumerable<Hold> Holding(Permission permission)
    {
        long now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        return holds.Where(hold => hold.Permissions.Contains(permission) && !(hold.EndsUtcMilliseconds <= now));
    }

    private bool Reaches(Hold hold, Permission permission, string? plant, string? project)
    {
        if (hold is { Plant: null, Project: null })
        {
            return true;
        }

        if (hold.Plant is not null)
        {
            return project is null ? plant == hold.Plant : places.PlantOfProject(project) == hold.Plant;
        }

        // A project's people see its plant, but touch nothing of it that is not of the project.
        return project is null
            ? permission == Permission.SeePlant && plant is not null && places.PlantOfProject(hold.Project!) == plant
            : project == hold.Project;
    }
}
