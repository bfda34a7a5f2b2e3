using System.Globalization;
using System.Text;
using Metering.Fieldbus.Modbus;
using Metering.Meters.Registers;
using Metering.Meters.Totalisers;
using Metering.Meters.Yaml;
using Metering.Readings;
using Metering.Readings.Texts;

namespace Metering.Meters.Profiles;

/// <summary>Reads one entry of a profile's register list.</summary>
internal sealed class RegisterReader(YamlSection section, int addressBase)
{
    private const int AddressCount = 65_536;
    private const int MaximumMultiplier = ExactRatio.Largest;
    private const string WordsPattern = "^[0-9A-Fa-f]{4}( [0-9A-Fa-f]{4}){0,3}$";

    /// <summary>A grade with its reason; null when the section has none or it is faulty.</summary>
    internal static Confidence? ReadConfidence(YamlSection parent)
    {
        YamlSection? section = parent.Section("confidence", required: false, "How sure the map is, before anyone compared it with a display.");
        ConfidenceGrade? grade = section?.OneOf("grade", ProfileWords.Grades, about: "A: two independent sources agree. B: one. C: base or scale not proven.");
        string? spanish = section?.Text("es", about: "Why not better and what to check, in Spanish.");
        string? english = section?.Text("en", about: "The same in English.");
        section?.Close();
        if (string.IsNullOrWhiteSpace(spanish) || string.IsNullOrWhiteSpace(english))
        {
            if (spanish is not null && english is not null)
            {
                section?.Fault("es", new(es: "hace falta un motivo en los dos idiomas", en: "a reason is needed in both languages"), new(es: "escriba es: ..., en: ...", en: "write es: ..., en: ..."));
            }

            return null;
        }

        return grade is ConfidenceGrade letter ? new(letter, new Text(spanish, english)) : null;
    }

    /// <summary>The definition; null when something it needs is missing or faulty.</summary>
    internal RegisterDefinition? Read(ModbusTable table)
    {
        string? quantity = section.Id("quantity", "What is measured; the channel is called meter.quantity.");
        section.ExactlyOneOf(new(es: "escriba address: ..., o sumOf: [ ..., ... ]", en: "write address: ..., or sumOf: [ ..., ... ]"), "address", "sumOf");
        long? single = section.Integer("address", addressBase, AddressCount - 1 + addressBase, required: false);
        IReadOnlyList<long> sum = section.Integers("sumOf", addressBase, AddressCount - 1 + addressBase, about: "Addresses whose values are added, such as two tariffs.");
        RegisterFormat? format = section.OneOf("format", ProfileWords.Formats);
        WordOrder order = section.OneOf("order", ProfileWords.Orders, required: false, "Order of the bytes on the wire, a the most significant; abcd when left out.") ?? WordOrder.Abcd;
        long? decimals = section.Integer("decimals", 0, Channel.MaximumMeterDecimalPlaces, about: "value = integer x 10^-decimals; floating point is rounded to as many.");
        string? unit = ReadUnit();
        ChannelKind? kind = section.OneOf("kind", ProfileWords.Kinds, about: "counter: a total that only grows. gauge: a value of the moment.");
        RegisterDefinition? definition = quantity is null || format is null || decimals is null || unit is null || kind is null
            ? null
            : new RegisterDefinition
            {
                Quantity = quantity,
                Table = table,
                Address = AddressOf(single ?? (sum.Count > 0 ? sum[0] : addressBase)),
                FurtherAddresses = [.. sum.Skip(1).Select(AddressOf)],
                Format = format.Value,
                Order = order,
                Decimals = (int)decimals.Value,
                Unit = unit,
                Kind = kind.Value,
                Sentinels = [],
            };
        definition = ReadRest(definition);
        section.Close();
        if (definition is not null)
        {
            CheckRelations(definition);
            CheckParts(definition);
        }

        return single is null && sum.Count == 0 ? null : definition;
    }

