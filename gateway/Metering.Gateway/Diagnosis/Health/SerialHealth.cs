using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Metering.Fieldbus.Serial;

namespace Metering.Gateway.Diagnosis.Health;

/// <summary>Looks at a serial device without opening it: a second program on the line would disturb the first.</summary>
/// <param name="device">The device file.</param>
/// <param name="parity">The parity wanted on it; null when not known.</param>
/// <param name="root">Where /dev, /sys and /proc stand: "/" but in tests.</param>
internal sealed class SerialHealth(string device, SerialParity? parity, string root)
{
    private const int ReadAndWrite = 6;
    private const int NotPermitted = 13;
    private const int LongestParentWalk = 8;
    private const int ShortLatencyMilliseconds = 1;

    private static readonly Dictionary<string, string> Chips = new(StringComparer.Ordinal)
    {
        ["0403"] = "FTDI", ["1a86"] = "QinHeng CH34x", ["10c4"] = "Silicon Labs CP210x", ["067b"] = "Prolific PL2303", ["04d8"] = "Microchip", ["04e2"] = "MaxLinear XR21",
    };

    /// <summary>All checks of the device; the later ones only when it is there.</summary>
    internal IEnumerable<HealthCheck> Check()
    {
        string path = Path.Combine(root, device.TrimStart('/'));
        string name = Path.GetFileName(PortHolders.Final(path));
        if (!File.Exists(path))
        {
            yield return HealthCheck.Bad(
                "serial-device",
                new(es: $"El puerto serie {device} no existe.", en: $"The serial port {device} does not exist."),
                new(es: "Conecte el adaptador y busque su nombre: ls -l /dev/serial/by-id", en: "Plug the adapter in and look for its name: ls -l /dev/serial/by-id"));
            yield break;
        }

        yield return HealthCheck.Good("serial-device", $"El puerto serie {device} existe.", $"The serial port {device} exists.");
        yield return Permission(path);
        yield return Holder(path);
        if (Lasting() is HealthCheck lasting)
        {
            yield return lasting;
        }

        foreach (HealthCheck check in Chip(name).Append(MiniUart(name)).OfType<HealthCheck>())
        {
            yield return check;
        }
    }

    private HealthCheck Permission(string path)
    {
        bool mayOpen = Access(Encoding.UTF8.GetBytes(path + '\0'), ReadAndWrite) == 0 || Marshal.GetLastPInvokeError() != NotPermitted;
        return mayOpen
            ? HealthCheck.Good("serial-permission", $"Este usuario puede abrir {device}.", $"This user may open {device}.")
            : HealthCheck.Bad(
                "serial-permission",
                new(es: $"Este usuario no puede abrir {device}.", en: $"This user may not open {device}."),
                new(es: "Agréguelo al grupo dialout: sudo usermod -aG dialout $USER, y vuelva a iniciar sesión.", en: "Add it to the group dialout: sudo usermod -aG dialout $USER, then log in again."),
                ExitCode.Permission);
    }

    private HealthCheck Holder(string path)
    {
        string holders = string.Join(", ", PortHolders.Of(path, root));
        return holders.Length == 0
            ? HealthCheck.Good("serial-holder", $"Ningún programa visible usa {device}.", $"No program that can be seen uses {device}.")
            : HealthCheck.Notice(
                "serial-holder",
                new(es: $"Usa {device}: {holders}.", en: $"{device} is in use by {holders}."),
                new(es: "Si no es el gateway, ciérrelo: solo un programa puede preguntar en la línea.", en: "Unless it is the gateway, stop it: only one program may ask on the line."));
    }

    private HealthCheck? Lasting() => device.Contains("/tty", StringComparison.Ordinal) && SerialNames.Lasting(Path.Combine(root, device.TrimStart('/')), root) is string lasting
        ? HealthCheck.Notice(
            "serial-name",
            new(es: $"{device} puede llamarse de otro modo después de reiniciar.", en: $"{device} may have another name after a restart."),
            new(es: $"Escriba en la configuración: {lasting}", en: $"Write into the configuration: {lasting}"))
        : null;

    private IEnumerable<HealthCheck> Chip(string name)
    {
        string? folder = PortHolders.Final(Path.Combine(root, "sys/class/tty", name, "device"));
        for (int step = 0; step < LongestParentWalk && folder is not null && Directory.Exists(folder); step++, folder = Path.GetDirectoryName(folder))
        {
            if (TryRead(Path.Combine(folder, "idVendor")) is string vendor)
            {
                string chip = Chips.GetValueOrDefault(vendor, vendor);
                string product = TryRead(Path.Combine(folder, "product")) ?? "?";
                yield return HealthCheck.Good("serial-chip", $"Adaptador USB: {chip}, {product}.", $"USB adapter: {chip}, {product}.");
                break;
            }
        }

        string timer = Path.Combine(root, "sys/bus/usb-serial/devices", name, "latency_timer");
        if (int.TryParse(TryRead(timer), NumberStyles.None, CultureInfo.InvariantCulture, out int latency) && latency > ShortLatencyMilliseconds)
        {
            string write = $"echo 1 | sudo tee /sys/bus/usb-serial/devices/{name}/latency_timer";
            yield return HealthCheck.Notice(
                "serial-latency",
                new(es: $"El adaptador guarda cada respuesta hasta {latency} ms.", en: $"The adapter holds each answer back for up to {latency} ms."),
                new(es: $"Para preguntar más rápido: {write}", en: $"To ask faster: {write}"));
        }
    }

    // The mini UART of the Raspberry Pi has no parity bit, and its speed follows the clock of the core.
    private HealthCheck? MiniUart(string name)
    {
        string? model = TryRead(Path.Combine(root, "proc/device-tree/model"));
        string? compatible = TryRead(Path.Combine(root, "sys/class/tty", name, "device/of_node/compatible"));
        bool isMiniUart = model?.Contains("Raspberry Pi", StringComparison.Ordinal) == true
            && (compatible?.Contains("bcm2835-aux-uart", StringComparison.Ordinal) ?? name == "ttyS0");
        if (!isMiniUart)
        {
            return null;
        }

        Text what = new(es: $"{device} es el mini-UART de la Raspberry Pi: no tiene paridad.", en: $"{device} is the mini UART of the Raspberry Pi: it has no parity.");
        Text remedy = new(
            es: "Ponga dtoverlay=disable-bt en config.txt y use /dev/ttyAMA0, o use un adaptador USB.",
            en: "Put dtoverlay=disable-bt into config.txt and use /dev/ttyAMA0, or use a USB adapter.");
        return parity is null or SerialParity.None ? HealthCheck.Notice("mini-uart", what, remedy) : HealthCheck.Bad("mini-uart", what, remedy, ExitCode.Configuration);
    }

    private static string? TryRead(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path).Trim('\0', '\n', ' ') : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "access", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Access(byte[] path, int mode);
}
