using System.Globalization;
using System.Text;
using Metering.Cloud.Projects;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Workflow;

/// <summary>The form of a project with its measurement plan, as it is shown and as it is read.</summary>
/// <param name="Register">The register.</param>
/// <param name="Stored">The project that is changed; null for a new one.</param>
internal sealed record SetupForm(RegisterSnapshot Register, ProjectRecord? Stored)
{
    /// <summary>What stands before a product among the names of drivers; no gateway has a colon.</summary>
    public const string ProductPrefix = "product:";

    private const string Workday = "workday";
    private const string Production = "production";

    /// <summary>Its plant; null before one is chosen.</summary>
    public PlantRecord? Plant { get; init; }

    /// <summary>What was typed, by field.</summary>
    public IReadOnlyDictionary<string, string> Typed { get; init; } = new Dictionary<string, string>();

    /// <summary>What is wrong.</summary>
    public IReadOnlyList<RecordFault> Faults { get; init; } = [];

    /// <summary>Why it was not saved for another cause; null otherwise.</summary>
    public Text? Notice { get; init; }

    /// <summary>The result of a look before saving; null without.</summary>
    public ProjectResult? Look { get; init; }

    /// <summary>Fields of the record that the form shows, the channel apart.</summary>
    public static IReadOnlyList<Field> Fields { get; } = [.. ProjectRecord.Kind.Fields.Where(field => field.Name is not ("plant" or "gateway" or "channel"))];

    /// <summary>Drivers of the stored project.</summary>
    public IReadOnlyList<Programme.Kinds.ProjectDriver> Drivers => Stored is null ? [] : [.. Register.All<Programme.Kinds.ProjectDriver>().Where(driver => driver.Project == Stored.Id)];

    /// <summary>Versions of the project and its drivers: sent with the form, so that nobody's newer change is written over unseen.</summary>
    public string Seen
    {
        get
        {
            StringBuilder text = new();
            foreach (IProgrammeRecord record in Stored is null ? [] : (IEnumerable<IProgrammeRecord>)[Stored, .. Drivers])
            {
                text.Append(CultureInfo.InvariantCulture, $"{record.Id}:{VersionOf(record)} ");
            }

            return text.ToString().Trim();
        }
    }

    /// <summary>The form of a stored project.</summary>
    public static SetupForm Of(RegisterSnapshot register, ProjectRecord record)
    {
        SetupForm form = new(register, record) { Plant = register.Find<PlantRecord>(record.Plant) };
        Dictionary<string, string> typed = new(ProjectRecord.Kind.ToTexts(record), StringComparer.Ordinal) { ["use"] = record.Gateway is null ? "" : $"{record.Gateway}/{record.Channel}" };
        foreach (Programme.Kinds.ProjectDriver driver in form.Drivers)
        {
            string name = driver.Form switch { DriverForm.Workday => Workday, DriverForm.Production => ProductPrefix + driver.Product, _ => $"{driver.Gateway}/{driver.Channel}" };
            typed["driver-" + name] = Field.WordOf(driver.Form);
            typed["threshold-" + name] = driver.Threshold?.ToString(CultureInfo.InvariantCulture) ?? "";
        }

        return form with { Typed = typed };
    }

