namespace Metering.Programme.Accounts;

/// <summary>Something a person asked for that cannot be done, in both languages; nothing was changed.</summary>
internal sealed class AccountFault(Text words, params object[] values) : Exception(words.In(Language.English, values))
{
    /// <summary>The sentence in a language.</summary>
    public string In(Language language) => words.In(language, values);
}
