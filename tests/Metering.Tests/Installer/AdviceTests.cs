using System.Text.RegularExpressions;
using Metering.Fieldbus;
using Metering.Fieldbus.Modbus;
using Metering.Gateway.Diagnosis;
using Xunit;

namespace Metering.Tests.Installer;

public sealed partial class AdviceTests
{
    private static readonly SymptomFacts Facts = new()
    {
        Line = "/dev/ttyUSB0 at 9600 8E1", Target = "--rtu /dev/ttyUSB0", Unit = 5, Register = 52, Detail = "1-4", Waited = "500ms",
    };

    public static TheoryData<string> EverySymptom() => [.. Enum.GetNames<Symptom>()];

    [Theory]
    [MemberData(nameof(EverySymptom))]
    public void Every_symptom_has_a_row_that_says_the_same_in_both_languages(string symptom)
    {
        AdviceRow row = AdviceTable.Of(Enum.Parse<Symptom>(symptom));
        Assert.NotEmpty(row.Checks);
        foreach (Text text in new[] { row.What }.Concat(row.Causes).Concat(row.Checks))
        {
            string spanish = text.In(Language.Spanish);
            string english = text.In(Language.English);
            Assert.NotEqual(spanish, english);
            Assert.Equal(Places(spanish), Places(english));
        }
    }

    [Theory]
    [MemberData(nameof(EverySymptom))]
    public void Advice_leaves_no_place_open_and_names_a_command_of_this_program(string symptom)
    {
        foreach (Language language in Languages.All)
        {
            Advice advice = Advice.For(Enum.Parse<Symptom>(symptom), Facts, language);
            string text = advice.ToText();
            Assert.DoesNotContain('{', text);
            Assert.DoesNotContain('?', text);
            Assert.DoesNotContain("..", text, StringComparison.Ordinal);
            Assert.True(advice.Command is null || advice.Command.StartsWith("gateway ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_row_stands_there_once() => Assert.Equal(Enum.GetValues<Symptom>().Length, AdviceTable.All.Count);

    [Fact]
    public void A_silent_unit_among_others_says_how_far_the_wiring_is_right()
    {
        string english = Advice.For(Symptom.SilenceOfOneUnit, Facts, Language.English).ToText();
        Assert.StartsWith("Unit 5 on /dev/ttyUSB0 at 9600 8E1 is silent while units 1-4 answer: the wiring up to them", english, StringComparison.Ordinal);
        string spanish = Advice.For(Symptom.SilenceOfOneUnit, Facts with { Line = "/dev/ttyUSB0 a 9600 8E1" }, Language.Spanish).ToText();
        Assert.Contains("pero sí contestan las unidades 1-4", spanish, StringComparison.Ordinal);
        Assert.EndsWith("Pruebe: gateway scan --rtu /dev/ttyUSB0", spanish, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_register_is_followed_by_the_one_a_manual_from_1_means()
    {
        Advice advice = Advice.For(Symptom.IllegalAddress, Facts, Language.English);
        Assert.Equal("the manual counts from 1: where it prints 52, ask for 51", advice.Causes[0]);
        Assert.Equal("gateway probe --rtu /dev/ttyUSB0 --unit 5 --register 51", advice.Command);
    }

    [Theory]
    [InlineData(1, nameof(Symptom.IllegalFunction))]
    [InlineData(2, nameof(Symptom.IllegalAddress))]
    [InlineData(3, nameof(Symptom.IllegalValue))]
    [InlineData(4, nameof(Symptom.DeviceFailure))]
    [InlineData(5, nameof(Symptom.DeviceBusy))]
    [InlineData(6, nameof(Symptom.DeviceBusy))]
    [InlineData(8, nameof(Symptom.DeviceFailure))]
    [InlineData(10, nameof(Symptom.PathUnavailable))]
    [InlineData(11, nameof(Symptom.TargetSilent))]
    [InlineData(200, nameof(Symptom.UnknownException))]
    public void Each_exception_code_has_its_symptom(byte code, string symptom) =>
        Assert.Equal(symptom, Symptoms.Of(new ModbusReply(ModbusOutcome.Exception, code), isTcp: true).ToString());

    [Fact]
    public void Only_what_is_not_permitted_ends_with_77()
    {
        Assert.Equal(77, Symptoms.ExitCodeOf(Symptoms.Of(FieldbusProblem.PermissionDenied, isTcp: false)));
        Assert.Equal(69, Symptoms.ExitCodeOf(Symptoms.Of(FieldbusProblem.Busy, isTcp: false)));
        Assert.All(Enum.GetValues<FieldbusProblem>(), problem => Assert.NotEmpty(Symptoms.KindOf(Symptoms.Of(problem, isTcp: true))));
    }

    [Fact]
    public void Every_symptom_has_a_word_for_machines() =>
        Assert.All(Enum.GetValues<Symptom>(), symptom => Assert.Matches("^[a-z-]+$", Symptoms.KindOf(symptom)));

    private static string[] Places(string text) => [.. PlacePattern().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex PlacePattern();
}
