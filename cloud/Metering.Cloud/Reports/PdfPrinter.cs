using System.Diagnostics;

namespace Metering.Cloud.Reports;

/// <summary>There is no PDF; the message says why and what to do, in one sentence.</summary>
internal sealed class PdfException(Text words) : Exception(words.In(Language.English))
{
    /// <summary>Why there is no PDF, and what to do.</summary>
    public Text Words { get; } = words;
}

/// <summary>
/// Prints HTML to PDF with the chromium of the machine: a profile of its own that is removed afterwards, no network, one at a time,
/// and a time limit. A PDF carries the date it was printed on: compare report.json, never the PDF.
/// </summary>
internal static class PdfPrinter
{
    private const int LargestPdfBytes = 200 * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly SemaphoreSlim Turn = new(1, 1);

    /// <summary>Path of the browser; null when there is none.</summary>
    public static string? Browser()
    {
        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (string name in (string[])["chromium", "chromium-browser", "google-chrome"])
            {
                string path = Path.Combine(folder, name);
                if (File.Exists(path))
                {
                    return path;
                }
            }
        }

        return null;
    }

    /// <summary>Prints a file that needs nothing else.</summary>
    /// <param name="html">The file.</param>
    /// <param name="browser">Path of the browser; null when there is none.</param>
    /// <param name="cancel">Ends the browser.</param>
    /// <exception cref="PdfException">No browser, no answer in time, or no PDF came out.</exception>
    public static async Task<byte[]> PrintAsync(string html, string? browser, CancellationToken cancel)
    {
        if (browser is null)
        {
            throw new PdfException(new("El PDF necesita el programa chromium, que aquí no está instalado. Instálelo (Debian: apt install chromium), o tome .html e imprímalo desde un navegador.", "PDF needs the program chromium, which is not installed here. Install it (Debian: apt install chromium), or take .html and print it from a browser."));
        }

        await Turn.WaitAsync(cancel);
        string folder = Directory.CreateTempSubdirectory("metering-pdf-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "report.html"), html, cancel);
            await RunAsync(browser, folder, cancel);
            FileInfo pdf = new(Path.Combine(folder, "report.pdf"));
            return pdf is { Exists: true, Length: > 0 and <= LargestPdfBytes }
                ? await File.ReadAllBytesAsync(pdf.FullName, cancel)
                : throw new PdfException(new("chromium terminó sin hacer el PDF. Tome .html e imprímalo desde un navegador.", "chromium ended without a PDF. Take .html instead and print it from a browser."));
        }
        finally
        {
            Remove(folder);
            Turn.Release();
        }
    }

    private static async Task RunAsync(string browser, string folder, CancellationToken cancel)
    {
        ProcessStartInfo start = new(browser) { RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (string argument in Arguments(folder))
        {
            start.ArgumentList.Add(argument);
        }

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        using Process process = Begin(start);
        try
        {
            process.StandardInput.Close();
            await Task.WhenAll(process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token), process.WaitForExitAsync(limit.Token));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new PdfException(new(
                $"chromium no imprimió en {Patience.TotalSeconds:0} segundos. Intente de nuevo en un momento, o tome .html e imprímalo desde un navegador.",
                $"chromium did not print within {Patience.TotalSeconds:0} seconds. Try again in a moment, or take .html and print it from a browser."));
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    // The file is our own and every text in it is escaped; its policy lets it run no script and load nothing, and the browser resolves no name.
    private static List<string> Arguments(string folder)
    {
        List<string> arguments =
        [
            "--headless=new", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--disable-extensions", "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND", "--no-pdf-header-footer",
            "--user-data-dir=" + Path.Combine(folder, "profile"), "--print-to-pdf=" + Path.Combine(folder, "report.pdf"),
        ];
        if (Environment.IsPrivilegedProcess)
        {
            arguments.Add("--no-sandbox"); // chromium refuses its sandbox to root
        }

        arguments.Add(new Uri(Path.Combine(folder, "report.html")).AbsoluteUri);
        return arguments;
    }

    private static Process Begin(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new PdfException(new("chromium no pudo arrancar. Tome .html.", "chromium could not be started. Take .html instead."));
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new PdfException(new($"chromium no pudo arrancar: {failure.Message}. Tome .html.", $"chromium could not be started: {failure.Message}. Take .html instead."));
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // A child of the browser may still write for a moment; the system's temporary folder is cleared by the system.
        }
    }
}