    // Reads every optional key, also when the entry is faulty: its other faults are to be told too.
    private RegisterDefinition? ReadRest(RegisterDefinition? definition)
    {
        ModbusTable? table = section.OneOf("table", ProfileWords.Tables, required: false, "Where it differs from the profile's.");
        long multiplier = section.Integer("multiplier", 1, MaximumMultiplier, required: false, "What the registers' number is multiplied by.") ?? 1;
        long divisor = section.Integer("divisor", 1, MaximumMultiplier, required: false, "What it is divided by, such as 1000 for a floating point value in W read as kW.") ?? 1;
        TransformerSide side = section.OneOf("ratio", ProfileWords.Sides, required: false, "The value is of the secondary side: the configuration must give these transformer ratios.") ?? TransformerSide.Primary;
        long? modulus = section.Integer("modulus", 1, long.MaxValue, required: false, "Where a counter begins again at 0, in scaled integers.");
        long minimum = section.Integer("minimum", long.MinValue, long.MaxValue, required: false, "Smallest possible scaled integer.") ?? long.MinValue;
        long maximum = section.Integer("maximum", long.MinValue, long.MaxValue, required: false, "Largest possible scaled integer.") ?? long.MaxValue;
        IReadOnlyList<long> sentinels = section.Integers("sentinels", long.MinValue, long.MaxValue, about: "Scaled integers by which the meter says not available; NaN always does.");
        List<IReadOnlyList<ushort>> words = ReadWords(definition?.Format);
        (long? most, string? mostSource) = ReadMaximumRate(definition?.Decimals ?? 0);
        RateClass rate = section.OneOf("rate", ProfileWords.Rates, required: false, "How often it is worth reading.") ?? RateClass.Normal;
        FractionRegister? fraction = ReadFraction();
        RolloverRegister? rollovers = ReadRollovers();
        StatusRegister? status = ReadStatus();
        UnitRegister? unitCode = ReadUnitCode();
        ExponentRegister? exponent = ReadExponent();
        string? source = section.Text("source", required: false, "Where it differs from the profile's.");
        ProfileTrust? trust = section.OneOf("trust", ProfileWords.Trusts, required: false, "Where it differs from the profile's.");
        Confidence? confidence = ReadConfidence(section);
        return definition is null ? null : definition with
        {
            Table = table ?? definition.Table,
            Factor = new((int)multiplier, (int)divisor),
            Side = side,
            Modulus = modulus,
            MaximumStepsPerHour = most,
            MaximumRateSource = mostSource,
            Minimum = minimum,
            Maximum = maximum,
            Sentinels = sentinels,
            SentinelWords = words,
            Rate = rate,
            Fraction = fraction,
            Rollovers = rollovers,
            Status = status,
            UnitCode = unitCode,
            Exponent = exponent,
            Source = source,
            Trust = trust,
            Confidence = confidence,
        };
    }

    private (long? StepsPerHour, string? Source) ReadMaximumRate(int decimals)
    {
        YamlSection? part = section.Section("maximumRate", required: false, "The most a counter can rise in an hour, by the rating of the device.");
        string? text = part?.Text("perHour", about: "In the unit of the channel, before transformer ratios: for kWh the kW of Imax x Umax x phases, for m3 the m3/h of Q4.");
        string? source = part?.Text("source", about: "Document and place the rating comes from, and how the number is made of it.");
        part?.Close();
        if (part is null || text is null || part.IsDescription)
        {
            return (null, null);
        }

        if (ExactDecimal.TryParse(Encoding.UTF8.GetBytes(text), out ExactDecimal rate) && rate.Mantissa > 0)
        {
            return (TotaliserLimits.Steps(rate, decimals), source);
        }

        part.Fault("perHour", new(es: $"'{text}' no es un número mayor que cero", en: $"'{text}' is no number above zero"), new(es: "escriba dígitos con punto, como 27.6", en: "write digits with a point, such as 27.6"));
        return (null, null);
    }

    private string? ReadUnit()
    {
        Dictionary<string, int> units = Units.All.Select((unit, index) => (unit, index)).ToDictionary(pair => pair.unit, pair => pair.index, StringComparer.Ordinal);
        return section.OneOf("unit", units) is int index ? Units.All[index] : null;
    }

    private ushort AddressOf(long address) => (ushort)(address - addressBase);

