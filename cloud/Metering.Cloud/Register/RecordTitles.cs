using Metering.Cloud.Reports;
using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Cloud.Register;

/// <summary>What people call a record, in both languages, where tables and reports would otherwise show its identifier.</summary>
internal static class RecordTitles
{
    /// <summary>The title of a project; its identifier when the register does not have it.</summary>
    public static Text Project(RegisterSnapshot register, string id) => Of(register, new(ProjectRecord.Kind.Name, id));

    /// <summary>The name of a plant; its identifier when the register does not have it.</summary>
    public static Text Plant(RegisterSnapshot register, string id) => Of(register, new(PlantRecord.Kind.Name, id));

    private static Text Of(RegisterSnapshot register, RecordKey key) => SavingsReport.Each(language => RecordList.TitleOf(register, key, RecordPlace.Register, language));
}
