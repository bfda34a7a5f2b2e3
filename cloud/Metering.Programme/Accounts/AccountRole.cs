namespace Metering.Programme.Accounts;

/// <summary>What an account may do. A role holds for a plant, for a project, or for the whole programme, as its <see cref="Grant"/> says.</summary>
public enum AccountRole
{
    /// <summary>Of a plant: sees it live, enters production, lab results and events.</summary>
    Operator = 0,

    /// <summary>Of a plant: what an operator may, and its gateways and meters.</summary>
    Installer = 1,

    /// <summary>Of projects: baselines, events, measures and reports; signs them as their author.</summary>
    Consultant = 2,

    /// <summary>Programme staff: every plant and project, the register, the second signature.</summary>
    Reviewer = 3,

    /// <summary>Reads what the grant or link names, until it expires; changes nothing.</summary>
    Auditor = 4,

    /// <summary>Accounts, grants and keys; sees everything; signs nothing.</summary>
    Administrator = 5,
}
