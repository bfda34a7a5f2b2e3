using System.Text.Json;
using Metering.Readings;

namespace Metering.Projects.Statements;

/// <summary>The body of a `production` entry: one version of one production record of a plant.</summary>
internal sealed record ProductionStatement
{
    private const string What = "production record";

    /// <summary>Identifier of the record.</summary>
    public required string Id { get; init; }

    /// <summary>Version of the record, from 1.</summary>
    public required int Version { get; init; }

    /// <summary>It counts no more; the other fields are those of the last version that did.</summary>
    public required bool IsWithdrawn { get; init; }

    /// <summary>The plant.</summary>
    public required string Plant { get; init; }

    /// <summary>The product.</summary>
    public required string Product { get; init; }

    /// <summary>Unit of the amount.</summary>
    public required string Unit { get; init; }

    /// <summary>First day.</summary>
    public required DateOnly FirstDay { get; init; }

    /// <summary>Last day, inclusive.</summary>
    public required DateOnly LastDay { get; init; }

    /// <summary>Output over these days.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Account that entered it.</summary>
    public required string Actor { get; init; }

    // Dividing by a one of 28 places drops the zeros behind the last digit: 1.50 and 1.5 are one number and have one form.
    private const decimal Shortest = 1.0000000000000000000000000000m;

    /// <summary>The bytes.</summary>
    public byte[] ToBytes() => StatementJson.Write(json =>
    {
        json.WriteNumber("production", 1);
        json.WriteString("id", Id);
        json.WriteNumber("version", Version);
        json.WriteBoolean("withdrawn", IsWithdrawn);
        json.WriteString("plant", Plant);
        json.WriteString("product", Product);
        json.WriteString("unit", Unit);
        json.Day("firstDay", FirstDay);
        json.Day("lastDay", LastDay);
        json.WriteNumber("amount", Amount / Shortest);
        json.WriteString("actor", Actor);
    });

    /// <summary>Reads it.</summary>
    /// <exception cref="WireFormatException">The bytes are no production record in its one form.</exception>
    public static ProductionStatement Read(ReadOnlySpan<byte> bytes) => StatementJson.Read(bytes, What, ReadRoot, statement => statement.ToBytes());

    /// <summary>
    /// Output of the products that a project's drivers name, in the order in which a result takes it; records of another unit than the newest are left out.
    /// </summary>
    /// <param name="newest">Of each record of the plant the newest version.</param>
    /// <param name="project">The project.</param>
    public static IReadOnlyList<DailyOutput> Outputs(IReadOnlyList<ProductionStatement> newest, Project project)
    {
        List<DailyOutput> outputs = [];
        foreach (string product in project.Drivers.Select(driver => driver.Product).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase))
        {
            ProductionStatement[] own = [.. newest
                .Where(one => !one.IsWithdrawn && one.Plant == project.Plant.Id && string.Equals(one.Product, product, StringComparison.OrdinalIgnoreCase))
                .OrderBy(one => one.FirstDay).ThenBy(one => one.Id, StringComparer.Ordinal)];
            string unit = own.Length == 0 ? "" : own[^1].Unit;
            outputs.Add(new(product, unit, [.. own.Where(one => one.Unit == unit).Select(one => (one.FirstDay, one.LastDay, (double)one.Amount))]));
        }

        return outputs;
    }

    private static ProductionStatement ReadRoot(JsonElement root)
    {
        root.RequireVersion("production");
        return new()
        {
            Id = root.Text("id"),
            Version = root.GetProperty("version").GetInt32(),
            IsWithdrawn = root.GetProperty("withdrawn").GetBoolean(),
            Plant = root.Text("plant"),
            Product = root.Text("product"),
            Unit = root.Text("unit"),
            FirstDay = root.Day("firstDay"),
            LastDay = root.Day("lastDay"),
            Amount = root.GetProperty("amount").GetDecimal(),
            Actor = root.Text("actor"),
        };
    }
}
