using Metering.Analytics.CountryPacks;
using Metering.Analytics.Indicators;
using Metering.Analytics.Plausibility;
using Metering.Analytics.Portfolio;
using Metering.Cloud.Register;
using Metering.Cloud.Reports;
using Metering.Programme.Assessment;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Store;
using Quantity = Metering.Analytics.Indicators.Quantity;

namespace Metering.Cloud.ProgrammePages;

/// <summary>What may be wrong in the portfolio: claims that do not add up, savings counted twice, data that are thin or old.</summary>
internal static class PortfolioChecks
{
    /// <summary>Age of the newest reading from which on a meter counts as silent.</summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromDays(2);

    /// <summary>Claimed emissions against claimed electricity and the factor of its year.</summary>
    public static PageSection Claims(RegisterSnapshot register, int? year)
    {
        List<IReadOnlyList<PageCell>> rows = [];
        foreach (SavingClaim claim in register.All<SavingClaim>().Where(claim => year is null || claim.LastDay.Year == year))
        {
            if (claim.EmissionsTonnes is { } printed && claim.Energy is { } energy && MeasureUnit.TryParse(energy.Unit, out MeasureUnit unit))
            {
                string link = $"{RegisterRoutes.Of(SavingClaim.Kind)}/{claim.Id}";
                Quantity used = new((double)energy.Amount, unit);
                PageCell amount = PageCell.Of(used.Value, energy.Unit, 1);
                if (FactorOf(claim.LastDay.Year) is { } factor)
                {
                    PlausibilityFinding found = ClaimChecks.Emissions(used, printed, factor, OtherFactors(claim.LastDay.Year));
                    double expected = used.To(factor.Per).Value * factor.KilogramsCarbonDioxideEquivalent / 1000;
                    rows.Add([
                        PageCell.Of(claim.Title, link), amount, PageCell.Of($"“{printed}” t CO₂e"), PageCell.Of(expected, "tCO2e", 1),
                        PageCell.Of(ReportFormat.Number(found.MeasuredRatio, 2)), PageCell.Of(PortfolioWords.Of(found.Kind)),
                    ]);
                }
                else
                {
                    rows.Add([PageCell.Of(claim.Title, link), amount, PageCell.Of($"“{printed}” t CO₂e"), PageCell.Missing, PageCell.Missing, PageCell.Of(PortfolioWords.Of(PlausibilityKind.CannotBeChecked))]);
                }
            }
        }

        return new()
        {
            Id = "plausibility",
            Title = PortfolioWords.Plausibility,
            Columns = [PortfolioWords.Claimed, PortfolioWords.Of(PortfolioKind.Electricity), PortfolioWords.Of(PortfolioKind.Emissions), PortfolioWords.Expected, PortfolioWords.Ratio, ProgrammeWords.Finding],
            Rows = rows,
            WhenEmpty = PortfolioWords.NoClaims,
        };
    }

    /// <summary>Two savings of one meter.</summary>
    public static PageSection DoubleCounts(IReadOnlyList<PortfolioEntry> entries, int? year)
    {
        List<IReadOnlyList<PageCell>> rows = [];
        foreach (PortfolioKind kind in (PortfolioKind[])[PortfolioKind.Electricity, PortfolioKind.Water, PortfolioKind.Effluent, PortfolioKind.Gas, PortfolioKind.ReferenceGas])
        {
            foreach (DoubleCount found in PortfolioFigures.Add(entries, kind, year).Outcome.DoubleCounts.Where(found => found.Kind == DoubleCountKind.SameChannel))
            {
                string channel = found.First.Channels[0];
                rows.Add([
                    PageCell.Of(TitleOf(found.First.Project), "/projects/" + found.First.Project), PageCell.Of(TitleOf(found.Second.Project), "/projects/" + found.Second.Project),
                    PageCell.Of(ReportFormat.Both(PortfolioWords.SameMeter, _ => [channel])),
                ]);
            }
        }

        Text TitleOf(string project) => entries.First(entry => entry.Project == project).Title;
        return new()
        {
            Id = "double-counting",
            Title = PortfolioWords.DoubleCounting,
            Columns = [ProgrammeWords.Project, PortfolioWords.OtherProject, ProgrammeWords.Finding],
            Rows = rows,
            WhenEmpty = PortfolioWords.NoDoubleCounting,
        };
    }

    /// <summary>Coverage and silent meters by project.</summary>
    public static PageSection Health(IReadOnlyList<PortfolioEntry> entries, ProgrammeRequest request)
    {
        DateTimeOffset now = request.Board.Clock.GetUtcNow();
        Dictionary<string, StoredChannel> channels = request.Board.Store.Channels().ToDictionary(channel => $"{channel.Gateway}/{channel.Channel.Id}", StringComparer.Ordinal);
        return new()
        {
            Id = "health",
            Title = PortfolioWords.Health,
            Columns = [ProgrammeWords.Project, ProgrammeWords.Plant, PortfolioWords.Coverage, PortfolioWords.LastReading, ProgrammeWords.Finding],
            Rows = [.. entries.Select(entry =>
            {
                StoredChannel? channel = channels.GetValueOrDefault(entry.Channel);
                DateTimeOffset? last = channel is null ? null : DateTimeOffset.FromUnixTimeMilliseconds(channel.LastUtcMilliseconds);
                Text state = last is null ? PortfolioWords.Never : now - last > SilentAfter ? PortfolioWords.Stale : PortfolioWords.Fresh;
                return (IReadOnlyList<PageCell>)
                [
                    PageCell.Of(entry.Title, "/projects/" + entry.Project), PageCell.Of(entry.PlantName), PageCell.Of(entry.ValidPercent, "%", 1),
                    PageCell.Of(last is { } day ? DateOnly.FromDateTime(day.UtcDateTime) : null), PageCell.Of(state),
                ];
            })],
            WhenEmpty = PortfolioWords.NoProjects,
        };
    }

    /// <summary>Meters whose calibration is overdue.</summary>
    public static PageSection Calibrations(ProgrammeRequest request) => new()
    {
        Id = "calibration",
        Title = PortfolioWords.Calibration,
        Columns = [PortfolioWords.Meter, ProgrammeWords.Plant, PortfolioWords.DueOn],
        Rows = [.. request.Register.All<MeterRecord>().Where(meter => meter.CalibrationDueOn < request.Today).OrderBy(meter => meter.CalibrationDueOn).Select(meter => (IReadOnlyList<PageCell>)
            [PageCell.Of($"{meter.Serial} ({meter.Model})", $"{RegisterRoutes.Of(MeterRecord.Kind)}/{meter.Id}"), PageCell.Of(RecordTitles.Plant(request.Register, meter.Plant)), PageCell.Of(meter.CalibrationDueOn)])],
        WhenEmpty = PortfolioWords.NoCalibration,
    };

    private static EmissionFactor? FactorOf(int year)
    {
        PackAnswer answer = CountryPack.Mexico.Table("grid-factors").At("sen", new(year, 7, 1));
        return answer.IsFound && answer.Row.Value is { } tonnes
            ? new()
            {
                Carrier = "electricity",
                Kind = EmissionKind.PowerByLocation,
                KilogramsCarbonDioxideEquivalent = 1000 * (double)tonnes,
                Per = MeasureUnit.Of(QuantityUnit.MegawattHour),
                Validity = DateSpan.OfYear(year),
                Note = BandUnits.NoteOf(answer.Row),
            }
            : null;
    }

    private static List<EmissionFactor> OtherFactors(int year) =>
        [.. Enumerable.Range(2000, 100).Where(other => other != year).Select(FactorOf).OfType<EmissionFactor>()];
}
