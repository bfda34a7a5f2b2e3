using System.Text;
using Metering.Cloud.Entries;
using Xunit;

namespace Metering.Tests.Entries;

public sealed class ProductionFileTests
{
    private const string Header = "fecha;fin;producto;cantidad;unidad;documento\n";

    [Fact]
    public void Spanish_and_English_headers_give_the_same_records()
    {
        EntryOutcome<ProductionEntry> spanish = Read(Header + "2026-01-01;2026-01-31;Cuero;1250,5;kg;OP-1\n");
        EntryOutcome<ProductionEntry> english = Read("Start,End,Product,Amount,Unit,Document\r\n2026-01-01,2026-01-31,Cuero,1250.5,kg,OP-1\r\n");
        Assert.True(spanish.IsAccepted && english.IsAccepted);
        Assert.Equal(spanish.Records, english.Records);
        Assert.Equal(1250.5, spanish.Records[0].Amount);
    }

    [Fact]
    public void A_number_that_can_be_read_in_two_ways_is_refused_and_both_readings_are_told()
    {
        EntryOutcome<ProductionEntry> outcome = Read(Header + "2026-01-01;;Cuero;8.065;t;\n");
        EntryFault fault = Assert.Single(outcome.Faults);
        Assert.Equal((2, 4), (fault.Line, fault.Column));
        Assert.Contains("8.065 o 8065", fault.What.In(Language.Spanish), StringComparison.Ordinal);
        Assert.Empty(outcome.Records);
        Assert.Equal(8.065, Read(Header + "2026-01-01;;Cuero;8.065;t;\n", DecimalSign.Point).Records[0].Amount);
        Assert.Equal(8065, Read(Header + "2026-01-01;;Cuero;8.065;t;\n", DecimalSign.Comma).Records[0].Amount);
    }

    [Fact]
    public void Another_number_of_the_column_settles_the_decimal_sign()
    {
        EntryOutcome<ProductionEntry> outcome = Read(Header + "2026-01-01;;Cuero;8.065;t;\n2026-01-02;;Cuero;12,5;t;\n");
        Assert.Equal([8065, 12.5], outcome.Records.Select(record => record.Amount));
        EntryOutcome<ProductionEntry> mixed = Read(Header + "2026-01-01;;Cuero;12,5;t;\n2026-01-02;;Cuero;12.5;t;\n");
        Assert.Equal(3, Assert.Single(mixed.Faults).Line);
    }

    [Fact]
    public void Every_fault_is_told_with_its_line_and_nothing_is_taken()
    {
        EntryOutcome<ProductionEntry> outcome = Read(Header + "2026-01-01;;Cuero;5;kg;\n31/01/2026;;Cuero;x;kg;\n2026-02-01;2026-01-01;Cuero;5;kg;\n2026-03-01;;Cuero;-5;kg;\n2026-03-02;;;5;kg;\n2026-03-03;;Cuero;;kg;\n2026-03-04;Cuero\n");
        Assert.Equal([3, 3, 4, 5, 6, 7, 8], outcome.Faults.Select(fault => fault.Line));
        Assert.Empty(outcome.Records);
        Assert.Contains("missing is not zero", outcome.Faults[5].What.In(Language.English), StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_hundred_faults_are_told_and_all_are_counted()
    {
        EntryOutcome<ProductionEntry> outcome = Read(Header + string.Concat(Enumerable.Repeat("x;;Cuero;5;kg;\n", 250)));
        Assert.Equal((100, 250), (outcome.Faults.Count, outcome.FaultCount));
    }

    [Fact]
    public void Duplicates_and_overlaps_name_the_other_line()
    {
        EntryOutcome<ProductionEntry> outcome = Read(Header + "2026-01-01;2026-01-31;Cuero;5;kg;\n2026-01-01;2026-01-31;cuero;5;kg;\n2026-01-15;2026-02-15;Cuero;5;kg;\n2026-01-01;2026-01-31;Suela;5;kg;\n");
        Assert.Equal(["Repite el renglón 2.", "Se traslapa con el renglón 2 del mismo producto."], outcome.Faults.Select(fault => fault.What.In(Language.Spanish)));
    }

    [Fact]
    public void A_formula_stays_the_text_it_is()
    {
        EntryOutcome<ProductionEntry> outcome = Read(Header + "2026-01-01;;\"=cmd|'x';\"\"a\"\"\";5;kg;@SUM(A1)\n");
        Assert.Equal(("=cmd|'x';\"a\"", "@SUM(A1)"), (outcome.Records[0].Product, outcome.Records[0].Document));
    }

    [Fact]
    public void A_file_above_50_MB_is_refused_before_it_is_read()
    {
        using SizedStream large = new(EntryFile.MaximumBytes + 1);
        EntryOutcome<ProductionEntry> outcome = ProductionFile.Read(large);
        Assert.Contains("50 MB", outcome.Faults[0].What.In(Language.Spanish), StringComparison.Ordinal);
        Assert.Equal(0, large.Position);
    }

    [Fact]
    public void What_is_no_text_and_what_lacks_columns_is_said()
    {
        Assert.Contains("UTF-8", ProductionFile.Read(new MemoryStream([0xFF, 0xFE, 0x41, 0x00])).Faults[0].What.In(Language.English), StringComparison.Ordinal);
        EntryOutcome<ProductionEntry> outcome = Read("fecha,cantidad\n2026-01-01,5\n");
        Assert.Equal(2, outcome.FaultCount);
        Assert.Contains("«producto»", outcome.Faults[0].What.In(Language.Spanish), StringComparison.Ordinal);
        Assert.False(Read("").IsAccepted);
    }

    private static EntryOutcome<ProductionEntry> Read(string text, DecimalSign sign = DecimalSign.Detect) =>
        ProductionFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), sign);

    // A stream that says its length and fails when it is read.
    private sealed class SizedStream(long length) : MemoryStream
    {
        public override long Length => length;

        public override int Read(Span<byte> buffer) => throw new InvalidOperationException("read before the size was looked at");
    }
}
