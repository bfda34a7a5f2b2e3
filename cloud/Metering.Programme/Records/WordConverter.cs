using System.Text.Json;
using System.Text.Json.Serialization;

namespace Metering.Programme.Records;

/// <summary>Writes a value of a closed list as a word in kebab case; a number is no word.</summary>
internal sealed class WordConverter<TEnum>() : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where TEnum : struct, Enum;
