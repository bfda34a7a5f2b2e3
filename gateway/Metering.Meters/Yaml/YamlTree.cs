using Metering.Readings.Texts;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Metering.Meters.Yaml;

/// <summary>A node of a YAML file with its place. Only what a configuration needs: texts, lists and maps.</summary>
internal abstract record YamlNode(int Line, int Column);

internal sealed record YamlText(int Line, int Column, string Text) : YamlNode(Line, Column);

internal sealed record YamlList(int Line, int Column, IReadOnlyList<YamlNode> Items) : YamlNode(Line, Column);

internal sealed record YamlMap(int Line, int Column, IReadOnlyList<YamlEntry> Entries) : YamlNode(Line, Column);

internal sealed record YamlEntry(string Key, int Line, int Column, YamlNode Value);

/// <summary>
/// Reads a YAML file into nodes that know their places. Built on the parser's events, not on its object mapping, since that
/// one stops at the first fault and takes a key given twice. Anchors, aliases, tags and further documents are refused: in a
/// configuration of a few lines they only hide things.
/// </summary>
internal sealed class YamlTree
{
    private const int MaximumDepth = 16;
    private const int MaximumLength = 1024 * 1024;
    private const int MaximumNodes = 50_000;

    private readonly string _file;
    private readonly YamlFaults _faults;
    private readonly Parser _parser;
    private int _nodes;

    private YamlTree(string file, string text, YamlFaults faults)
    {
        _file = file;
        _faults = faults;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The root map of a file, or null when there is none; the reason is then among the faults.</summary>
    internal static YamlMap? Read(string path, YamlFaults faults)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: > MaximumLength }
                ? TooLong(path, faults)
                : Parse(path, System.IO.File.ReadAllText(path), faults);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            faults.Add(new(path, 0, 0, "file", new(es: "no existe ese archivo", en: "there is no such file"), new(es: "revise la ruta", en: "check the path")));
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            bool isFolder = Directory.Exists(path);
            Text what = isFolder ? new(es: "es una carpeta", en: "is a folder") : new(es: "no se puede leer", en: $"cannot be read ({e.Message.TrimEnd('.')})");
            Text hint = isFolder ? new(es: "dé el nombre del archivo que está en ella", en: "name the file in it") : new(es: "revise su dueño y sus permisos", en: "check its owner and mode");
            faults.Add(new(path, 0, 0, "file", what, hint));
            return null;
        }
    }

    /// <summary>The root map of a text, or null when there is none; the reason is then among the faults.</summary>
    internal static YamlMap? Parse(string name, string text, YamlFaults faults)
    {
        if (text.Length > MaximumLength)
        {
            return TooLong(name, faults);
        }

        YamlTree tree = new(name, text, faults);
        try
        {
            return tree.ReadRoot();
        }
        catch (YamlException e)
        {
            faults.Add(new(name, Math.Max((int)e.Start.Line, 1), Math.Max((int)e.Start.Column, 1), "syntax", Short(e), new(es: "revise la sangría y las comillas", en: "check the indentation and the quotes")));
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException or OverflowException or IndexOutOfRangeException or EndOfStreamException)
        {
            // The parser's own slips on some broken texts, which it does not tell as YamlException. The place is that of the last thing it understood.
            Mark end = tree._parser.Current?.End ?? Mark.Empty;
            faults.Add(new(name, Math.Max((int)end.Line, 1), Math.Max((int)end.Column, 1), "syntax", new(es: "lo que sigue no es YAML", en: "what follows is no YAML"), new(es: "revise la sangría, los corchetes, las llaves y las comillas", en: "check the indentation, the brackets and the quotes")));
            return null;
        }
    }

    private static YamlMap? TooLong(string name, YamlFaults faults)
    {
        faults.Add(new(name, 0, 0, "file", new(es: $"más de {MaximumLength} caracteres", en: $"more than {MaximumLength} characters"), new(es: "¿es este el archivo?", en: "is this the right file?")));
        return null;
    }

    private static Text Short(YamlException e)
    {
        string message = (e.InnerException ?? e).Message;
        int end = message.IndexOf('\n', StringComparison.Ordinal);
        return YamlSyntaxTexts.Of((end < 0 ? message : message[..end]).TrimEnd('.', '\r'));
    }

    private YamlMap? ReadRoot()
    {
        _ = _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            _faults.Add(new(_file, 1, 1, "file", new(es: "está vacío", en: "is empty"), null));
            return null;
        }

        _ = _parser.Consume<DocumentStart>();
        YamlNode root = ReadNode(0, "root");
        _ = _parser.Consume<DocumentEnd>();
        if (!_parser.Accept<StreamEnd>(out _))
        {
            _faults.Add(new(_file, root.Line, root.Column, "file", new(es: "contiene más de un documento", en: "holds more than one document"), new(es: "quite la línea '---'", en: "remove the line '---'")));
        }

        if (root is YamlMap map)
        {
            return map;
        }

        _faults.Add(new(_file, root.Line, root.Column, "file", new(es: "debe tener claves con valores", en: "must hold keys with values"), new(es: "escriba líneas 'clave: valor'", en: "write 'key: value' lines")));
        return null;
    }

    private YamlNode ReadNode(int depth, string key)
    {
        ParsingEvent current = _parser.Current ?? throw new YamlException("the file ends too early");
        int line = (int)current.Start.Line;
        int column = (int)current.Start.Column;
        if (depth > MaximumDepth)
        {
            throw new YamlException(current.Start, current.End, $"nested deeper than {MaximumDepth}");
        }

        if (++_nodes > MaximumNodes)
        {
            throw new YamlException(current.Start, current.End, $"more than {MaximumNodes} keys and values");
        }

        if (current is AnchorAlias || (current is NodeEvent node && (!node.Anchor.IsEmpty || (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific))))
        {
            _faults.Add(new(_file, line, column, key, new(es: "aquí no se aceptan anclas, alias ni etiquetas", en: "anchors, aliases and tags are not taken here"), new(es: "escriba el valor completo", en: "write the value out")));
        }

        switch (current)
        {
            case MappingStart:
                return ReadMap(depth, line, column);
            case SequenceStart:
                _ = _parser.MoveNext();
                List<YamlNode> items = [];
                while (!_parser.Accept<SequenceEnd>(out _))
                {
                    items.Add(ReadNode(depth + 1, key));
                }

                _ = _parser.MoveNext();
                return new YamlList(line, column, items);
            default:
                string text = current is Scalar scalar ? scalar.Value : "";
                _ = _parser.MoveNext();
                return new YamlText(line, column, text);
        }
    }

    private YamlMap ReadMap(int depth, int line, int column)
    {
        _ = _parser.MoveNext();
        List<YamlEntry> entries = [];
        Dictionary<string, int> lines = new(StringComparer.Ordinal);
        while (!_parser.Accept<MappingEnd>(out _))
        {
            YamlNode key = ReadNode(depth + 1, "key");
            string name = key is YamlText text ? text.Text : "?";
            YamlEntry entry = new(name, key.Line, key.Column, ReadNode(depth + 1, name));
            if (lines.TryAdd(name, entry.Line))
            {
                entries.Add(entry);
            }
            else
            {
                _faults.Add(new(_file, entry.Line, entry.Column, name, new(es: $"está dos veces, la primera en la línea {lines[name]}", en: $"given twice, first in line {lines[name]}"), new(es: "quite uno de los dos", en: "remove one of them")));
            }
        }

        _ = _parser.MoveNext();
        return new YamlMap(line, column, entries);
    }
}
