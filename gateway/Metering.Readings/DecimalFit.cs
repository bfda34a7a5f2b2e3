namespace Metering.Readings;

/// <summary>
/// Finds the fewest decimal places at which every value of a column is an exact 64-bit integer, in one pass and without keeping the
/// values.
/// </summary>
public sealed class DecimalFit
{
    private readonly long[] _largest = new long[Channel.MaximumDecimalPlaces + 1];
    private readonly long[] _smallest = new long[Channel.MaximumDecimalPlaces + 1];
    private bool _allAreDecimals = true;

    /// <summary>The most places any value has so far: the only number of places that can fit them all.</summary>
    public int Places { get; private set; }

    /// <summary>Whether every value so far is exact at <see cref="Places"/>.</summary>
    public bool Fits => FitsAt(Places);

    /// <summary>Whether every value so far is exact at a number of places, 0 to <see cref="Channel.MaximumDecimalPlaces"/>.</summary>
    public bool FitsAt(int decimalPlaces)
    {
        bool fits = _allAreDecimals && decimalPlaces >= Places;
        for (int places = 0; places <= Places && fits; places++)
        {
            fits = new ExactDecimal(_largest[places], places).TryScale(decimalPlaces, out _)
                && new ExactDecimal(_smallest[places], places).TryScale(decimalPlaces, out _);
        }

        return fits;
    }

    /// <summary>Takes a value in as its shortest round-trip decimal; a value that is none (or not finite) makes <see cref="Fits"/> false.</summary>
    public void Add(double value)
    {
        if (ExactDecimal.TryFrom(value, out ExactDecimal exact))
        {
            Add(exact);
        }
        else
        {
            _allAreDecimals = false;
        }
    }

    /// <summary>Takes a value in.</summary>
    public void Add(in ExactDecimal value)
    {
        Places = Math.Max(Places, value.Places);
        _largest[value.Places] = Math.Max(_largest[value.Places], value.Mantissa);
        _smallest[value.Places] = Math.Min(_smallest[value.Places], value.Mantissa);
    }

    /// <summary>Notes a value that no number of places holds.</summary>
    public void AddUnfit() => _allAreDecimals = false;
}
