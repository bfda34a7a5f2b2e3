namespace Metering.Analytics.Portfolio;

/// <summary>
/// Which results could be the same saving as another at all: those that share a channel, a project or the first name of their boundaries, and all
/// where one states no channel. A thousand results with meters of their own are looked through in a thousand steps instead of half a million.
/// </summary>
internal sealed class DoubleCountCandidates
{
    private readonly IReadOnlyList<ProjectSaving> _projects;
    private readonly Dictionary<string, List<int>> _byChannel = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<int>> _byProject = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<int>> _byPlace = new(StringComparer.Ordinal);
    private readonly List<int> _withoutChannels = [];

    internal DoubleCountCandidates(IReadOnlyList<ProjectSaving> projects)
    {
        _projects = projects;
        for (int index = 0; index < projects.Count; index++)
        {
            ProjectSaving project = projects[index];
            foreach (string channel in project.Channels)
            {
                Add(_byChannel, channel, index);
            }

            Add(_byProject, project.Project, index);
            if (project.Boundary.Length > 0)
            {
                Add(_byPlace, PlaceOf(project.Boundary), index);
            }

            if (project.Channels.Count == 0)
            {
                _withoutChannels.Add(index);
            }
        }
    }

    /// <summary>Indices above one that have to be compared with it, ascending, none twice.</summary>
    internal IEnumerable<int> After(int index)
    {
        ProjectSaving project = _projects[index];
        if (project.Channels.Count == 0)
        {
            return Enumerable.Range(index + 1, _projects.Count - index - 1);
        }

        SortedSet<int> found = [];
        foreach (string channel in project.Channels)
        {
            AddAbove(found, _byChannel[channel], index);
        }

        AddAbove(found, _byProject[project.Project], index);
        AddAbove(found, _withoutChannels, index);
        if (project.Boundary.Length > 0)
        {
            AddAbove(found, _byPlace[PlaceOf(project.Boundary)], index);
        }

        return found;
    }

    // Of two boundaries of which one lies in the other, the first names are the same.
    private static string PlaceOf(string boundary) => boundary.TrimEnd('/').Split('/')[0];

    private static void Add(Dictionary<string, List<int>> lists, string key, int index)
    {
        if (!lists.TryGetValue(key, out List<int>? list))
        {
            lists[key] = list = [];
        }

        list.Add(index);
    }

    // The lists ascend, so what lies above stands at their end.
    private static void AddAbove(SortedSet<int> found, List<int> list, int index)
    {
        for (int place = list.Count - 1; place >= 0 && list[place] > index; place--)
        {
            _ = found.Add(list[place]);
        }
    }
}
