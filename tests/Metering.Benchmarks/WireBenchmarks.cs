using BenchmarkDotNet.Attributes;
using Metering.Readings;

namespace Metering.Benchmarks;

/// <summary>Batches of 768 readings, figures per reading. Baseline: adding up the bytes of the expanded batch.</summary>
public class WireBenchmarks : IDisposable
{
    private readonly SampleBatches _batches = new();
    private Reading[] _readings = [];
    private byte[] _envelope = [];
    private BatchEnvelope? _opened;
    private IReadOnlyList<ChannelSegment> _segments = [];

    [GlobalSetup]
    public void Setup()
    {
        _readings = _batches.ReadingsOf(1);
        _envelope = _batches.Build(_readings).Envelope;
        _opened = BatchEnvelope.Open(_envelope);
        _segments = _opened.ReadSegments();
        Console.WriteLine($"// {_envelope.Length} bytes on the wire, {_opened.Segments.Sum(segment => segment.Length)} bytes of segments, {SampleBatches.Readings} readings");
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = SampleBatches.Readings)]
    public long SumOfBytes()
    {
        long sum = 0;
        foreach (byte[] segment in _opened!.Segments)
        {
            foreach (byte value in segment)
            {
                sum += value;
            }
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = SampleBatches.Readings)]
    public int SegmentWrite()
    {
        int length = 0;
        foreach (ChannelSegment segment in _segments)
        {
            length += segment.ToBytes().Length;
        }

        return length;
    }

    [Benchmark(OperationsPerInvoke = SampleBatches.Readings)]
    public int SegmentParse() => _opened!.ReadSegments().Count;

    [Benchmark(OperationsPerInvoke = SampleBatches.Readings)]
    public int EnvelopeBuildAndSign() => _batches.Build(_readings).Envelope.Length;

    [Benchmark(OperationsPerInvoke = SampleBatches.Readings)]
    public int EnvelopeOpen() => BatchEnvelope.Open(_envelope).Segments.Count;

    [Benchmark(OperationsPerInvoke = SampleBatches.Readings)]
    public NoteFault SignatureVerify() => SignedNote.Verify(_opened!.Note.Span, SampleBatches.Gateway, _batches.Key);

    [GlobalCleanup]
    public void Dispose()
    {
        _batches.Dispose();
        GC.SuppressFinalize(this);
    }
}
