using Metering.Meters.Totalisers;
using Metering.Readings;

namespace Metering.Tests.Totalisers;

/// <summary>A reading of a made-up history, with what is known about it.</summary>
/// <param name="Reading">As the filter gets it.</param>
/// <param name="IsFalse">Whether the register never stood there.</param>
/// <param name="Swap">A recorded change of meter that is told before this reading.</param>
public sealed record HistoryItem(Reading Reading, bool IsFalse, (long Time, long Final, long Initial)? Swap);

/// <summary>
/// A seeded history of a counter with everything that happens to counters, and what was truly used as far as the readings can tell:
/// across a change of the register that nobody recorded the use is unknown and not part of the truth.
/// </summary>
public sealed class CounterHistory
{
    private const int Readings = 240;
    private const int Spacing = 14;
    private const long Start = 1_735_689_600_000;

    private static readonly long?[] Ends = [65_536, 4_294_967_296, 1L << 23, 100_000, 1_000_000, 100_000_000, null];

    private readonly Random _random;
    private readonly List<HistoryItem> _items = [];
    private readonly long _step;
    private long _register;
    private long _index;
    private int _sinceRollover = Spacing;

    public CounterHistory(int seed)
    {
        _random = new Random(seed);
        long? end = Ends[_random.Next(Ends.Length)];
        _step = (long)(new[] { 1, 10, 60, 900, 3600 }[_random.Next(5)] * 1000);
        Fastest = _random.Next(4, end is null or > 1_000_000 ? 5000 : (int)(end.Value / 400));
        Limits = new()
        {
            Modulus = end,
            MaximumStepsPerHour = (long)Math.Ceiling(Fastest * (3_600_000.0 / _step)),
        };
        _register = _random.Next(3) == 0 && end is long close ? close - (Fastest * _random.Next(1, 60)) : _random.NextInt64(50 * Fastest, (end ?? 1_000_000_000) - Fastest);
        Give(_register, isFalse: false);
        while (_index < Readings)
        {
            for (int quiet = _random.Next(Spacing, 3 * Spacing); quiet > 0; quiet--)
            {
                Count();
            }

            Happen(_random.Next(12));
        }

        for (int quiet = 0; quiet < 8; quiet++)
        {
            Count();
        }
    }

    public TotaliserLimits Limits { get; }

    public long Fastest { get; }

    public IReadOnlyList<HistoryItem> Items => _items;

    /// <summary>Steps used, without the unknown parts.</summary>
    public long Known { get; private set; }

    /// <summary>Changes of the register that nobody recorded.</summary>
    public int Breaks { get; private set; }

    private long Now => Start + (_index * _step);

    private void Count((long Time, long Final, long Initial)? swap = null)
    {
        Use();
        Give(_register, isFalse: false, swap);
    }

    private void Use()
    {
        long use = _random.Next(5) switch { 0 => 0, 1 => Fastest, _ => _random.NextInt64(0, Fastest + 1) };
        _register += use;
        Known += use;
        if (Limits.Modulus is long end && _register >= end)
        {
            _register -= end;
            _sinceRollover = 0;
        }

        _sinceRollover++;
        _index++;
    }

    private void Give(long value, bool isFalse, (long Time, long Final, long Initial)? swap = null) =>
        _items.Add(new(new(Now, value, 0, ReadingQuality.Good, HasValue: true), isFalse, swap));

    private void Happen(int what)
    {
        switch (what)
        {
            case 0:
                Falsify(_ => 0);
                break;
            case 1:
                Falsify(register => Math.Max(0, register - _random.NextInt64(1, 1000)));
                break;
            case 2:
            case 3:
                Falsify(register => register + (Fastest * _random.NextInt64(20, 10_000)));
                break;
            case 4:
                Break(0);
                break;
            case 5:
                Break(_random.NextInt64(0, (Limits.Modulus ?? 1_000_000_000) / 2));
                break;
            case 6:
                Swap(isTold: _random.Next(8));
                break;
            case 7:
                Leave();
                break;
            case 8:
                _items.Add(_items[^1]);
                break;
            case 9:
                Delay();
                break;
            case 10:
                Stick();
                break;
            default:
                Fail();
                break;
        }
    }

    // One or two false readings, the true count going on behind them. What the meter could have shown is no false reading anybody could tell.
    private void Falsify(Func<long, long> falsify)
    {
        long last = _register;
        for (int count = _random.Next(1, 3); count > 0; count--)
        {
            Use();
            long value = falsify(last);
            if (value < last || value > last + (8 * Fastest))
            {
                Give(value, isFalse: value != _register);
            }
        }
    }

    private bool IsFarFromHere(long value) =>
        Math.Abs(_register - value) > 60 * Fastest && !(Limits.Modulus is long end && _register > end - (60 * Fastest));

    // A rollover that the very next reading hides behind a reset cannot be told from it: the readings do not know it.
    private void Break(long value)
    {
        if (!IsFarFromHere(value) || _sinceRollover < 4)
        {
            return;
        }

        long before = Known;
        Use();
        Known = before;
        _register = value;
        Breaks++;
        Give(_register, isFalse: false);
    }

    // The old meter counts up to the change, the new one from it; told at once, or up to seven readings later.
    private void Swap(int isTold)
    {
        long value = _random.NextInt64(0, (Limits.Modulus ?? 1_000_000_000) / 2);
        if (!IsFarFromHere(value))
        {
            return;
        }

        long lastUse = _random.NextInt64(0, (Fastest / 2) + 1);
        (long Time, long Final, long Initial) swap = (Now + (_step / 2), _register + lastUse, value);
        Known += lastUse;
        long firstUse = _random.NextInt64(0, (Fastest / 2) + 1);
        Known += firstUse;
        _register = value + firstUse;
        _index++;
        Give(_register, isFalse: false, isTold == 0 ? swap : null);
        for (int later = 1; later < 8; later++)
        {
            Count(later == isTold ? swap : null);
        }
    }

    private void Leave()
    {
        for (int missing = _random.Next(1, 40); missing > 0; missing--)
        {
            Use();
        }

        Count();
    }

    private void Delay()
    {
        Use();
        Reading late = new(Now, _register, 0, ReadingQuality.Good, HasValue: true);
        long register = _register;
        Count();
        Count();
        if (register <= _register)
        {
            _items.Add(new(late, IsFalse: false, null));
        }
    }

    // The register stands while the flow goes on, and shows all of it at once afterwards; no end is passed meanwhile.
    private void Stick()
    {
        if (Limits.Modulus is long end && _register > end - (30 * Fastest))
        {
            return;
        }

        long stood = _register;
        for (int count = _random.Next(2, 20); count > 0; count--)
        {
            Use();
            Give(stood, isFalse: false);
        }

        Count();
    }

    private void Fail()
    {
        for (int missing = _random.Next(1, 6); missing > 0; missing--)
        {
            Use();
            _items.Add(new(Reading.Missing(Now, 0, QualityReason.Timeout), IsFalse: false, null));
        }

        Count();
    }
}
