using Microsoft.Extensions.Logging;

namespace Metering.Gateway.Outbox;

/// <summary>
/// Decides how much of the field the outbox still takes. Wide: everything. Narrow: the hourly totals of counters only, out
/// of a share kept free for them (<see cref="HourlyShare"/>). A disk that others have filled gives back the reserve file,
/// which was allocated for this. Belongs to the writer's thread.
/// </summary>
internal sealed class OutboxSpace
{
    /// <summary>Bytes of the reserve file, at most: room to sign and to note the hourly totals of months when the disk is full.</summary>
    internal const long MaximumReserveLength = 16 * 1024 * 1024;

    /// <summary>The part of <see cref="OutboxOptions.MaximumLength"/> that only hourly totals may use: one in this.</summary>
    private const int HourlyShare = 8;
    private const long MaximumHourlyLength = 64 * 1024 * 1024;
    private const string ReserveName = "reserve";

    private readonly OutboxOptions _options;
    private readonly ILogger _logger;
    private readonly string _reserve;
    private readonly long _reserveLength;
    private readonly long _hourlyLength;
    private bool _isDiskFull;

    internal OutboxSpace(OutboxOptions options, ILogger logger)
    {
        _options = options;
        _logger = logger;
        _reserve = Path.Combine(options.Directory, ReserveName);
        _reserveLength = Math.Min(MaximumReserveLength, options.MaximumLength / HourlyShare);
        _hourlyLength = Math.Min(MaximumHourlyLength, options.MaximumLength / HourlyShare);
        _isDiskFull = !TryReserve();
    }

    /// <summary>Whether only hourly totals are taken.</summary>
    internal bool IsNarrow { get; private set; }

    /// <summary>Looks at the outbox's length and the disk before something is written.</summary>
    internal void Look(long length)
    {
        long wide = _options.MaximumLength - _hourlyLength;
        bool isLong = length > (IsNarrow ? wide - (_hourlyLength / 2) : wide);
        if (_isDiskFull && HasRoomForReserve() && TryReserve())
        {
            _isDiskFull = false;
        }

        if ((isLong || _isDiskFull) && !IsNarrow)
        {
            OutboxEvents.Full(_logger, _options.Directory, isLong ? "its limit (outbox.maximumLength) is reached" : "the disk is full");
        }

        IsNarrow = isLong || _isDiskFull;
    }

    /// <summary>Whether an hourly total may be written.</summary>
    internal bool AdmitsTotals(long length) => length <= _options.MaximumLength;

    /// <summary>A write found no room: frees the reserve.</summary>
    /// <returns>True when that made room, so that the write is worth a second try.</returns>
    internal bool TakeReserve()
    {
        _isDiskFull = true;
        bool isThere = File.Exists(_reserve);
        File.Delete(_reserve);
        return isThere;
    }

    private bool HasRoomForReserve()
    {
        try
        {
            return _options.FreeLength(_options.Directory) >= 2 * _reserveLength;
        }
        catch (IOException)
        {
            return false;
        }
    }

    // Blocks are really allocated; a length alone would promise nothing.
    private bool TryReserve()
    {
        if (_reserveLength == 0 || (File.Exists(_reserve) && new FileInfo(_reserve).Length == _reserveLength))
        {
            return true;
        }

        try
        {
            File.Delete(_reserve);
            using FileStream file = new(_reserve, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, PreallocationSize = _reserveLength });
            file.SetLength(_reserveLength);
            return true;
        }
        catch (IOException)
        {
            File.Delete(_reserve);
            return false;
        }
    }
}
