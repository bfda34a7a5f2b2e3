namespace Metering.Fieldbus.Modbus;

/// <summary>Exception codes of MODBUS Application Protocol V1.1b3, clause 7. Devices may send others.</summary>
public static class ModbusExceptionCode
{
    /// <summary>The device does not know the function.</summary>
    public const byte IllegalFunction = 1;

    /// <summary>The device has no such register, or the range runs past its last one.</summary>
    public const byte IllegalDataAddress = 2;

    /// <summary>The quantity is not allowed.</summary>
    public const byte IllegalDataValue = 3;

    /// <summary>The device failed while carrying out the request.</summary>
    public const byte ServerDeviceFailure = 4;

    /// <summary>The device accepted the request and needs long to answer.</summary>
    public const byte Acknowledge = 5;

    /// <summary>The device is busy with something else.</summary>
    public const byte ServerDeviceBusy = 6;

    /// <summary>The device found its memory damaged.</summary>
    public const byte MemoryParityError = 8;

    /// <summary>A gateway has no path to the device.</summary>
    public const byte GatewayPathUnavailable = 10;

    /// <summary>A gateway asked the device and got no answer.</summary>
    public const byte GatewayTargetFailedToRespond = 11;
}
