using System.Text;
using Metering.Gateway.Configuration;
using Metering.Meters.Inputs;
using Metering.Meters.Inputs.Pulses;
using Metering.Meters.Yaml;
using Metering.Readings;

namespace Metering.Gateway.Inputs;

/// <summary>What the inputs section of a configuration says.</summary>
/// <param name="Slots">Inputs that are read at every slot.</param>
/// <param name="Manual">Channels whose readings people enter.</param>
internal sealed record InputsSection(IReadOnlyList<InputConfiguration> Slots, IReadOnlyList<ManualChannel> Manual)
{
    internal static InputsSection Empty { get; } = new([], []);
}

/// <summary>A channel whose readings people enter.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Minimum">Smallest possible value, in scaled integers.</param>
/// <param name="Maximum">Largest possible value, in scaled integers.</param>
internal sealed record ManualChannel(Channel Channel, long Minimum, long Maximum);

/// <summary>Reads the inputs beside Modbus: pulse, analogue, oneWire, manual. Nothing is opened.</summary>
internal sealed class InputsReader(InputFolders folders)
{
    internal const string CountsFolder = "counts";
    private const int MaximumLine = 1023;
    private const int DefaultDecimals = 3;
    private const double SmallestShuntOhm = 1;
    private const double LargestShuntOhm = 1000;
    private const double LargestValue = 1e9;

    private static readonly TimeSpan LongestDebounce = TimeSpan.FromSeconds(1);
    private static readonly string[] GpioKeys = ["line", "edge", "bias", "debounce", "minimumWidth", "deadTime"];
    private static readonly string[] Kinds = ["pulse", "analogue", "oneWire", "manual"];

    private static readonly Dictionary<string, LineBias> Biases = new(StringComparer.Ordinal)
    {
        ["pull-up"] = LineBias.PullUp, ["pull-down"] = LineBias.PullDown, ["none"] = LineBias.None,
    };

    private static readonly Dictionary<string, bool> Edges = new(StringComparer.Ordinal) { ["falling"] = false, ["rising"] = true };

    private static readonly Dictionary<string, ChannelKind> ChannelKinds = new(StringComparer.Ordinal) { ["counter"] = ChannelKind.Counter, ["gauge"] = ChannelKind.Gauge };

    /// <summary>Worth of a pulse: key, unit, quantity, and whether it says pulses per unit.</summary>
    private static readonly (string Key, string Unit, string Quantity, bool IsInverse, int Shift)[] Worths =
    [
        ("litresPerPulse", "m3", "volume", false, 3),
        ("cubicMetresPerPulse", "m3", "volume", false, 0),
        ("pulsesPerCubicMetre", "m3", "volume", true, 0),
        ("pulsesPerKwh", "kWh", "active-energy-import", true, 0),
        ("normalCubicMetresPerPulse", "Nm3", "volume", false, 0),
    ];

    internal InputsSection Read(IReadOnlyList<YamlSection> sections, IEnumerable<string> takenMeters)
    {
        HashSet<string> ids = new(takenMeters, StringComparer.Ordinal);
        List<InputConfiguration> slots = [];
        List<ManualChannel> manual = [];
        foreach (YamlSection section in sections)
        {
            string? id = section.Id("id");
            if (section.IsDescription)
            {
                Describe(section);
                continue;
            }

            if (id is not null && !ids.Add(id))
            {
                section.Fault("id", new(es: $"'{id}' está dos veces entre medidores y entradas", en: $"'{id}' is there twice among meters and inputs"), new(es: "los nombres de canal no se repiten en todo el gateway", en: "channel names must differ in the whole gateway"));
            }

            string[] kinds = Array.FindAll(Kinds, section.Has);
            if (kinds.Length != 1)
            {
                section.Fault(kinds.Length > 1 ? kinds[1] : "id", new(es: "una entrada es exactamente una de pulse, analogue, oneWire, manual", en: "an input is exactly one of pulse, analogue, oneWire, manual"), new(es: "escriba por ejemplo pulse: { chip: pinctrl-bcm2711, line: 17, litresPerPulse: 10 }", en: "write for example pulse: { chip: pinctrl-bcm2711, line: 17, litresPerPulse: 10 }"));
            }

            YamlSection? inner = kinds.Length == 1 ? section.Section(kinds[0]) : null;
            if (inner is not null && id is not null)
            {
                if (kinds[0] == "manual")
                {
                    AddNotNull(manual, ReadManual(inner, id));
                }
                else
                {
                    AddNotNull(slots, ReadSlot(inner, kinds[0], id));
                }

                inner.Close();
            }

            section.Close();
        }

        return new(slots, manual);
    }

