namespace Metering.Projects;

/// <summary>
/// How far a number proves anything: A signed by the meter, B signed by a gateway as it read the meter, C read by a person beside a photo, D brought in
/// from elsewhere. It follows from whose keys signed the readings, and what people recorded beside them, so that it can be found anew from the log.
/// </summary>
internal static class EvidenceGrade
{
    /// <summary>Origin of a key that belongs to a meter.</summary>
    public const string Meter = "meter";

    /// <summary>Origin of a key that belongs to a gateway.</summary>
    public const string Gateway = "gateway";

    /// <summary>Origin of a key of the cloud, for photographed registers that a person read.</summary>
    public const string Photo = "photo";

    /// <summary>Origin of a key of the cloud, for readings brought in from elsewhere.</summary>
    public const string Import = "import";

    /// <summary>The lowest grade, that of whatever is not known.</summary>
    public const char Lowest = 'D';

    /// <summary>The grade of readings under a key of this origin.</summary>
    public static char Of(string origin) => origin switch
    {
        Meter => 'A',
        Gateway => 'B',
        Photo => 'C',
        _ => Lowest,
    };

    /// <summary>
    /// The grade of a channel: the weakest of the keys that signed it. One whose readings people enter is C at best, and the lowest unless a photo stands behind every reading: the
    /// gateway's signature says then who sent the figure, and nothing says that the meter showed it.
    /// </summary>
    /// <param name="channel">The channel.</param>
    /// <param name="signers">Grades of the keys that signed it, see <see cref="Of(string)"/>.</param>
    /// <param name="readings">Where people enter its readings: those that count.</param>
    /// <param name="entries">Where people enter its readings: their entries, in the order in which they were taken.</param>
    public static char OfChannel(Metering.Readings.Channel channel, IEnumerable<char> signers, IReadOnlyList<ManualReading> readings, IReadOnlyList<Metering.Readings.Field.FieldEntry> entries) =>
        !ManualEvidence.IsManual(channel) ? Weakest(signers)
        : ManualEvidence.IsPhotographed(channel, readings, entries) ? Weakest([Of(Photo), Weakest(signers)])
        : Lowest;

    /// <summary>The weakest of some grades; the lowest when there are none.</summary>
    public static char Weakest(IEnumerable<char> grades) => grades.DefaultIfEmpty(Lowest).Max();
}
