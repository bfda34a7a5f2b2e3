using System.Globalization;
using Metering.Cloud.Accounts;
using Metering.Cloud.Pages;
using Metering.Programme.Lifecycle;
using Metering.Programme.Records;

namespace Metering.Cloud.Register;

/// <summary>The page of targets, and the programme to begin with.</summary>
internal static class PresetForm
{
    /// <summary>Targets and progress by year; a form to begin with while there are none.</summary>
    public static PageResult Show(HttpContext http, RecordStore store, Language language, string? notice, int status) => RegisterRoutes.Show<TargetsPage>(
        http, language, RegisterRoutes.Targets, RegisterWords.Targets.In(language), status, view => (view.Snapshot, view.Years, view.Notice) = (store.Snapshot, YearProgress.Of(store.Snapshot), notice));

    /// <summary>Makes the programme and its years, all or nothing.</summary>
    public static async Task<IResult> SaveAsync(HttpContext http, RecordStore store, Language language)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (!DateOnly.TryParseExact(form["first"].ToString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly first) || first.Year is < 2000 or > 2100)
        {
            return Show(http, store, language, RegisterWords.PresetNoDay.In(language), StatusCodes.Status422UnprocessableEntity);
        }

        try
        {
            _ = store.Save([.. BajioPreset.Records(first).Select(record => new RecordChange(record, 0))], CurrentActor.Of(http), null);
            return Results.Redirect($"/{language.Code()}{RegisterRoutes.Targets}");
        }
        catch (Exception e) when (e is RecordConflictException or RecordFaultsException)
        {
            return Show(http, store, language, RegisterWords.PresetThere.In(language), StatusCodes.Status412PreconditionFailed);
        }
    }
}
