using System.Collections.Frozen;
using Metering.Programme.Accounts;

namespace Metering.Cloud.Accounts;

/// <summary>What a route may ask of a reader.</summary>
internal enum Permission
{
    /// <summary>A plant, its channels and readings.</summary>
    SeePlant,

    /// <summary>A project, its saving and its files.</summary>
    SeeProject,

    /// <summary>Reference data: tariffs, factors, limits; the same for everyone.</summary>
    SeeReference,

    /// <summary>The audit trail, of what one may see.</summary>
    SeeAudit,

    /// <summary>Enter production, lab results and events.</summary>
    EnterRecords,

    /// <summary>Gateways and meters of a plant.</summary>
    ManageMeters,

    /// <summary>Baselines, event decisions, measures and drafts of reports.</summary>
    EditProject,

    /// <summary>Decide on events by the API: whoever edits the project, and a writing key that is bound to it.</summary>
    DecideEvents,

    /// <summary>Sign as author.</summary>
    SignProject,

    /// <summary>The second signature.</summary>
    ReviewProject,

    /// <summary>The register: programme, organisations, plants, projects.</summary>
    EditRegister,

    /// <summary>Links of auditors.</summary>
    ShareLinks,

    /// <summary>Keys of machines.</summary>
    ManageKeys,

    /// <summary>Accounts and grants.</summary>
    ManageAccounts,

    /// <summary>One's own password, language and sessions. Keys and links have none.</summary>
    OwnAccount,
}

/// <summary>
/// Which role may do what. Where it may is the grant's affair: a plant's grant reaches that plant and its projects, a project's grant that project
/// (and its plant, to be seen), a programme's grant everything.
/// </summary>
internal static class PermissionTable
{
    private static readonly Permission[] Reads = [Permission.SeePlant, Permission.SeeProject, Permission.SeeReference, Permission.SeeAudit];

    private static readonly FrozenDictionary<AccountRole, FrozenSet<Permission>> Roles = new Dictionary<AccountRole, FrozenSet<Permission>>
    {
        [AccountRole.Operator] = With(Permission.OwnAccount, Permission.EnterRecords),
        [AccountRole.Installer] = With(Permission.OwnAccount, Permission.EnterRecords, Permission.ManageMeters),
        [AccountRole.Consultant] = With(Permission.OwnAccount, Permission.EnterRecords, Permission.EditProject, Permission.DecideEvents, Permission.SignProject),
        [AccountRole.Reviewer] = With(
            Permission.OwnAccount, Permission.EnterRecords, Permission.ManageMeters, Permission.EditProject, Permission.DecideEvents, Permission.ReviewProject, Permission.EditRegister, Permission.ShareLinks),
        [AccountRole.Auditor] = With(Permission.OwnAccount),
        [AccountRole.Administrator] = With(Permission.OwnAccount, Permission.ManageMeters, Permission.ShareLinks, Permission.ManageKeys, Permission.ManageAccounts),
    }.ToFrozenDictionary();

    /// <summary>What an auditor's link and a reading key may.</summary>
    public static FrozenSet<Permission> Reading { get; } = With();

    /// <summary>What a key that also writes may.</summary>
    public static FrozenSet<Permission> Writing { get; } = With(Permission.EnterRecords);

    /// <summary>What a key that also writes may when it is bound to one project: its events, too. A plant's key enters records and decides nothing.</summary>
    public static FrozenSet<Permission> WritingOfProject { get; } = With(Permission.EnterRecords, Permission.DecideEvents);

    /// <summary>What a role may.</summary>
    public static FrozenSet<Permission> Of(AccountRole role) => Roles[role];

    private static FrozenSet<Permission> With(params Permission[] more) => Reads.Concat(more).ToFrozenSet();
}
