using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Cloud.Projects;

/// <summary>Output of a plant's products by the register's production records.</summary>
internal static class RecordedOutput
{
    /// <summary>Output of the products that a project's drivers name; records of another unit than the newest are left out.</summary>
    public static IReadOnlyList<DailyOutput> Of(RegisterSnapshot? register, Project project)
    {
        string[] products = [.. project.Drivers.Select(driver => driver.Product).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];
        if (products.Length == 0)
        {
            return [];
        }

        List<DailyOutput> outputs = [];
        foreach (string product in products)
        {
            ProductionRecord[] own = [.. (register ?? RegisterSnapshot.Empty).All<ProductionRecord>()
                .Where(record => record.Plant == project.Plant.Id && string.Equals(record.Product, product, StringComparison.OrdinalIgnoreCase))
                .OrderBy(record => record.FirstDay).ThenBy(record => record.Id, StringComparer.Ordinal)];
            string unit = own.Length == 0 ? "" : own[^1].Output.Unit;
            outputs.Add(new(product, unit, [.. own.Where(record => record.Output.Unit == unit).Select(record => (record.FirstDay, record.LastDay, (double)record.Output.Amount))]));
        }

        return outputs;
    }
}
