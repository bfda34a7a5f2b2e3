using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Metering.Gateway.Logging;

/// <summary>
/// Where the log goes: standard error. The library's console logger is put together by hand here: its own builder brings in dependency
/// injection and configuration binding, which cost a gateway 4 MB of memory for a choice that is made once.
/// </summary>
internal static class LogOutput
{
    /// <summary>Makes the loggers.</summary>
    /// <param name="verbose">Whether information is logged too, not warnings only.</param>
    /// <param name="form">How a line is written.</param>
    internal static ILoggerFactory Open(bool verbose, LogForm form)
    {
        ConsoleLoggerOptions options = new() { FormatterName = LineFormatter.FormatterName, LogToStandardErrorThreshold = LogLevel.Trace };
        return new LoggerFactory(
            [new ConsoleLoggerProvider(new Fixed<ConsoleLoggerOptions>(options), [new LineFormatter(form, TimeProvider.System)])],
            new LoggerFilterOptions { MinLevel = verbose ? LogLevel.Information : LogLevel.Warning });
    }

    /// <summary>Options that never change.</summary>
    private sealed class Fixed<T>(T value) : IOptionsMonitor<T>
    {
        public T CurrentValue => value;

        public T Get(string? name) => value;

        public IDisposable? OnChange(Action<T, string?> listener) => null;
    }
}
