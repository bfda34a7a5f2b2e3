namespace Metering.Gateway.Logging;

/// <summary>How a log line is written.</summary>
internal enum LogForm
{
    /// <summary>For people: time, level, who, what.</summary>
    Text = 0,

    /// <summary>With the level in front as the journal of systemd reads it (sd-daemon(3)), and without a time: the journal has its own.</summary>
    Systemd,

    /// <summary>One JSON object a line: Timestamp, LogLevel, Category, EventId, Message, Exception (with one only), State (the values in the message, by name).</summary>
    Json,
}
