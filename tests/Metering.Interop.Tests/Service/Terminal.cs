using System.Diagnostics;
using System.Text;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Interop.Tests.Service;

/// <summary>The gateway's executable on a pseudo-terminal of socat, with a person's keys.</summary>
internal sealed class Terminal : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly StringBuilder _seen = new();
    private readonly SemaphoreSlim _more = new(0);
    private readonly Process _process;

    internal Terminal(string folder, params string[] arguments)
    {
        string program = Repository.Path(".artifacts", "bin", "Metering.Gateway", "release", "Metering.Gateway.dll");
        ProcessStartInfo start = new("socat", ["-t", "30", "-", $"EXEC:dotnet {program} {string.Join(' ', arguments)},pty,setsid,ctty,stderr,echo=0"])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder, StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["TERM"] = "xterm";
        _process = Process.Start(start)!;
        _ = ReadAsync();
    }

    /// <summary>Everything that came so far.</summary>
    internal string Seen
    {
        get
        {
            lock (_seen)
            {
                return _seen.ToString();
            }
        }
    }

    /// <summary>Waits until the text was seen this many times.</summary>
    internal async Task SeesAsync(string text, int times = 1)
    {
        using CancellationTokenSource deadline = new(Deadline);
        try
        {
            while (Seen.Split(text).Length <= times)
            {
                await _more.WaitAsync(deadline.Token);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"'{text}' was not seen {times} times: {Seen}");
        }
    }

    /// <summary>Types.</summary>
    internal async Task TypeAsync(string keys)
    {
        await _process.StandardInput.WriteAsync(keys);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits for the end. The person's keys end first: socat waits half a minute for more of them otherwise.</summary>
    internal async Task EndAsync()
    {
        _process.StandardInput.Close();
        using CancellationTokenSource deadline = new(Deadline);
        await _process.WaitForExitAsync(deadline.Token);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
        _more.Dispose();
    }

    private async Task ReadAsync()
    {
        char[] buffer = new char[4096];
        int count;
        while ((count = await _process.StandardOutput.ReadAsync(buffer)) > 0)
        {
            lock (_seen)
            {
                _ = _seen.Append(buffer, 0, count);
            }

            _ = _more.Release();
        }
    }
}