    /// <summary>Products that the plant has records of, and those of the stored drivers, by name.</summary>
    public IReadOnlyList<string> Products => [.. Register.All<ProductionRecord>().Where(record => record.Plant == Plant?.Id).Select(record => record.Product)
        .Concat(Drivers.Select(driver => driver.Product).OfType<string>()).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)];

    /// <summary>A field as typed.</summary>
    public string TextOf(string field) => Typed.GetValueOrDefault(field, "");

    /// <summary>What people call a field.</summary>
    public static string LabelOf(string field, Language language) =>
        (ProjectRecord.Kind.Fields.Concat(Programme.Kinds.ProjectDriver.Kind.Fields).FirstOrDefault(one => one.Name == field)?.Label ?? WorkflowWords.Reason).In(language);

    /// <summary>The records that the form makes: the project first, then its drivers, those that are left out as withdrawals.</summary>
    /// <param name="channels">Channels of the plant.</param>
    /// <param name="faults">Gets every fault of a field.</param>
    public IReadOnlyList<RecordChange> Changes(IReadOnlyList<StoredChannel> channels, List<RecordFault> faults)
    {
        Dictionary<string, string> texts = ProjectRecord.Kind.Fields.ToDictionary(field => field.Name, field => TextOf(field.Name), StringComparer.Ordinal);
        string[] use = TextOf("use").Split('/');
        texts[RecordKind.IdField] = Stored?.Id ?? texts[RecordKind.IdField];
        texts["plant"] = Plant?.Id ?? "";
        texts["consultant"] = Stored?.Consultant ?? "";
        (texts["gateway"], texts["channel"]) = use.Length == 2 ? (use[0], use[1]) : ("", "");
        if (ProjectRecord.Kind.FromTexts(texts, faults) is not ProjectRecord project)
        {
            return [];
        }

        if (channels.Any(channel => channel.Gateway == project.Gateway && channel.Channel.Id == project.Channel && channel.Channel.Kind == ChannelKind.Gauge))
        {
            faults.Add(new(new(ProjectRecord.Kind.Name, project.Id), "channel", WorkflowWords.UseIsNoCounter));
            return [];
        }

        List<RecordChange> changes = [new(project, Stored is null ? 0 : VersionOf(Stored))];
        HashSet<string> kept = new(StringComparer.Ordinal);
        foreach (string name in channels.Select(channel => $"{channel.Gateway}/{channel.Channel.Id}").Concat(Products.Select(product => ProductPrefix + product)).Append(Workday))
        {
            if (TextOf("driver-" + name).Length > 0 && DriverOf(project.Id, name, changes.Count, faults) is { } driver)
            {
                _ = kept.Add(driver.Id);
                changes.Add(new(driver, Register.Version(new(Programme.Kinds.ProjectDriver.Kind.Name, driver.Id))?.Version ?? 0));
            }
        }

        changes.AddRange(Drivers.Where(driver => !kept.Contains(driver.Id)).Select(driver => new RecordChange(driver, VersionOf(driver)) { IsWithdrawal = true }));
        return changes;
    }

    private Programme.Kinds.ProjectDriver? DriverOf(string project, string name, int position, List<RecordFault> faults)
    {
        string? product = name.StartsWith(ProductPrefix, StringComparison.Ordinal) ? name[ProductPrefix.Length..] : null;
        bool isChannel = product is null && name != Workday;
        string[] source = name.Split('/');
        Programme.Kinds.ProjectDriver? known = Drivers.FirstOrDefault(driver => name == Workday ? driver.Form == DriverForm.Workday
            : product is not null ? string.Equals(driver.Product, product, StringComparison.OrdinalIgnoreCase)
            : driver.Gateway == source[0] && driver.Channel == source[1]);
        string form = product is null ? TextOf("driver-" + name) : Production;
        string own = known?.Name ?? (product is null ? source[^1] : ProductName(product));
        Dictionary<string, string> texts = new(StringComparer.Ordinal)
        {
            [RecordKind.IdField] = known?.Id ?? ProgrammeImport.DriverId(project, own),
            ["project"] = project,
            ["name"] = own,
            ["position"] = (known?.Position ?? position).ToString(CultureInfo.InvariantCulture),
            ["form"] = form,
            ["gateway"] = isChannel ? source[0] : "",
            ["channel"] = isChannel ? source[1] : "",
            ["product"] = product ?? "",
            ["threshold"] = form is "above" or "below" ? TextOf("threshold-" + name) : "",
        };
        return (Programme.Kinds.ProjectDriver?)Programme.Kinds.ProjectDriver.Kind.FromTexts(texts, faults);
    }

    // "production" for the first product, with a number for the others: a name says what it is on every page of the model.
    private string ProductName(string product)
    {
        int index = Products.TakeWhile(one => one != product).Count();
        string name = index == 0 ? Production : string.Create(CultureInfo.InvariantCulture, $"{Production}-{index + 1}");
        return Drivers.Any(driver => driver.Name == name) ? string.Create(CultureInfo.InvariantCulture, $"{Production}-{Products.Count + Drivers.Count + index}") : name;
    }

    private long VersionOf(IProgrammeRecord record) => Register.Version(new(RecordKinds.Of(record.GetType()).Name, record.Id))!.Version;
}