    private List<IReadOnlyList<ushort>> ReadWords(RegisterFormat? format)
    {
        List<IReadOnlyList<ushort>> all = [];
        foreach (string text in section.TextList("sentinelWords", WordsPattern, "Registers as sent by which the meter says not available, in hexadecimal: \"7FFF FFFF\"."))
        {
            List<ushort> words = [];
            foreach (string word in text.Split(' '))
            {
                if (word.Length == 4 && ushort.TryParse(word, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort register))
                {
                    words.Add(register);
                }
            }

            if (words.Count != text.Split(' ').Length || (format is RegisterFormat layout && words.Count != layout.RegisterCount()))
            {
                section.Fault("sentinelWords", new(es: $"'{text}' no son los registros de un valor", en: $"'{text}' is not the registers of one value"), new(es: "escriba cuatro dígitos hexadecimales por registro, como \"7FFF FFFF\"", en: "write four hexadecimal digits for each register, such as \"7FFF FFFF\""));
            }
            else
            {
                all.Add(words);
            }
        }

        return all;
    }

    private FractionRegister? ReadFraction()
    {
        YamlSection? part = section.Section("fraction", required: false, "Digits behind the point of a total whose own registers count whole units.");
        return ReadPlace(part, ProfileWords.FloatingFormats) is var (address, format, order) ? new(address, format, order) : null;
    }

    private RolloverRegister? ReadRollovers()
    {
        YamlSection? part = section.Section("rollovers", required: false, "How often the total began again at 0.");
        long? modulus = part?.Integer("modulus", 1, long.MaxValue / AddressCount, about: "What one rollover stands for, in scaled integers.");
        return ReadPlace(part, ProfileWords.SmallIntegers) is var (address, format, order) && modulus is long each ? new(address, format, order, each) : null;
    }

    private StatusRegister? ReadStatus()
    {
        YamlSection? part = section.Section("status", required: false, "How good the meter says the value is. A code in no list is bad.");
        IReadOnlyList<long> good = part?.Integers("good", int.MinValue, uint.MaxValue, required: true) ?? [];
        IReadOnlyList<long> uncertain = part?.Integers("uncertain", int.MinValue, uint.MaxValue) ?? [];
        IReadOnlyList<long> bad = part?.Integers("bad", int.MinValue, uint.MaxValue, about: "For the reader: every other code is bad too.") ?? [];
        if (good.Intersect(uncertain.Concat(bad)).Concat(uncertain.Intersect(bad)).Any())
        {
            part?.Fault("good", new(es: "un código está en dos listas", en: "a code stands in two lists"), new(es: "cada código debe significar una sola cosa", en: "let each code mean one thing"));
        }

        return ReadPlace(part, ProfileWords.SmallIntegers) is var (address, format, order) ? new(address, format, order, good, uncertain) : null;
    }

    private UnitRegister? ReadUnitCode()
    {
        YamlSection? part = section.Section("unitCode", required: false, "The unit the meter is set to. Another code than these is a bad reading.");
        List<UnitCode> codes = [];
        foreach (YamlSection item in part?.Sections("codes") ?? [])
        {
            long? code = item.Integer("code", int.MinValue, uint.MaxValue);
            long? decade = item.Integer("decade", -RegisterDecoder.LargestDecade, RegisterDecoder.LargestDecade, required: false, "The value times 10^decade is in the profile's unit; 0 when left out.");
            item.Close();
            if (code is long number && codes.Exists(known => known.Code == number))
            {
                item.Fault("code", new(es: $"{number} está dos veces", en: $"{number} is there twice"), new(es: "cada código debe significar una sola unidad", en: "let each code mean one unit"));
            }
            else if (code is long value)
            {
                codes.Add(new(value, (int)(decade ?? 0)));
            }
        }

        return ReadPlace(part, ProfileWords.SmallIntegers) is var (address, format, order) ? new(address, format, order, codes) : null;
    }

    private ExponentRegister? ReadExponent()
    {
        YamlSection? part = section.Section("exponent", required: false, "value = integer x 10^exponent.");
        return ReadPlace(part, ProfileWords.SmallIntegers) is var (address, format, order) ? new(address, format, order) : null;
    }

