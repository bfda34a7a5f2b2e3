using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Metering.Readings;
using Metering.Store.Influx;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Import;

public sealed class ExactValueTests
{
    private const int Seeds = 20_000;

    [Theory]
    [InlineData("0", 0, 0)]
    [InlineData("-0.000", 0, 0)]
    [InlineData("12.50", 125, 1)]
    [InlineData("-7", -7, 0)]
    [InlineData("+1.5e3", 1500, 0)]
    [InlineData("1.2E-3", 12, 4)]
    [InlineData("000120.0", 120, 0)]
    [InlineData("9223372036854775807", long.MaxValue, 0)]
    [InlineData("0.000000000000000001", 1, 18)]
    [InlineData(".5", 5, 1)]
    [InlineData("5.", 5, 0)]
    public void A_written_number_becomes_its_shortest_decimal(string text, long mantissa, int places)
    {
        Assert.True(ExactDecimal.TryParse(Encoding.ASCII.GetBytes(text), out ExactDecimal exact));
        Assert.Equal(new(mantissa, places), exact);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("1,5")]
    [InlineData("1 000")]
    [InlineData("NaN")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1e99999999999")]
    [InlineData("0x10")]
    [InlineData("1.2.3")]
    [InlineData("9223372036854775808")]
    [InlineData("0.0000000000000000001")]
    [InlineData("1e19")]
    public void What_is_no_number_or_does_not_fit_is_no_decimal(string text) =>
        Assert.False(ExactDecimal.TryParse(Encoding.ASCII.GetBytes(text), out _));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_double_that_fits_comes_back_as_the_same_double(int seed)
    {
        Random random = new(seed);
        int fitting = 0;
        for (int count = 0; count < Seeds; count++)
        {
            double value = count % 2 == 0 ? random.NextDouble() * Math.Pow(10, random.Next(-3, 8)) : BitConverter.Int64BitsToDouble(random.NextInt64());
            if (ExactDecimal.TryFrom(value, out ExactDecimal exact))
            {
                fitting++;
                Channel channel = Gauge(exact.Places);
                Assert.True(channel.TryToScaled(value, out long scaled));
                Assert.True(BitConverter.DoubleToInt64Bits(value) == BitConverter.DoubleToInt64Bits(channel.ToDouble(scaled)), $"seed {seed}, value {value:R}");
            }
        }

        Assert.True(fitting > Seeds / 10);
    }

    [Theory]
    [InlineData(3)]
    public void An_integer_beyond_the_53_bits_of_a_double_is_rounded_once(int seed)
    {
        Random random = new(seed);
        for (int count = 0; count < Seeds; count++)
        {
            long scaled = random.NextInt64(1L << 53, long.MaxValue);
            int places = random.Next(1, 19);
            string text = scaled.ToString(CultureInfo.InvariantCulture).PadLeft(places + 1, '0');
            double nearest = double.Parse(text[..^places] + "." + text[^places..], CultureInfo.InvariantCulture);
            Assert.True(nearest == Gauge(places).ToDouble(scaled), $"seed {seed}, {scaled} x 10^-{places}");
        }
    }

    [Fact]
    public void Doubles_as_integers_keep_their_order_and_their_bits()
    {
        double[] ascending = [double.MinValue, -1, -double.Epsilon, -0.0, 0.0, double.Epsilon, 0.0003333333333333333, 1, 9152.868666666665, double.MaxValue];
        long[] ordered = [.. ascending.Select(Binary64.ToOrdered)];
        Assert.Equal(ordered.Order(), ordered);
        Assert.Equal(ordered.Length, ordered.Distinct().Count());
        Assert.Equal(ascending.Select(BitConverter.DoubleToInt64Bits), ordered.Select(value => BitConverter.DoubleToInt64Bits(Binary64.FromOrdered(value))));
    }

    [Fact]
    public void A_column_takes_the_fewest_places_that_hold_all_of_it()
    {
        DecimalFit fit = new();
        foreach (double value in (double[])[1.5, 0.25, -1200, 0])
        {
            fit.Add(value);
        }

        Assert.Equal((2, true), (fit.Places, fit.Fits));
        fit.Add(0.000000000000000001);
        Assert.Equal((18, false), (fit.Places, fit.Fits));
    }

    [Fact]
    public void A_column_that_no_number_of_places_holds_does_not_fit()
    {
        DecimalFit fit = new();
        fit.Add(0.0003333333333333333);
        fit.Add(9152.868666666665);
        Assert.False(fit.Fits);
    }

    [Fact]
    public void A_segment_of_doubles_says_so_and_reads_back_bit_by_bit()
    {
        double[] values = [0.0003333333333333333, 9152.868666666665, -0.0, -1e-300, double.MaxValue];
        Channel channel = Gauge(0) with { Form = ValueForm.Binary64 };
        BatchEnvelope envelope = BatchEnvelope.Open(Build(channel, values));
        Assert.Contains("\ndecimals binary64\n", Encoding.ASCII.GetString(envelope.Segments[0]), StringComparison.Ordinal);
        ChannelSegment segment = Assert.Single(envelope.ReadSegments());
        Assert.Equal(channel, segment.Channel);
        Assert.Equal(envelope.Segments[0], segment.ToBytes());
        for (int index = 0; index < values.Length; index++)
        {
            Assert.Equal(BitConverter.DoubleToInt64Bits(values[index]), BitConverter.DoubleToInt64Bits(channel.ToDouble(segment.ScaledValues.Span[index])));
        }
    }

    [Fact]
    public void A_segment_of_doubles_that_are_not_finite_is_refused()
    {
        Channel channel = Gauge(0) with { Form = ValueForm.Binary64 };
        BatchEnvelope envelope = BatchEnvelope.Open(Build(channel, [1, double.PositiveInfinity]));
        WireFormatException fault = Assert.Throws<WireFormatException>(envelope.ReadSegments);
        Assert.Contains("not a finite number", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_counter_is_never_kept_as_doubles()
    {
        Channel channel = Gauge(0) with { Kind = ChannelKind.Counter, Form = ValueForm.Binary64 };
        _ = Assert.Throws<ArgumentException>(channel.Check);
    }

    [Fact]
    public void Line_protocol_carries_a_double_that_reads_back_the_same()
    {
        double[] values = [0.0003333333333333333, 9152.868666666665, 1e300, -1e-7];
        byte[] text = new byte[64];
        foreach (double value in values)
        {
            int length = LineBuffer.FormatExact(Binary64.ToOrdered(value), Channel.Binary64Code, text);
            Assert.Equal(value, double.Parse(text.AsSpan(0, length), CultureInfo.InvariantCulture));
        }
    }

    [NeedsFact("python3", "openssl")]
    public void A_script_of_the_standard_library_reads_the_same_doubles()
    {
        double[] values = [0.0003333333333333333, 9152.868666666665, -0.0, -1e-300];
        using TemporaryFolder folder = new();
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllBytes(folder.Combine("batch.mtr"), Build(Gauge(0) with { Form = ValueForm.Binary64 }, values, key));
        File.WriteAllText(folder.Combine("key.pem"), SigningKey.PublicPem(key));
        System.Diagnostics.ProcessStartInfo start = new("/usr/bin/python3", [Repository.Path("tests", "golden", "wire", "read_batch.py"), folder.Combine("batch.mtr"), folder.Combine("key.pem")])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(start)!;
        string[] lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(values, lines.Select(line => double.Parse(line.Split(',')[2], CultureInfo.InvariantCulture)));
    }

    private static Channel Gauge(int places) =>
        new() { Id = "inflow", Meter = "inlet", Unit = "m3/h", Kind = ChannelKind.Gauge, DecimalPlaces = places, Profile = "import/1" };

    private static byte[] Build(Channel channel, double[] values, ECDsa? signer = null)
    {
        using ECDsa anyKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Reading[] readings = [.. values.Select((value, index) => new Reading(1_700_000_000_000 + index, Binary64.ToOrdered(value), 0, ReadingQuality.Good, HasValue: true))];
        BatchIdentity identity = new()
        {
            Gateway = "import-x",
            KeyEpoch = 1,
            Boot = "0123456789abcdef",
            Batch = 1,
            PreviousHash = BatchManifest.NoPrevious,
            ConfigHash = new string('c', 64),
            Software = "metering-import/0.1.0",
            Clock = ClockState.Unknown,
            MonotonicMilliseconds = 0,
            AnchorUtcMilliseconds = 1_700_000_000_000,
        };
        return BatchBuilder.Build(identity, [channel], readings, [], signer ?? anyKey).Envelope;
    }
}
