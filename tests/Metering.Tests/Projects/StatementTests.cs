using System.Text;
using Metering.Analytics.Events;
using Metering.Projects.Statements;
using Metering.Readings;
using Metering.Tests.Verifier;
using Xunit;

namespace Metering.Tests.Projects;

/// <summary>The bodies of the log's entries: one form each, read as written, refused in any other.</summary>
public sealed class StatementTests
{
    private static readonly MeasurementText Words = new("C", "todo el «edificio»", "línea 1\nlínea 2", "J. P.", null, new string('a', 64), new(2025, 8, 1));

    public static TheoryData<string> Kinds => ["plan", "decision", "production", "key", "end", "report", "erasure", "record", "bundle"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_statement_is_read_as_it_was_written_and_in_no_other_spelling(string kind)
    {
        byte[] bytes = Sample(kind);
        Assert.Equal(bytes, Again(kind, bytes));
        Assert.Equal((byte)'\n', bytes[^1]);
        string text = Encoding.UTF8.GetString(bytes);
        foreach (string other in (string[])[" " + text, text + "\n", text.TrimEnd(), text.Replace("\":", "\": ", StringComparison.Ordinal), text.Insert(1, "\"more\":1,"), "[]\n", "{}\n", "null\n", "{\n", text[..(text.Length / 2)]])
        {
            _ = Assert.Throws<WireFormatException>(() => Again(kind, Encoding.UTF8.GetBytes(other)));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Whatever_the_bytes_are_they_are_taken_or_refused(string kind)
    {
        byte[] bytes = Sample(kind);
        Random random = new(5);
        for (int round = 0; round < 2000; round++)
        {
            byte[] changed = [.. bytes];
            for (int count = random.Next(1, 4); count > 0; count--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            try
            {
                Assert.Equal(changed, Again(kind, changed));
            }
            catch (WireFormatException)
            {
                // refused
            }
        }
    }

    [Fact]
    public void A_plan_keeps_everything_of_its_project()
    {
        Project read = PlanStatement.Read(PlanStatement.Write(SampleBundle.Project, Words));
        Assert.Equal(SampleBundle.Project with { Drivers = [], Plant = read.Plant }, read with { Drivers = [] });
        Assert.Equal(SampleBundle.Project.Drivers, read.Drivers);
        Assert.Equal(SampleBundle.Project.Plant with { Zone = read.Plant.Zone }, read.Plant);
        Assert.Equal(Words, PlanStatement.MeasurementOf(PlanStatement.Write(SampleBundle.Project, Words)));
        Assert.Null(PlanStatement.MeasurementOf(PlanStatement.Write(SampleBundle.Project, null)));
    }

    [Fact]
    public void Titles_and_names_are_not_what_a_definition_is_fixed_by()
    {
        Project other = SampleBundle.Project with { Title = new("a", "b"), Plant = SampleBundle.Project.Plant with { Name = new("c", "d") } };
        Assert.Equal(PlanStatement.CoreOf(SampleBundle.Project), PlanStatement.CoreOf(other));
        Assert.NotEqual(PlanStatement.CoreOf(SampleBundle.Project), PlanStatement.CoreOf(SampleBundle.Project with { ConfidencePercent = 80 }));
        Assert.NotEqual(PlanStatement.CoreOf(SampleBundle.Project), PlanStatement.CoreOf(SampleBundle.Project with { Drivers = [] }));
    }

    [Fact]
    public void Decisions_have_the_order_of_their_entries_alone()
    {
        DecisionStatement first = Decision("z", new(2025, 12, 1), "event-2");
        DecisionStatement second = Decision("a", new(2025, 12, 2), "event-1");
        DecisionStatement third = Decision("b", new(2025, 12, 2), "event-1");
        Assert.Equal(["z", "a", "b"], DecisionStatement.InOrder([third, second, first, Decision("gone", new(2025, 11, 1), "event-0") with { IsWithdrawn = true }]).Select(one => one.Id));
    }

    [Fact]
    public void A_name_takes_no_part_in_the_version_of_a_result()
    {
        EventDecision decision = Decision("a", new(2025, 12, 2), "event-1").Decision;
        EventDecision renamed = new(decision.Kind, decision.Event, "erased", decision.Reason, decision.Instant, decision.AttachmentSha256);
        EventDecision other = new(decision.Kind, decision.Event, decision.Person, "another reason", decision.Instant, decision.AttachmentSha256);
        Assert.Equal(Version(decision), Version(renamed));
        Assert.NotEqual(Version(decision), Version(other));
    }

    [Fact]
    public void An_amount_has_one_form()
    {
        ProductionStatement record = Production() with { Amount = 1.500m };
        Assert.Contains("\"amount\":1.5,", Encoding.UTF8.GetString(record.ToBytes()), StringComparison.Ordinal);
        Assert.Equal(1.5m, ProductionStatement.Read(record.ToBytes()).Amount);
    }

    private static string Version(EventDecision decision) =>
        ProjectVersion.Of(SampleBundle.Project, SampleBundle.Project.Channels().ToDictionary(name => name, _ => ""), [decision], []);

    private static byte[] Sample(string kind) => kind switch
    {
        "plan" => PlanStatement.Write(SampleBundle.Project, Words),
        "decision" => Decision("decision-1", new(2025, 12, 1), "event-1").ToBytes(),
        "production" => Production().ToBytes(),
        "key" => new KeyStatement("g-1", 2, "tannery", "gateway", "-----BEGIN PUBLIC KEY-----\nx\n").ToBytes(),
        "end" => new KeyEndStatement("g-1", 2, 1_760_000_000_000, null, "robada").ToBytes(),
        "report" => new ReportStatement("es", 12, new string('b', 64)).ToBytes(),
        "erasure" => new ErasureStatement(12, "lo pidió").ToBytes(),
        "record" => new RecordStatement { Record = "review-signature", Id = "s", Version = 1, Actor = "account-1", After = "{\"role\":\"author\"}" }.ToBytes(),
        _ => new BundleDescription("bajio", "drives-2026", 2, 12, new Dictionary<string, long> { ["es"] = 13, ["en"] = 14 }).ToBytes(),
    };

    private static byte[] Again(string kind, byte[] bytes) => kind switch
    {
        "plan" => PlanStatement.Write(PlanStatement.Read(bytes), PlanStatement.MeasurementOf(bytes)),
        "decision" => DecisionStatement.Read(bytes).ToBytes(),
        "production" => ProductionStatement.Read(bytes).ToBytes(),
        "key" => KeyStatement.Read(bytes).ToBytes(),
        "end" => KeyEndStatement.Read(bytes).ToBytes(),
        "report" => ReportStatement.Read(bytes).ToBytes(),
        "erasure" => ErasureStatement.Read(bytes).ToBytes(),
        "record" => RecordStatement.Read(bytes).ToBytes(),
        _ => BundleDescription.Read(bytes).ToBytes(),
    };

    private static DecisionStatement Decision(string id, DateOnly day, string eventId) => new()
    {
        Id = id, Version = 1, IsWithdrawn = false, Project = "drives-2026", EventId = eventId, FirstDay = day,
        Decision = new(EventDecisionKind.NonRoutineTemporary, SampleBundle.EventOf(day, 2), "account-2", "razón", DateTimeOffset.UnixEpoch, new string('c', 64)), Actor = "account-2",
    };

    private static ProductionStatement Production() => new()
    {
        Id = "p-1", Version = 1, IsWithdrawn = false, Plant = "tannery", Product = "cueros", Unit = "hides", FirstDay = new(2025, 9, 1), LastDay = new(2025, 9, 7), Amount = 712.25m, Actor = "account-3",
    };
}