    // Address, format and order of a part; ends the part's section.
    private (ushort Address, RegisterFormat Format, WordOrder Order)? ReadPlace(YamlSection? part, Dictionary<string, RegisterFormat> formats)
    {
        long? address = part?.Integer("address", addressBase, AddressCount - 1 + addressBase);
        RegisterFormat? format = part?.OneOf("format", formats);
        WordOrder order = part?.OneOf("order", ProfileWords.Orders, required: false) ?? WordOrder.Abcd;
        part?.Close();
        if (part is null || address is null || format is null)
        {
            return null;
        }

        CheckPlace(part, AddressOf(address.Value), format.Value, order);
        return (AddressOf(address.Value), format.Value, order);
    }

    private static void CheckPlace(YamlSection place, ushort address, RegisterFormat format, WordOrder order)
    {
        if (format.RegisterCount() == 1 && order is (WordOrder.Cdab or WordOrder.Dcba))
        {
            place.Fault("order", new(es: "un solo registro no tiene con cuál intercambiarse", en: "one register has no second one to change places with"), new(es: "escriba abcd, o badc si los bytes están invertidos", en: "write abcd, or badc for swapped bytes"));
        }

        if (address + format.RegisterCount() > AddressCount)
        {
            place.Fault("address", new(es: "el valor pasa del registro 65535", en: "the value runs past register 65535"), new(es: "revise address y format", en: "check address and format"));
        }
    }

    private void CheckRelations(RegisterDefinition definition)
    {
        if (definition.Modulus is not null && definition.Kind != ChannelKind.Counter)
        {
            section.Fault("modulus", new(es: "solo es para un contador", en: "belongs to a counter only"), new(es: "quítelo, o escriba kind: counter", en: "remove it, or write kind: counter"));
        }

        if (definition.MaximumStepsPerHour is not null && definition.Kind != ChannelKind.Counter)
        {
            section.Fault("maximumRate", new(es: "solo es para un contador", en: "belongs to a counter only"), new(es: "quítelo: una magnitud instantánea tiene maximum", en: "remove it: a gauge has maximum"));
        }

        if (definition.Minimum > definition.Maximum)
        {
            section.Fault("minimum", new(es: "es mayor que el máximo", en: "is above the maximum"), new(es: "intercámbielos; ambos son enteros ya escalados", en: "exchange them; both are scaled integers"));
        }

        CheckPlace(section, definition.Address, definition.Format, definition.Order);
        foreach (ushort address in definition.FurtherAddresses)
        {
            if (address + definition.Format.RegisterCount() > AddressCount)
            {
                section.Fault("sumOf", new(es: "un valor pasa del registro 65535", en: "a value runs past register 65535"), new(es: "revise sumOf y format", en: "check sumOf and format"));
            }
        }
    }

    // Parts that would say two things about one number.
    private void CheckParts(RegisterDefinition definition)
    {
        bool isFloating = definition.Format is RegisterFormat.Float32 or RegisterFormat.Float64;
        bool isScaled = definition.Factor != ExactRatio.One || definition.Side != TransformerSide.Primary || definition.UnitCode is not null || definition.Exponent is not null;
        if (definition.Fraction is not null && (isFloating || definition.FurtherAddresses.Count > 0))
        {
            section.Fault("fraction", new(es: "solo va con un entero de unidades completas", en: "goes with one integer of whole units"), new(es: "dé al total un formato entero y una sola dirección", en: "give the total an integer format and one address"));
        }

        if (definition.Rollovers is not null && (isScaled || definition.FurtherAddresses.Count > 0 || definition.Kind != ChannelKind.Counter))
        {
            section.Fault("rollovers", new(es: "solo van con un contador que no se multiplica ni se suma", en: "go with one counter that is neither multiplied nor summed"), new(es: "quite multiplier, divisor, ratio, unitCode, exponent o sumOf", en: "remove multiplier, divisor, ratio, unitCode, exponent or sumOf"));
        }

        if (definition.Exponent is not null && (isFloating || definition.UnitCode is not null || definition.Fraction is not null))
        {
            section.Fault("exponent", new(es: "solo va con un entero sin unitCode ni fraction", en: "goes with an integer without unitCode and fraction"), new(es: "quite uno de los dos", en: "remove one of them"));
        }
    }
}
