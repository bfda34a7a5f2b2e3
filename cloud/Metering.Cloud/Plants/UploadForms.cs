using System.Globalization;
using Metering.Cloud.Accounts;
using Metering.Cloud.Entries;
using Metering.Cloud.Pages;
using Metering.Cloud.Projects;
using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Cloud.Plants;

/// <summary>
/// Files that people upload: read, shown with every fault, and stored only when they confirm. The page carries the file back, and it is read and checked
/// anew before it is stored: nothing is kept of an upload that nobody confirmed.
/// </summary>
internal sealed class UploadForms(EntryDesk desk, ProjectBoard board, EntryForms forms, Language language)
{
    private const int MostBytes = CfeBill.MaximumBytes;

    /// <summary>Reads a file and shows it.</summary>
    public async Task<IResult> ShowAsync(HttpContext http, string id)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        IFormFile? file = form.Files.GetFile("file");
        if (file is null || file.Length == 0 || file.Length > MostBytes)
        {
            Text fault = file is null || file.Length == 0 ? EntryTexts.NoFile : EntryDesk.Fill(EntryTexts.FileTooLarge, Texts.Formatter.Number(Math.Ceiling(file.Length / 100_000.0) / 10, 1), 1);
            return forms.WithPlant(http, id, plant => forms.Refused(http, plant, new Dictionary<string, string>(), [new(0, 0, fault)]));
        }

        byte[] content = new byte[file.Length];
        await using (Stream stream = file.OpenReadStream())
        {
            await stream.ReadExactlyAsync(content, http.RequestAborted);
        }

        return await forms.WithFormAsync(http, id, (plant, fields) => Page(http, Read(plant, fields, NameOf(file.FileName), content, isFirst: true), StatusCodes.Status200OK));
    }

    /// <summary>Stores a file that was shown.</summary>
    public Task<IResult> ConfirmAsync(HttpContext http, string id) => forms.WithFormAsync(http, id, (plant, fields) =>
    {
        byte[] content = new byte[MostBytes];
        if (!Convert.TryFromBase64String(fields.GetValueOrDefault("content", ""), content, out int length) || length == 0)
        {
            return forms.Refused(http, plant, new Dictionary<string, string>(), [new(0, 0, EntryTexts.NoFile)]);
        }

        UploadView view = Read(plant, fields, NameOf(EntryForms.Typed(fields, "name")), content[..length], isFirst: false);
        if (!view.Outcome.IsAccepted)
        {
            return Page(http, view, StatusCodes.Status422UnprocessableEntity);
        }

        IReadOnlyList<EntryFault> faults = desk.Save(plant, view.Outcome.Records, (FileOf(view), view.Content), CurrentActor.Of(http));
        return faults.Count > 0
            ? Page(http, view with { Outcome = new([], faults, faults.Count) }, StatusCodes.Status422UnprocessableEntity)
            : Results.Redirect(string.Create(CultureInfo.InvariantCulture, $"/{language.Code()}{EntryForms.Of(plant.Id)}?done={view.Outcome.Records.Count}&saved={desk.SavedAs(view.Outcome.Records)}"));
    });

    private static Attachment FileOf(UploadView view) => EntryDesk.FileOf(view.Plant.Id, view.Name, view.Content, view.Kind == UploadKind.Bill ? ContentType.Xml : ContentType.Csv);

    // Without folders, and without what a page or a file system would stumble over.
    private static string NameOf(string text)
    {
        string name = text[(text.LastIndexOfAny(['/', '\\']) + 1)..];
        name = string.Concat(name.Where(character => !char.IsControl(character))).Trim();
        return name.Length == 0 ? "upload" : name.Length > 100 ? name[^100..] : name;
    }

    private UploadView Read(Plant plant, IReadOnlyDictionary<string, string> fields, string name, byte[] content, bool isFirst)
    {
        UploadView view = new()
        {
            Plant = plant,
            Kind = EntryForms.Typed(fields, "what") switch { "lab" => UploadKind.Lab, "bill" => UploadKind.Bill, _ => UploadKind.Production },
            Name = name,
            Content = content,
            Sign = EntryForms.Typed(fields, "sign") switch { "point" => DecimalSign.Point, "comma" => DecimalSign.Comma, _ => DecimalSign.Detect },
            Outcome = new([], [], 0),
            Typed = fields,
        };
        string file = FileOf(view).Id;
        using MemoryStream stream = new(content);
        return view.Kind switch
        {
            UploadKind.Lab => view with { Outcome = Checked(LabFile.Read(stream, view.Sign), entries => EntryDesk.Lab(plant.Id, entries, file)) },
            UploadKind.Bill => ReadBill(view, file, isFirst),
            _ => view with { Outcome = Checked(ProductionFile.Read(stream, view.Sign), entries => EntryDesk.Production(plant.Id, entries, file)) },
        };
    }

    private EntryOutcome<IProgrammeRecord> Checked<T>(EntryOutcome<T> read, Func<IReadOnlyList<T>, IReadOnlyList<EntryRow>> rows) =>
        read.IsAccepted ? desk.Check(rows(read.Records)) : new([], read.Faults, read.FaultCount);

    // What the file says stands; what it does not say is taken from the form, and so is the first day, which it says only by a reading.
    private UploadView ReadBill(UploadView view, string file, bool isFirst)
    {
        if (CfeBill.Read(view.Content, out EntryFault? fault) is not { } bill)
        {
            return view with { Outcome = new([], [fault!], 1) };
        }

        List<EntryFault> faults = [];
        DateOnly? first = isFirst ? bill.First : EntryForms.DayOf(view.Typed, "first", PlantEntryWords.FirstDay, faults);
        DateOnly? last = bill.Last ?? (isFirst ? null : EntryForms.DayOf(view.Typed, "last", PlantEntryWords.LastDayOnly, faults));
        decimal? kwh = bill.Kwh ?? (isFirst ? null : (decimal?)EntryForms.NumberOf(EntryForms.Typed(view.Typed, "kwh"), PlantEntryWords.BillUse, 0, faults));
        if (first is not { } from || last is not { } to || kwh is not { } use)
        {
            return view with { Bill = bill, Outcome = new([], faults, faults.Count) };
        }

        EntryRow row = new(0, UtilityBill.Kind, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [RecordKind.IdField] = EntryDesk.Id("bill", from, view.Plant.Id, bill.Number),
            ["plant"] = view.Plant.Id,
            ["number"] = bill.Number,
            ["medium"] = Field.WordOf(BillMedium.Electricity),
            ["firstDay"] = EntryDesk.Day(from),
            ["lastDay"] = EntryDesk.Day(to),
            ["use"] = use.ToString(CultureInfo.InvariantCulture) + " kWh",
            ["amount"] = bill.Total.ToString(CultureInfo.InvariantCulture) + " " + bill.Currency,
            ["tariff"] = bill.Tariff ?? "",
            ["file"] = file,
        });
        return view with { Bill = bill, Outcome = desk.Check([row]), Checks = BillCheck.Of(board.Store, view.Plant, from, to, use, "kWh") };
    }

    private PageResult Page(HttpContext http, UploadView view, int status)
    {
        PageContext page = http.RequestServices.GetRequiredService<PageContext>();
        page.Begin(language, EntryForms.Of(view.Plant.Id), board.Clock.GetUtcNow());
        page.Title = PlantEntryWords.PreviewTitle.In(language, view.Name);
        http.Response.Headers.CacheControl = "no-store";
        http.RequestServices.GetRequiredService<PlantView>().Upload = view;
        return PageResult.Of<UploadPage>(status, []);
    }
}
