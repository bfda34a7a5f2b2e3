namespace Metering.Projects.Statements;

/// <summary>Which versions of a project's records count: of each record the one that was logged last, for the cloud that computes a result and for the verifier that computes it anew.</summary>
internal static class RecordsInForce
{
    /// <summary>The decisions, in the order in which a result takes them; withdrawn ones are not among them.</summary>
    /// <param name="logged">Every version logged before the result, in the order of the log.</param>
    public static IReadOnlyList<(DecisionStatement Statement, long Index)> Decisions(IEnumerable<(DecisionStatement Statement, long Index)> logged)
    {
        (DecisionStatement Statement, long Index)[] newest = Newest(logged, statement => statement.Id);
        return [.. DecisionStatement.InOrder(newest.Select(one => one.Statement)).Select(statement => newest.First(one => ReferenceEquals(one.Statement, statement)))];
    }

    /// <summary>The production records, by their entries; withdrawn ones are not among them.</summary>
    /// <param name="logged">Every version logged before the result, in the order of the log.</param>
    public static IReadOnlyList<(ProductionStatement Statement, long Index)> Production(IEnumerable<(ProductionStatement Statement, long Index)> logged) =>
        [.. Newest(logged, statement => statement.Id).Where(one => !one.Statement.IsWithdrawn).OrderBy(one => one.Index)];

    private static (T Statement, long Index)[] Newest<T>(IEnumerable<(T Statement, long Index)> logged, Func<T, string> id)
    {
        Dictionary<string, (T Statement, long Index)> newest = new(StringComparer.Ordinal);
        foreach ((T Statement, long Index) one in logged)
        {
            newest[id(one.Statement)] = one;
        }

        return [.. newest.Values];
    }
}
