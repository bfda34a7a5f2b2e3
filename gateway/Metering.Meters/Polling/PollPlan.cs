using Metering.Meters.Profiles;

namespace Metering.Meters.Polling;

/// <summary>One value inside a request.</summary>
/// <param name="RegisterIndex">0-based index into <see cref="DeviceProfile.Registers"/>.</param>
/// <param name="Offset">Registers from the start of the request.</param>
public readonly record struct PollItem(int RegisterIndex, int Offset);

/// <summary>One request of a poll plan.</summary>
/// <param name="Start">Address of the first register, 0-based.</param>
/// <param name="Count">Registers, 1-125.</param>
/// <param name="Items">The values in it.</param>
public sealed record PollRequest(ushort Start, int Count, IReadOnlyList<PollItem> Items);

/// <summary>
/// The fewest requests that read every value of a profile: values sorted by address, each request stretched as far as the
/// limits of the meter allow. Stretching greedily from the lowest address is optimal here, as a request is an interval.
/// A value is never split over two requests, since its registers could then come from two moments.
/// </summary>
public static class PollPlan
{
    /// <summary>The requests for a profile, in the order of their addresses.</summary>
    public static IReadOnlyList<PollRequest> For(DeviceProfile profile)
    {
        int[] order = [.. Enumerable.Range(0, profile.Registers.Count).OrderBy(index => profile.Registers[index].Address)];
        List<PollRequest> requests = [];
        List<PollItem> items = [];
        int start = 0;
        int end = 0;
        foreach (int index in order)
        {
            RegisterDefinition register = profile.Registers[index];
            int registerEnd = register.Address + register.RegisterCount;
            bool fits = items.Count > 0
                && register.Address - end <= profile.MaximumHole
                && Math.Max(end, registerEnd) - start <= profile.MaximumRegisters;
            if (!fits && items.Count > 0)
            {
                requests.Add(new((ushort)start, end - start, [.. items]));
                items.Clear();
            }

            if (items.Count == 0)
            {
                start = register.Address;
                end = start;
            }

            items.Add(new(index, register.Address - start));
            end = Math.Max(end, registerEnd);
        }

        if (items.Count > 0)
        {
            requests.Add(new((ushort)start, end - start, [.. items]));
        }

        return requests;
    }
}