    // For the schema: every key of every kind, none of them required, as one excludes the others.
    private void Describe(YamlSection section)
    {
        foreach (string kind in Kinds)
        {
            YamlSection? inner = section.Section(kind, required: false);
            if (inner is not null)
            {
                _ = kind == "manual" ? (object?)ReadManual(inner, kind) : ReadSlot(inner, kind, kind);
            }
        }
    }

    private InputConfiguration? ReadSlot(YamlSection section, string kind, string id) => kind switch
    {
        "pulse" => ReadPulse(section, id),
        "analogue" => ReadAnalogue(section, id),
        "oneWire" => ReadOneWire(section, id),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private InputConfiguration? ReadPulse(YamlSection section, string id)
    {
        string[] sources = Array.FindAll(["chip", "counter", "pps"], section.Has);
        if (sources.Length != 1)
        {
            section.Fault(sources.Length > 1 ? sources[1] : "chip", new(es: "los pulsos vienen de exactamente uno de chip, counter, pps", en: "pulses come from exactly one of chip, counter, pps"), new(es: "escriba chip: y line: para un pin GPIO", en: "write chip: and line: for a GPIO pin"));
        }

        string? device = sources.Length > 0 ? section.Text(sources[0]) : section.IsDescription ? PulseDevices(section) : null;
        PulseSource source = sources.FirstOrDefault() switch { "counter" => PulseSource.Counter, "pps" => PulseSource.Pps, _ => PulseSource.Gpio };
        bool isGpio = source == PulseSource.Gpio && !section.IsDescription;
        long? line = section.Integer("line", 0, MaximumLine, required: isGpio);
        bool begins = section.OneOf("edge", Edges, required: false) ?? false;
        LineBias bias = section.OneOf("bias", Biases, required: false) ?? (begins ? LineBias.PullDown : LineBias.PullUp);
        TimeSpan debounce = section.Duration("debounce", TimeSpan.Zero, LongestDebounce, required: false) ?? TimeSpan.FromMilliseconds(5);
        TimeSpan width = section.Duration("minimumWidth", TimeSpan.Zero, LongestDebounce, required: false) ?? TimeSpan.Zero;
        TimeSpan dead = section.Duration("deadTime", TimeSpan.Zero, LongestDebounce, required: false) ?? TimeSpan.Zero;
        string? crossCheck = section.Text("crossCheck", required: false);
        if (!isGpio)
        {
            foreach (string key in GpioKeys.Where(section.Has))
            {
                section.Fault(key, new(es: "solo es para una línea GPIO", en: "belongs to a GPIO line only"), new(es: "quítelo: el contador del kernel no tiene ese ajuste, y los rebotes se quitan con un capacitor en el contacto", en: "remove it: the kernel's counter has no such setting, so bounces need a capacitor at the contact"));
            }
        }

        int decimals = (int)(section.Integer("decimals", 0, Channel.MaximumMeterDecimalPlaces, required: false) ?? DefaultDecimals);
        (PulseFactor? factor, Channel? channel) = ReadWorth(section, id, decimals);
        long index = ReadScaled(section, "initialIndex", decimals) ?? 0;
        if (device is null || (isGpio && line is null) || factor is null || channel is null)
        {
            return null;
        }

        PulseOptions options = new()
        {
            Id = id,
            Channel = channel,
            Source = source,
            Device = device,
            Line = new((int)(line ?? 0), bias, debounce, width > TimeSpan.Zero, begins),
            Shape = new() { BeginsRising = begins, MinimumWidth = width, DeadTime = dead },
            Factor = factor.Value,
            InitialIndex = index,
            CrossCheckDevice = crossCheck,
        };
        return new(id, [channel], () => PulseInput.Open(options, folders));
    }

    private static string? PulseDevices(YamlSection section) =>
        section.Text("chip", required: false) ?? section.Text("counter", required: false) ?? section.Text("pps", required: false);

    private static (PulseFactor? Factor, Channel? Channel) ReadWorth(YamlSection section, string id, int decimals)
    {
        foreach ((string Key, string, string, bool, int) known in section.IsDescription ? Worths : [])
        {
            _ = section.Text(known.Key, required: false);
        }

        int[] given = [.. Enumerable.Range(0, Worths.Length).Where(index => section.Has(Worths[index].Key))];
        if (given.Length != 1)
        {
            section.Fault(given.Length > 1 ? Worths[given[1]].Key : Worths[0].Key, new(es: "un pulso vale exactamente una cosa", en: "a pulse has exactly one worth"), new(es: "escriba uno de: " + string.Join(", ", Worths.Select(worth => worth.Key)) + "; viene en la placa del medidor", en: "write one of: " + string.Join(", ", Worths.Select(worth => worth.Key)) + "; it stands on the meter's plate"));
            return (null, null);
        }

        (string key, string unit, string quantity, bool isInverse, int shift) = Worths[given[0]];
        if (ReadDecimal(section, key) is not ExactDecimal value)
        {
            return (null, null);
        }

        ExactDecimal worth = value;
        bool fits = shift == 0 || value.TryTimes(new ExactDecimal(1, shift), out worth);
        PulseFactor? factor = !fits ? null : isInverse ? PulseFactor.PulsesPer(worth, decimals) : PulseFactor.PerPulse(worth, decimals);
        if (factor is null)
        {
            section.Fault(key, new(es: $"'{section.Text(key)}' no puede ser el valor de un pulso", en: $"'{section.Text(key)}' is no worth of a pulse"), new(es: "escriba un número mayor que cero, como 10 o 0.5", en: "write a number above zero, such as 10 or 0.5"));
        }

        return (factor, CheckedChannel(section, id, section.Text("quantity", required: false) ?? quantity, new(unit, decimals, ChannelKind.Counter, "pulse/1")));
    }

    private InputConfiguration? ReadAnalogue(YamlSection section, string id)
    {
        string? name = section.Text("device", required: false);
        string? node = section.Text("node", required: false);
        if (name is null == node is null)
        {
            section.Fault("device", new(es: "un convertidor se busca por exactamente uno de device y node", en: "a converter is found by exactly one of device and node"), new(es: "escriba device: ads1015 (lo que dice su archivo name) o node: adc@48", en: "write device: ads1015 (what its name file says) or node: adc@48"));
        }

        string? input = section.Text("input");
        double? shunt = ReadNumber(section, "shuntOhm", SmallestShuntOhm, LargestShuntOhm);
        double? low = ReadNumber(section, "at4mA", -LargestValue, LargestValue);
        double? high = ReadNumber(section, "at20mA", -LargestValue, LargestValue);
        long samples = section.Integer("samples", 1, AnalogueInput.MaximumSampleCount, required: false) ?? 1;
        long decimals = section.Integer("decimals", 0, 6, required: false) ?? 2;
        string? quantity = section.Id("quantity");
        string? unit = ReadUnit(section);
        if (low is not null && low == high)
        {
            section.Fault("at20mA", new(es: "es igual a at4mA", en: "is the same as at4mA"), new(es: "dé el rango del transmisor, como at4mA: 0 y at20mA: 16", en: "give the range of the transmitter, such as at4mA: 0 and at20mA: 16"));
        }

        if (input is null || shunt is null || low is null || high is null || quantity is null || unit is null)
        {
            return null;
        }

        Channel? channel = CheckedChannel(section, id, quantity, new(unit, (int)decimals, ChannelKind.Gauge, "analogue/1"));
        return channel is null ? null : new(id, [channel], () => new AnalogueInput(
            new()
            {
                Channel = channel, DeviceName = name, DeviceNode = node, Input = input, ShuntOhm = shunt.Value,
                ValueAt4Milliampere = low.Value, ValueAt20Milliampere = high.Value, SampleCount = (int)samples,
            },
            folders));
    }

    private InputConfiguration? ReadOneWire(YamlSection section, string id)
    {
        string? device = section.Text("device");
        if (device is not null && (!device.StartsWith("28-", StringComparison.Ordinal) || !Identifier.IsValid(device)))
        {
            section.Fault("device", new(es: $"'{device}' no es un DS18B20", en: $"'{device}' is no DS18B20"), new(es: "escriba su nombre como está en /sys/bus/w1/devices, por ejemplo 28-0123456789ab", en: "write its name as in /sys/bus/w1/devices, such as 28-0123456789ab"));
            device = null;
        }

        Channel? channel = CheckedChannel(section, id, section.Text("quantity", required: false) ?? "temperature", new("degC", 3, ChannelKind.Gauge, "ds18b20/1"));
        return device is null || channel is null ? null : new(id, [channel], () => new OneWireInput(channel, device, folders));
    }

    private static ManualChannel? ReadManual(YamlSection section, string id)
    {
        string? quantity = section.Id("quantity");
        string? unit = ReadUnit(section);
        int decimals = (int)(section.Integer("decimals", 0, Channel.MaximumMeterDecimalPlaces, required: false) ?? 1);
        ChannelKind kind = section.OneOf("kind", ChannelKinds, required: false) ?? ChannelKind.Gauge;
        long minimum = ReadScaled(section, "minimum", decimals) ?? (kind == ChannelKind.Counter ? 0 : long.MinValue);
        long maximum = ReadScaled(section, "maximum", decimals) ?? long.MaxValue;
        if (minimum > maximum)
        {
            section.Fault("maximum", new(es: "es menor que minimum", en: "is below minimum"), new(es: "intercámbielos", en: "exchange the two"));
        }

        Channel? channel = quantity is null || unit is null ? null : CheckedChannel(section, id, quantity, new(unit, decimals, kind, "manual/1"));
        return channel is null ? null : new(channel, minimum, maximum);
    }

    private static string? ReadUnit(YamlSection section)
    {
        string? unit = section.Text("unit");
        if (unit is not null && !Units.IsKnown(unit))
        {
            section.Fault("unit", new(es: $"no se conoce '{unit}'", en: $"'{unit}' is not known"), Suggestion.For(unit, Units.All));
            return null;
        }

        return unit;
    }

    private static Channel? CheckedChannel(YamlSection section, string id, string quantity, in ChannelForm form)
    {
        Channel channel = new() { Id = $"{id}.{quantity}", Meter = id, Unit = form.Unit, Kind = form.Kind, DecimalPlaces = form.Decimals, Profile = form.Profile };
        if (!Identifier.IsValid(channel.Id))
        {
            section.Fault("quantity", new(es: $"el canal '{channel.Id}' no es un identificador", en: $"the channel '{channel.Id}' is no identifier"), Identifier.RuleText);
            return null;
        }

        return channel;
    }

    private static ExactDecimal? ReadDecimal(YamlSection section, string key, bool required = true)
    {
        string? text = section.Text(key, required);
        if (text is null)
        {
            return null;
        }

        if (ExactDecimal.TryParse(Encoding.UTF8.GetBytes(text), out ExactDecimal value))
        {
            return value;
        }

        section.Fault(key, new(es: $"'{text}' no es un número", en: $"'{text}' is no number"), new(es: "escriba dígitos con punto decimal, sin separador de miles", en: "write digits with a point, no thousands mark"));
        return null;
    }

    private static long? ReadScaled(YamlSection section, string key, int decimals)
    {
        if (ReadDecimal(section, key, required: false) is not ExactDecimal value)
        {
            return null;
        }

        if (value.TryScale(decimals, out long scaled))
        {
            return scaled;
        }

        section.Fault(key, new(es: $"no cabe en {decimals} decimales", en: $"does not fit {decimals} decimals"), new(es: "aumente decimals, o escriba menos dígitos", en: "raise decimals, or write fewer digits"));
        return null;
    }

    private static double? ReadNumber(YamlSection section, string key, double minimum, double maximum)
    {
        if (ReadDecimal(section, key) is not ExactDecimal value)
        {
            return null;
        }

        double number = value.ToDouble();
        if (number >= minimum && number <= maximum)
        {
            return number;
        }

        section.Fault(key, new(es: $"está fuera de {minimum} a {maximum}", en: $"is outside {minimum} to {maximum}"), new(es: "elija un número en ese rango", en: "choose a number in that range"));
        return null;
    }

    private static void AddNotNull<T>(List<T> list, T? item)
        where T : class
    {
        if (item is not null)
        {
            list.Add(item);
        }
    }

    private readonly record struct ChannelForm(string Unit, int Decimals, ChannelKind Kind, string Profile);
}
