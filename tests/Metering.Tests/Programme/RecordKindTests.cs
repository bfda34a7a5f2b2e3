using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Xunit;

namespace Metering.Tests.Programme;

public sealed class RecordKindTests
{
    public static TheoryData<string> Kinds => [.. RecordKinds.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_goes_from_form_text_to_JSON_and_back_unchanged(string name)
    {
        RecordKind kind = RecordKinds.Find(name)!;
        Dictionary<string, string> texts = Sample(kind);
        List<RecordFault> faults = [];
        IProgrammeRecord record = kind.FromTexts(texts, faults)!;
        Assert.Empty(faults);
        IProgrammeRecord again = kind.FromJson(kind.ToJson(record));
        Assert.Equal(record, again);
        Assert.Equal(texts.OrderBy(pair => pair.Key), kind.ToTexts(again).OrderBy(pair => pair.Key));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_keeps_empty_what_may_be_empty_and_refuses_each_missing_required_field_in_both_languages(string name)
    {
        RecordKind kind = RecordKinds.Find(name)!;
        Dictionary<string, string> least = Sample(kind).Where(pair => kind.Fields.Single(field => field.Name == pair.Key).IsRequired).ToDictionary();
        List<RecordFault> none = [];
        IProgrammeRecord record = kind.FromTexts(least, none)!;
        Assert.Empty(none);
        Assert.All(kind.ToTexts(record), pair => Assert.Equal(least.GetValueOrDefault(pair.Key, ""), pair.Value));
        List<RecordFault> faults = [];
        Assert.Null(kind.FromTexts(new Dictionary<string, string>(), faults));
        Assert.Equal(kind.Fields.Where(field => field.IsRequired).Select(field => field.Name), faults.Select(fault => fault.Field));
        Assert.All(faults, fault => Assert.StartsWith("Falta «", fault.Message.In(Language.Spanish), StringComparison.Ordinal));
        Assert.All(faults, fault => Assert.EndsWith("is missing.", fault.Message.In(Language.English), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_closed_list_names_every_value_of_its_enum_and_every_reference_leads_to_a_kind(string name)
    {
        RecordKind kind = RecordKinds.Find(name)!;
        foreach (Field field in kind.Fields)
        {
            Type member = kind.Type.GetProperty(char.ToUpperInvariant(field.Name[0]) + field.Name[1..])!.PropertyType;
            Type type = Nullable.GetUnderlyingType(member) ?? member;
            Assert.Equal(type.IsEnum, field.Kind == FieldKind.Choice);
            Assert.True(!type.IsEnum || Enum.GetValues(type).Length == field.Choices.Select(choice => choice.Word).Distinct().Count());
            Assert.True(field.Target is null || RecordKinds.Find(field.Target) is not null, field.Name);
        }
    }

    [Theory]
    [InlineData("1,5 kWh", "dos maneras", "two ways")]
    [InlineData("1,500.0 kWh", "dos maneras", "two ways")]
    [InlineData("1.5", "unidades", "units")]
    [InlineData("1.5 kwh", "unidades", "units")]
    [InlineData("1e3 kWh", "no es un número", "no number")]
    [InlineData(".5 kWh", "no es un número", "no number")]
    [InlineData("1.2.3 kWh", "no es un número", "no number")]
    public void A_number_that_could_be_read_in_two_ways_is_refused_with_a_hint(string text, string spanish, string english)
    {
        Text fault = FaultOf("savingPerYear", "opportunity", text)!;
        Assert.Contains(spanish, fault.In(Language.Spanish), StringComparison.Ordinal);
        Assert.Contains(english, fault.In(Language.English), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("contract", "fee", "8000", false)]
    [InlineData("contract", "fee", "-1 USD", false)]
    [InlineData("contract", "fee", "8000.00 USD", true)]
    [InlineData("contract", "signedOn", "31/03/2026", false)]
    [InlineData("contract", "signedOn", "2026-02-30", false)]
    [InlineData("enrolment", "attendancePercent", "100.5", false)]
    [InlineData("enrolment", "attendancePercent", "99.5", true)]
    [InlineData("attendance", "rating", "6", false)]
    [InlineData("attendance", "rating", "4.5", false)]
    [InlineData("plant", "isSimulated", "sí", false)]
    [InlineData("plant", "discharge", "river", false)]
    [InlineData("plant", "permit", "a\u0000b", false)]
    public void What_may_not_stand_in_a_field_is_refused(string kind, string field, string text, bool isTaken) =>
        Assert.Equal(isTaken, FaultOf(field, kind, text) is null);

    private static Text? FaultOf(string field, string kind, string text) =>
        FieldText.Read(RecordKinds.Find(kind)!.Fields.Single(one => one.Name == field), text, out _);

    /// <summary>A text for every field of a kind, with what a CSV and a page must escape.</summary>
    internal static Dictionary<string, string> Sample(RecordKind kind) => kind.Fields.ToDictionary(field => field.Name, field => field.Kind switch
    {
        FieldKind.Text => "=1+1 <b>\"Ñandú\"</b>, S.A. & Cía.",
        FieldKind.LongText => "clave: <i>uno</i>\notra: dos, tres",
        FieldKind.Identifier or FieldKind.Reference or FieldKind.File => "some-id.1",
        FieldKind.Date => "2026-03-31",
        FieldKind.WholeNumber => "3",
        FieldKind.Decimal => "50.50",
        FieldKind.Quantity => "12.50 " + field.Units[0],
        FieldKind.Money => "8000.00 USD",
        FieldKind.Choice => field.Choices[^1].Word,
        FieldKind.YesNo => "no",
        _ => throw new System.Diagnostics.UnreachableException(),
    });
}
