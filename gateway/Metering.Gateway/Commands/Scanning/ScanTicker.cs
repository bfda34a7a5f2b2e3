using System.Globalization;

namespace Metering.Gateway.Commands.Scanning;

/// <summary>Shows how far a scan is: on a terminal one line that is written over, elsewhere a line every ten seconds.</summary>
/// <param name="talk">Standard error.</param>
/// <param name="isTerminal">Whether a person watches.</param>
/// <param name="language">Its language.</param>
/// <param name="clock">Spaces the lines.</param>
internal sealed class ScanTicker(TextWriter talk, bool isTerminal, Language language, TimeProvider clock)
{
    private static readonly TimeSpan TerminalSpacing = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LineSpacing = TimeSpan.FromSeconds(10);
    private static readonly Text Where = new(es: "{0}, unidad {1}; encontrados: {2}", en: "{0}, unit {1}; found: {2}");
    private static readonly Text Left = new(es: "; a lo más faltan {0}", en: "; at most {0} left");
    private const int Width = 78;

    private long _last = clock.GetTimestamp();

    internal void Show(ScanProgress progress)
    {
        if (clock.GetElapsedTime(_last) < (isTerminal ? TerminalSpacing : LineSpacing))
        {
            return;
        }

        _last = clock.GetTimestamp();
        string text = Where.In(language, progress.Line.Describe(language), progress.Unit, progress.Found)
            + (progress.TimeLeft is TimeSpan left ? Left.In(language, Round(left)) : "");
        if (isTerminal)
        {
            talk.Write("\r" + text.PadRight(Width));
        }
        else
        {
            talk.WriteLine(text);
        }
    }

    /// <summary>Clears the line of a terminal.</summary>
    internal void End()
    {
        if (isTerminal)
        {
            talk.Write("\r" + new string(' ', Width) + "\r");
        }
    }

    private static string Round(TimeSpan left) => left < TimeSpan.FromMinutes(2)
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(left.TotalSeconds)} s")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(left.TotalMinutes)} min");
}
