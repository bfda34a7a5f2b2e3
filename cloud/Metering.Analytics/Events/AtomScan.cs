namespace Metering.Analytics.Events;

/// <summary>
/// What one more event would explain, for every place at once. The white column of a step is one value at its first row and the
/// same tail as every other step after it, so that products with any vector are sums from the end; a drift is two such sums, a
/// temporary event the difference of two steps.
/// </summary>
internal sealed class AtomScan(EventSeries series, WhitenedModel model)
{
    private const double RankTolerance = 1e-8;

    private double[] step = [];
    private double[] drift = [];
    private double[] stepSquare = [];
    private double[] driftSquare = [];
    private double[] overlap = [];
    private double[] tails = [];
    private int stride;

    /// <summary>Prepares the sums for the model as it was built last.</summary>
    public void Prepare()
    {
        int n = series.Count;
        int order = model.Order;
        stride = order + 1;
        Reserve(n);
        ReadOnlySpan<double> weight = series.Weight;
        ReadOnlySpan<double> position = series.Position;
        ReadOnlySpan<double> carry = model.Carry;
        ReadOnlySpan<double> factor = model.Factor;
        Span<double> stepTail = tails.AsSpan(0, stride);
        Span<double> driftTail = tails.AsSpan(stride, stride);
        tails.AsSpan(0, 2 * stride).Clear();
        double squares = 0;
        double mixed = 0;
        double driftSquares = 0;
        for (int i = n - 1; i > 0; i--)
        {
            double head = weight[i] * factor[i];
            double tail = (weight[i] - (carry[i] * weight[i - 1])) * factor[i];
            double slope = ((position[i] * weight[i]) - (carry[i] * position[i - 1] * weight[i - 1])) * factor[i];
            for (int j = 0; j < stride; j++)
            {
                double x = j < order ? model.Basis(j)[i] : model.Residual[i];
                step[(i * stride) + j] = (head * x) + stepTail[j];
                drift[(i * stride) + j] = driftTail[j] - (position[i] * stepTail[j]);
                stepTail[j] += tail * x;
                driftTail[j] += slope * x;
            }

            stepSquare[i] = (head * head) + squares;
            overlap[i] = (tail * head) + squares;
            driftSquare[i] = driftSquares - (2 * position[i] * mixed) + (position[i] * position[i] * squares);
            squares += tail * tail;
            mixed += tail * slope;
            driftSquares += slope * slope;
        }
    }

    /// <summary>Fall of the sum of squares through the event, with its size and the square of its column outside the model.</summary>
    public double Gain(EventAtom atom, out double size, out double square)
    {
        double own;
        double product = 0;
        double inside = 0;
        switch (atom.Kind)
        {
            case EventKind.StepChange:
                own = stepSquare[atom.First];
                ReadOnlySpan<double> steps = step.AsSpan(atom.First * stride, stride);
                product = steps[^1];
                inside = Squares(steps[..^1]);
                break;
            case EventKind.Drift:
                own = driftSquare[atom.First];
                ReadOnlySpan<double> drifts = drift.AsSpan(atom.First * stride, stride);
                product = drifts[^1];
                inside = Squares(drifts[..^1]);
                break;
            default:
                own = stepSquare[atom.First] + stepSquare[atom.End] - (2 * overlap[atom.End]);
                ReadOnlySpan<double> from = step.AsSpan(atom.First * stride, stride);
                ReadOnlySpan<double> to = step.AsSpan(atom.End * stride, stride);
                product = from[^1] - to[^1];
                for (int j = 0; j < stride - 1; j++)
                {
                    double difference = from[j] - to[j];
                    inside += difference * difference;
                }

                break;
        }

        square = own - inside;
        if (!(square > RankTolerance * own))
        {
            size = 0;
            square = 0;
            return 0;
        }

        size = product / square;
        return product * size;
    }

    private static double Squares(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value * value;
        }

        return sum;
    }

    private void Reserve(int n)
    {
        if (stepSquare.Length < n)
        {
            stepSquare = new double[n];
            driftSquare = new double[n];
            overlap = new double[n];
        }

        if (step.Length < n * stride)
        {
            step = new double[stepSquare.Length * stride];
            drift = new double[stepSquare.Length * stride];
        }

        if (tails.Length < 2 * stride)
        {
            tails = new double[2 * stride];
        }
    }
}
