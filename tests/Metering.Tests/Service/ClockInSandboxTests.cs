using Metering.Gateway.Polling;
using Metering.Readings;
using Xunit;

namespace Metering.Tests.Service;

/// <summary>The state of the clock where the sandbox of the service forbids to ask the kernel.</summary>
public sealed class ClockInSandboxTests
{
    private const int NotPermitted = -1;
    private const int TimeError = 5;

    [Theory]
    [InlineData(0, false, ClockState.Synchronised)]
    [InlineData(TimeError, false, ClockState.Informed)]
    [InlineData(TimeError, true, ClockState.Informed)]
    [InlineData(NotPermitted, true, ClockState.Synchronised)]
    [InlineData(NotPermitted, false, ClockState.Informed)]
    public void The_word_of_timesyncd_counts_only_where_the_kernel_may_not_be_asked(int kernel, bool timesync, ClockState state) =>
        Assert.Equal(state, ClockStatus.Judge(kernel, timesync));
}
