using System.Collections.Concurrent;
using Metering.Cloud.Projects;
using Metering.Programme.Records;
using Metering.Store;

namespace Metering.Cloud.Plants;

/// <summary>What a plant's page shows beside alarms and live values.</summary>
/// <param name="Cards">Electricity, water, gas, effluent.</param>
/// <param name="Cost">Cost of the month; null without rates or counter.</param>
/// <param name="Discharge">Discharge against its limits.</param>
/// <param name="Gateways">The gateways.</param>
internal sealed record PlantFigures(IReadOnlyList<ResourceCard> Cards, MonthCost? Cost, DischargeBoard Discharge, IReadOnlyList<GatewayHealth> Gateways);

/// <summary>The figures of plants, computed when asked, at most once in <see cref="Rest"/> and after each change of the register. Safe from any thread.</summary>
internal sealed class PlantFacts(ProjectBoard board, RecordStore? records)
{
    /// <summary>Longest age of what is shown.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(60);

    private readonly CardBoard cards = new(board);
    private readonly ConcurrentDictionary<string, (long At, long Audit, PlantFigures Figures)> kept = new(StringComparer.Ordinal);

    /// <summary>The figures of a plant.</summary>
    public PlantFigures Of(Plant plant)
    {
        RegisterSnapshot register = records?.Snapshot ?? RegisterSnapshot.Empty;
        if (kept.TryGetValue(plant.Id, out (long At, long Audit, PlantFigures Figures) known) && known.Audit == register.AuditNumber && board.Clock.GetElapsedTime(known.At) < Rest)
        {
            return known.Figures;
        }

        IReadOnlyList<ResourceCard> shown = cards.Of(plant, register);
        StoredChannel? mains = shown[(int)Resource.Electricity].Channel;
        DateTimeOffset now = board.Clock.GetUtcNow();
        PlantFigures figures = new(
            shown,
            mains is null ? null : MonthCost.Of(board.Store, plant, mains, register, now),
            DischargeBoard.Of(board.Store, plant, shown[(int)Resource.Effluent].Channel, register, now),
            GatewayHealth.Of(board.Store, plant));
        kept[plant.Id] = (board.Clock.GetTimestamp(), register.AuditNumber, figures);
        return figures;
    }
}
