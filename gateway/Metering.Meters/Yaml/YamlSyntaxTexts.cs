using Metering.Readings.Texts;

namespace Metering.Meters.Yaml;

/// <summary>
/// What the YAML parser says of a broken text, in both languages. Its own words are English; those a person meets often have Spanish
/// ones here, found by a part of the sentence, and every other is told by its place alone.
/// </summary>
internal static class YamlSyntaxTexts
{
    private static readonly (string Part, string Spanish)[] Known =
    [
        ("did not find expected key", "aquí se esperaba una clave: la sangría no coincide con la de las líneas de arriba"),
        ("did not find expected '-' indicator", "aquí se esperaba un renglón que empiece con '-': la sangría no coincide con la de la lista"),
        ("did not find expected ',' or '}'", "falta una coma, o la llave '}' que cierra"),
        ("did not find expected ',' or ']'", "falta una coma, o el corchete ']' que cierra"),
        ("did not find expected node content", "falta el valor"),
        ("Mapping values are not allowed", "aquí no puede ir otro ':': falta un salto de línea, sobra sangría, o el texto necesita comillas"),
        ("found invalid mapping", "aquí no puede ir otro ':': falta un salto de línea, sobra sangría, o el texto necesita comillas"),
        ("Block sequence entries are not allowed", "aquí no puede empezar una lista con '-'"),
        ("character that cannot start any token", "este carácter no puede empezar un valor (¿un tabulador?); use espacios, o comillas"),
        ("found a tab character", "hay un tabulador; la sangría se hace con espacios"),
        ("could not find expected ':'", "falta ':' después de la clave"),
        ("found unexpected end of stream", "el archivo termina a la mitad: faltan comillas o un corchete que cierren"),
        ("found unknown escape character", "después de '\\' hay un carácter que no se conoce; use comillas simples"),
        ("the file ends too early", "el archivo termina antes de tiempo"),
        ("nested deeper than", "hay demasiados niveles, unos dentro de otros"),
        ("keys and values", "hay demasiadas claves y valores"),
    ];

    /// <summary>A sentence of the parser, without its full stop.</summary>
    internal static Text Of(string sentence)
    {
        foreach ((string part, string spanish) in Known)
        {
            if (sentence.Contains(part, StringComparison.OrdinalIgnoreCase))
            {
                return new(es: spanish, en: sentence);
            }
        }

        return new(es: "desde aquí el archivo no se entiende como YAML", en: sentence.Length == 0 ? "what follows is no YAML" : sentence);
    }
}
