namespace Metering.Cloud.Workflow;

/// <summary>What a page of the work on a project draws; one for each request, filled before the page is rendered.</summary>
internal sealed class WorkflowView
{
    /// <summary>The project's flow.</summary>
    public ProjectFlow? Flow { get; set; }

    /// <summary>Why nothing was saved; empty otherwise.</summary>
    public IReadOnlyList<string> Faults { get; set; } = [];

    /// <summary>What was typed into the form that was refused; empty otherwise.</summary>
    public IReadOnlyDictionary<string, string> Typed { get; set; } = new Dictionary<string, string>();

    /// <summary>The form of a project's channel, drivers and periods, if it is shown.</summary>
    public SetupForm? Setup { get; set; }

    /// <summary>Channels of its plant.</summary>
    public IReadOnlyList<Metering.Store.StoredChannel> Channels { get; set; } = [];

    /// <summary>What was typed into a field of the refused form with this key; the other text when it was another form.</summary>
    /// <param name="key">Key of the form, its field "form".</param>
    /// <param name="field">The field.</param>
    /// <param name="otherwise">Text without a refused form.</param>
    public string TypedIn(string key, string field, string otherwise) =>
        Typed.GetValueOrDefault("form") == key ? Typed.GetValueOrDefault(field, "") : otherwise;
}
