using System.Globalization;
using Metering.Gateway.Polling;
using Metering.Readings;

namespace Metering.Gateway.Diagnosis.Health;

/// <summary>Looks at the machine: clock, time zones, disk, service.</summary>
internal static class MachineHealth
{
    private const long SmallestFreeLength = 256L * 1024 * 1024;
    private const int SmallestFreePercent = 5;
    private const long Mebibyte = 1024 * 1024;
    internal const string UnitName = "metering-gateway";

    internal static HealthCheck Clock(TimeProvider clock) => GuardedClock.OfMachine(clock, lastSlot: null).State switch
    {
        ClockState.Synchronised => HealthCheck.Good("clock", "El reloj está sincronizado.", "The clock is synchronised."),
        ClockState.Informed => HealthCheck.Notice(
            "clock",
            new(es: "El reloj no está sincronizado.", en: "The clock is not synchronised."),
            new(es: "Active la hora de red: sudo timedatectl set-ntp true", en: "Switch network time on: sudo timedatectl set-ntp true")),
        _ => HealthCheck.Bad(
            "clock",
            new(es: "El reloj está en una fecha imposible: las lecturas tendrían hora falsa.", en: "The clock stands at an impossible date: readings would get a false time."),
            new(es: "Ponga la hora (sudo timedatectl set-time ...) y revise la pila del reloj.", en: "Set the time (sudo timedatectl set-time ...) and check the clock's battery.")),
    };

    internal static HealthCheck TimeZones(string root) => File.Exists(Path.Combine(root, "usr/share/zoneinfo/America/Mexico_City"))
        ? HealthCheck.Good("time-zones", "Los datos de zonas horarias están instalados.", "Time zone data is installed.")
        : HealthCheck.Notice(
            "time-zones",
            new(es: "Faltan los datos de zonas horarias.", en: "Time zone data is missing."),
            new(es: "Instálelos: sudo apt install tzdata", en: "Install it: sudo apt install tzdata"));

    /// <summary>Whether the state directory can be written, and how much room its disk has.</summary>
    internal static IEnumerable<HealthCheck> Disk(string stateDirectory)
    {
        yield return Writable(stateDirectory);
        string? there = stateDirectory;
        while (there is not null && !Directory.Exists(there))
        {
            there = Path.GetDirectoryName(there);
        }

        if (there is not null)
        {
            DriveInfo drive = new(there);
            yield return Room(drive.AvailableFreeSpace, drive.TotalSize);
        }
    }

    /// <summary>Judges the free room of a disk, in bytes.</summary>
    internal static HealthCheck Room(long free, long total)
    {
        int percent = (int)(100.0 * free / Math.Max(1, total));
        string figures = string.Create(CultureInfo.InvariantCulture, $"{free / Mebibyte} MiB ({percent} %)");
        return free < SmallestFreeLength || percent < SmallestFreePercent
            ? HealthCheck.Bad(
                "disk-room",
                new(es: $"En el disco solo quedan {figures}.", en: $"The disk has {figures} left only."),
                new(es: "Libere espacio: sin él las lecturas no se pueden guardar.", en: "Make room: without it readings cannot be kept."))
            : HealthCheck.Good("disk-room", $"Quedan {figures} en el disco.", $"The disk has {figures} left.");
    }

    /// <summary>What systemd says of the service; null where there is no systemd.</summary>
    internal static HealthCheck? Service(string root)
    {
        if (!Directory.Exists(Path.Combine(root, "run/systemd/system")) || SystemProgram.FirstLine("systemctl", "is-active", UnitName) is not string state)
        {
            return null;
        }

        return state == "active"
            ? HealthCheck.Good("service", $"El servicio {UnitName} está activo.", $"The service {UnitName} is active.")
            : HealthCheck.Notice(
                "service",
                new(es: $"El servicio {UnitName} está: {state}.", en: $"The service {UnitName} is {state}."),
                new(es: $"sudo systemctl start {UnitName}; sus mensajes: journalctl -u {UnitName}", en: $"sudo systemctl start {UnitName}; what it says: journalctl -u {UnitName}"));
    }

    private static HealthCheck Writable(string directory)
    {
        try
        {
            _ = Directory.CreateDirectory(directory);
            string probe = Path.Combine(directory, $".doctor-{Environment.ProcessId}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return HealthCheck.Good("state-directory", $"Se puede escribir en {directory}.", $"{directory} can be written.");
        }
        catch (UnauthorizedAccessException)
        {
            return HealthCheck.Bad(
                "state-directory",
                new(es: $"No se puede escribir en {directory}.", en: $"{directory} cannot be written."),
                new(es: $"Dele dueño: sudo chown -R metering {directory}", en: $"Give it its owner: sudo chown -R metering {directory}"),
                ExitCode.Permission);
        }
        catch (IOException e)
        {
            return HealthCheck.Bad(
                "state-directory",
                new(es: $"No se puede usar {directory}: {e.Message}", en: $"{directory} cannot be used: {e.Message}"),
                new(es: "Revise stateDirectory y el disco.", en: "Check stateDirectory and the disk."));
        }
    }
}
