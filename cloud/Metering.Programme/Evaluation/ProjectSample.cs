using System.Security.Cryptography;
using System.Text;

namespace Metering.Programme.Evaluation;

/// <summary>A project of a sample.</summary>
/// <param name="Project">The project.</param>
/// <param name="Hash">SHA-256 of "seed:project", hexadecimal, by which it was ordered.</param>
internal sealed record SampledProject(string Project, string Hash);

/// <summary>
/// Draws a sample that anyone can draw again with any tool: the projects ordered by SHA-256 of "seed:project" (UTF-8), the first ones taken.
/// Who knows the projects but not the seed cannot know the sample.
/// </summary>
internal static class ProjectSample
{
    /// <summary>Most projects of a sample.</summary>
    public const int MostProjects = 1_000;

    /// <summary>The sample in its order; all projects when there are not more than asked for.</summary>
    /// <param name="projects">Identifiers, none twice.</param>
    /// <param name="seed">Seed chosen by the evaluator.</param>
    /// <param name="count">Projects to take, 1 to <see cref="MostProjects"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count out of range.</exception>
    public static IReadOnlyList<SampledProject> Draw(IReadOnlyCollection<string> projects, string seed, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostProjects);
        return
        [
            .. projects.Select(project => new SampledProject(project, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(seed + ":" + project)))))
                .OrderBy(one => one.Hash, StringComparer.Ordinal).Take(count),
        ];
    }
}
