using System.Net;
using System.Text;

namespace Metering.EndToEnd.Tests.Browser;

/// <summary>One page that shows all pictures of pages beside each other.</summary>
internal static class ScreenshotIndex
{
    /// <summary>Writes index.html beside the pictures.</summary>
    public static async Task WriteAsync(string folder, IEnumerable<string> names)
    {
        StringBuilder html = new("<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>Pages</title><h1>Pages</h1>"
            + "<style>body{font:16px sans-serif;margin:24px}figure{display:inline-block;vertical-align:top;margin:8px}img{height:420px;width:320px;object-fit:contain;object-position:top;border:1px solid #888}</style>\n");
        foreach (string name in names)
        {
            string safe = WebUtility.HtmlEncode(name);
            html.Append(null, $"<figure><a href=\"{Uri.EscapeDataString(name)}\"><img loading=\"lazy\" alt=\"{safe}\" src=\"{Uri.EscapeDataString(name)}\"></a><figcaption>{safe}</figcaption></figure>\n");
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "index.html"), html.ToString());
    }
}
