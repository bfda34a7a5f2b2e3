using Metering.Fieldbus.Modbus;
using Metering.Meters.Registers;
using Metering.Meters.Yaml;
using Metering.Readings.Texts;

namespace Metering.Meters.Profiles;

/// <summary>Reads device profiles from YAML. Unknown and doubled keys are faults; all faults of a file are told at once.</summary>
public static class ProfileFile
{
    private const int LastAddress = 65_535;
    private const int MaximumRevision = 9_999;
    private const int LargestHole = 64;
    private const int SmallestBlock = 4;
    private const int LargestBlock = 125;
    private const int LongestText = 60;
    private static readonly TimeSpan LongestTurnaround = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(10);

    /// <summary>Reads one profile.</summary>
    /// <exception cref="YamlFaultException">The file is faulty or cannot be read; one line per fault.</exception>
    public static DeviceProfile Load(string path)
    {
        YamlFaults faults = new();
        DeviceProfile? profile = Load(path, faults);
        faults.ThrowIfAny();
        return profile ?? throw new YamlFaultException($"{path} could not be read");
    }

    /// <summary>Reads one profile and adds what is wrong to a list.</summary>
    /// <returns>Null when anything was wrong.</returns>
    public static DeviceProfile? Load(string path, YamlFaults faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        int before = faults.Count;
        return YamlSection.Load(path, faults) is YamlSection root ? Accept(root, path, faults, before) : null;
    }

    /// <summary>Reads one profile from a text.</summary>
    /// <param name="path">What the file would be called; its name must be the profile's.</param>
    /// <param name="text">The YAML.</param>
    /// <param name="faults">Takes what is wrong.</param>
    /// <returns>Null when anything was wrong.</returns>
    public static DeviceProfile? Parse(string path, string text, YamlFaults faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        int before = faults.Count;
        return YamlSection.Parse(path, text, faults) is YamlSection root ? Accept(root, path, faults, before) : null;
    }

    /// <summary>The JSON Schema of a profile, for editors: gateway/profiles/profile.schema.json.</summary>
    public static string Schema() => YamlSchema.Of("Device profile of Metering", root => _ = Read(root, "profile.yaml"));

    private static DeviceProfile? Accept(YamlSection root, string path, YamlFaults faults, int before)
    {
        DeviceProfile? profile = Read(root, path);
        return faults.Count == before ? profile : null;
    }

    private static DeviceProfile? Read(YamlSection root, string path)
    {
        string? name = root.Id("profile", "Name; the file is called the same and ends in .yaml.");
        long revision = root.Integer("revision", 1, MaximumRevision, about: "Raised with every change of meaning.") ?? 1;
        string? source = root.Text("source", about: "Document, edition and page the map comes from.");
        ProfileTrust? trust = root.OneOf("trust", ProfileWords.Trusts, about: "Nothing is commissioned before it was compared with the display of a real meter.");
        int addressBase = root.OneOf("addressing", ProfileWords.AddressBases, about: "wire: addresses as sent, from 0. doc1: as printed, from 1.") ?? 0;
        ModbusTable table = root.OneOf("table", ProfileWords.Tables, about: "holding: function 3. input: function 4.") ?? ModbusTable.HoldingRegisters;
        DeviceProfile profile = new()
        {
            Name = name ?? "",
            Revision = (int)revision,
            Source = source ?? "",
            Trust = trust ?? default,
            Maker = root.Text("maker", required: false),
            Family = root.Text("family", required: false, "The family the models belong to."),
            Models = root.TextList("models", about: "The models this map is for."),
            Editions = root.TextList("editions", about: "Editions of the documents, firmware or protocol."),
            Medium = root.OneOf("medium", ProfileWords.Mediums, required: false),
            Confidence = RegisterReader.ReadConfidence(root),
            MaximumHole = (int)(root.Integer("maximumHole", 0, LargestHole, required: false, "Unused registers one request may read across; 0 unless the meter is known to answer them.") ?? 0),
            MaximumRegisters = (int)(root.Integer("maximumRegisters", SmallestBlock, LargestBlock, required: false, "Registers the meter gives in one request.") ?? LargestBlock),
            Coalesce = root.Boolean("coalesce", "false: one request for each value.") ?? true,
            Turnaround = root.Duration("turnaround", TimeSpan.Zero, LongestTurnaround, required: false, "Usual time to the first byte of an answer."),
            MinimumGap = root.Duration("minimumGap", TimeSpan.Zero, LongestTurnaround, required: false, "Silence the meter needs between two requests."),
            AnswerTimeout = root.Duration("answerTimeout", ShortestTimeout, LongestTurnaround, required: false, "Time the meter must be given to answer."),
            Identification = ReadIdentification(root, addressBase, table),
            Hazards = ReadHazards(root, addressBase, table),
            Registers = [],
        };
        profile = profile with { Registers = ReadRegisters(root, addressBase, table, profile.MaximumRegisters) };
        if (name is not null && name != Path.GetFileNameWithoutExtension(path))
        {
            root.Fault("profile", new(es: $"'{name}' está en el archivo {Path.GetFileName(path)}", en: $"'{name}' stands in the file {Path.GetFileName(path)}"), new(es: $"el archivo debe llamarse {name}.yaml", en: $"call the file {name}.yaml"));
        }

        root.Close();
        return name is null || source is null ? null : profile;
    }

