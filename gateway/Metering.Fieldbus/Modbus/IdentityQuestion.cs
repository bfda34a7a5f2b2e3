namespace Metering.Fieldbus.Modbus;

/// <summary>How much of the device identification is asked for (V1.1b3, 6.21: read device id code).</summary>
public enum IdentificationAccess : byte
{
    /// <summary>Nothing; no question asks for it.</summary>
    None = 0,

    /// <summary>Maker, product code and revision: objects 0-2, which every device with function 43/14 has.</summary>
    Basic = 1,

    /// <summary>Objects 0-6: also URL, product name, model and application.</summary>
    Regular = 2,

    /// <summary>All objects, those of the maker (128-255) included.</summary>
    Extended = 3,
}

/// <summary>A question that asks who a unit is: function 17, or function 43 with MEI type 14.</summary>
public readonly record struct IdentityQuestion
{
    private IdentityQuestion(IdentificationAccess access, byte firstObject)
    {
        Access = access;
        FirstObject = firstObject;
    }

    /// <summary>Function 17, report server id. The same as the default value.</summary>
    public static IdentityQuestion ServerId => default;

    /// <summary>True for <see cref="ServerId"/>.</summary>
    public bool IsServerId => Access == IdentificationAccess.None;

    internal IdentificationAccess Access { get; }

    internal byte FirstObject { get; }

    /// <summary>Function 43/14, from an object on (0, or where an earlier reply said that more follows).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The access is none of the three.</exception>
    public static IdentityQuestion Objects(IdentificationAccess access, byte firstObject) => access is IdentificationAccess.Basic or IdentificationAccess.Regular or IdentificationAccess.Extended
        ? new IdentityQuestion(access, firstObject)
        : throw new ArgumentOutOfRangeException(nameof(access), access, "The access is basic, regular or extended.");
}
