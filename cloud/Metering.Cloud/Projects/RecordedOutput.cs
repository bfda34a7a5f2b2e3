using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Projects.Statements;

namespace Metering.Cloud.Projects;

/// <summary>Output of a plant's products by the register's production records.</summary>
internal static class RecordedOutput
{
    /// <summary>Output of the products that a project's drivers name, as <see cref="ProductionStatement.Outputs"/> has it.</summary>
    public static IReadOnlyList<DailyOutput> Of(RegisterSnapshot? register, Project project) => project.Drivers.All(driver => driver.Product is null)
        ? []
        : ProductionStatement.Outputs([.. (register ?? RegisterSnapshot.Empty).All<ProductionRecord>().Where(record => record.Plant == project.Plant.Id).Select(StatementOf)], project);

    // Version and account tell two entries of the log apart, and take no part in an output.
    private static ProductionStatement StatementOf(ProductionRecord record) => new()
    {
        Id = record.Id,
        Version = 1,
        IsWithdrawn = false,
        Plant = record.Plant,
        Product = record.Product,
        Unit = record.Output.Unit,
        FirstDay = record.FirstDay,
        LastDay = record.LastDay,
        Amount = record.Output.Amount,
        Actor = "",
    };
}
