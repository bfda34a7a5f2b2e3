using System.Text.Json;
using Metering.Cloud.Demo;
using Metering.Tests.Support;
using Xunit;

namespace Metering.EndToEnd;

/// <summary>Child processes of the demo.</summary>
public sealed class ChildTests
{
    private const int Children = 100;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [NeedsFact("sh")]
    public async Task The_last_line_of_a_child_that_ends_at_once_is_heard()
    {
        string logs = Directory.CreateTempSubdirectory("metering-child-").FullName;
        try
        {
            for (int number = 0; number < Children; number++)
            {
                using Child child = Child.Start("child", logs, "sh", ["-c", "echo '{\"done\":{\"readings\":7}}'"]);
                JsonElement done = await child.Done.WaitAsync(Deadline);
                Assert.Equal(7, done.GetProperty("readings").GetInt32());
            }
        }
        finally
        {
            Directory.Delete(logs, recursive: true);
        }
    }

    [NeedsFact("sh")]
    public async Task A_child_that_ends_without_its_line_is_a_failure_with_its_last_words()
    {
        string logs = Directory.CreateTempSubdirectory("metering-child-").FullName;
        try
        {
            using Child child = Child.Start("child", logs, "sh", ["-c", "echo 'no disk left' >&2; exit 74"]);
            DemoException fault = await Assert.ThrowsAsync<DemoException>(() => child.Done.WaitAsync(Deadline));
            Assert.Contains("74", fault.Message, StringComparison.Ordinal);
            Assert.Contains("no disk left", fault.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(logs, recursive: true);
        }
    }
}