    private static List<RegisterDefinition> ReadRegisters(YamlSection root, int addressBase, ModbusTable table, int maximumRegisters)
    {
        List<RegisterDefinition> registers = [];
        HashSet<string> quantities = new(StringComparer.Ordinal);
        foreach (YamlSection section in root.Sections("registers", about: "The values, one channel each."))
        {
            RegisterDefinition? register = new RegisterReader(section, addressBase).Read(table);
            if (register is null)
            {
                continue;
            }

            if (!quantities.Add(register.Quantity))
            {
                section.Fault("quantity", new(es: $"'{register.Quantity}' está dos veces", en: $"'{register.Quantity}' is there twice"), new(es: "dé a cada valor un nombre propio", en: "give each value a name of its own"));
                continue;
            }

            if (register.Spans.Any(span => span.Count > maximumRegisters) || register.Spans.Sum(span => span.Count) > RegisterValue.MaximumRegisters)
            {
                section.Fault("quantity", new(es: "ocupa más registros de los que caben en un valor o en una consulta", en: "takes more registers than one value or one request may have"), new(es: "revise sumOf y maximumRegisters", en: "check sumOf and maximumRegisters"));
                continue;
            }

            registers.Add(register);
        }

        return registers;
    }

    private static List<Hazard> ReadHazards(YamlSection root, int addressBase, ModbusTable table)
    {
        List<Hazard> hazards = [];
        foreach (YamlSection section in root.Sections("hazards", required: false, "Registers whose writing resets or reconfigures the device."))
        {
            long? address = section.Integer("address", addressBase, LastAddress + addressBase);
            ModbusTable? own = section.OneOf("table", ProfileWords.Tables, required: false);
            string? spanish = section.Text("es", about: "What writing does, in Spanish.");
            string? english = section.Text("en", about: "The same in English.");
            section.Close();
            if (string.IsNullOrWhiteSpace(spanish) || string.IsNullOrWhiteSpace(english))
            {
                section.Fault("es", new(es: "hace falta una advertencia en los dos idiomas", en: "a warning is needed in both languages"), new(es: "escriba es: ..., en: ...", en: "write es: ..., en: ..."));
            }
            else if (address is long first)
            {
                hazards.Add(new(own ?? table, (ushort)(first - addressBase), new Text(spanish, english)));
            }
        }

        return hazards;
    }

    private static List<Identification> ReadIdentification(YamlSection root, int addressBase, ModbusTable table)
    {
        List<Identification> ways = [];
        foreach (YamlSection section in root.Sections("identification", required: false, "How a device of this kind can be told from others; all must hold."))
        {
            IdentificationMethod? method = section.OneOf("method", ProfileWords.Methods);
            long? objectId = section.Integer("object", 0, byte.MaxValue, required: false, "device-object: the object's id.");
            long? address = section.Integer("address", addressBase, LastAddress + addressBase, required: false, "registers: the first one.");
            ModbusTable? own = section.OneOf("table", ProfileWords.Tables, required: false);
            RegisterFormat? format = section.OneOf("format", ProfileWords.SmallIntegers, required: false, "registers: left out for text.");
            long? length = section.Integer("length", 1, LongestText, required: false, "registers: how many hold the text.");
            string? expected = section.Text("expected", about: "A whole number for a format, else a text the answer contains.");
            section.Close();
            CheckIdentification(section, method, format, expected);
            if (method is not IdentificationMethod way || expected is null)
            {
                continue;
            }

            int count = format?.RegisterCount() ?? (int)(length ?? 1);
            bool stands = address is long place && place - addressBase + count <= LastAddress + 1;
            if (way == IdentificationMethod.Registers && !stands)
            {
                section.Fault("address", new(es: "no se nombran los registros, o pasan del 65535", en: "the registers are not named, or run past 65535"), new(es: "escriba address: ... y format: ... o length: ...", en: "write address: ..., and format: ... or length: ..."));
                continue;
            }

            ways.Add(new()
            {
                Method = way,
                ObjectId = way == IdentificationMethod.DeviceObject ? (byte)(objectId ?? 0) : null,
                Span = way == IdentificationMethod.Registers ? new(own ?? table, (ushort)(address!.Value - addressBase), count) : null,
                Format = way == IdentificationMethod.Registers ? format : null,
                Expected = expected,
            });
        }

        return ways;
    }

    private static void CheckIdentification(YamlSection section, IdentificationMethod? method, RegisterFormat? format, string? expected)
    {
        bool isRegisters = method == IdentificationMethod.Registers;
        if (method is not null && section.Has("object") != (method == IdentificationMethod.DeviceObject))
        {
            section.Fault("object", new(es: "es de device-object, que no puede ir sin él", en: "belongs to device-object, which needs it"), new(es: "escriba method: device-object, object: 1", en: "write method: device-object, object: 1"));
        }

        if (!isRegisters && method is not null && (section.Has("address") || section.Has("format") || section.Has("length")))
        {
            section.Fault("address", new(es: "es de method: registers", en: "belongs to method: registers"), new(es: "quítelo", en: "remove it"));
        }

        if (isRegisters && section.Has("format") == section.Has("length"))
        {
            section.Fault("format", new(es: "se compara un número o un texto, no ambos", en: "either a number or a text is compared"), new(es: "escriba format: uint16, o length: y los registros del texto", en: "write format: uint16, or length: and the registers of the text"));
        }

        if (isRegisters && format is not null && expected is not null && !long.TryParse(expected, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out _))
        {
            section.Fault("expected", new(es: $"'{expected}' no es un número entero", en: $"'{expected}' is no whole number"), new(es: "escriba solo dígitos", en: "write digits only"));
        }
    }
}
