using System.Reflection;

namespace Metering.Verifier.Bundles;

/// <summary>The version of this program, without the commit behind its plus sign.</summary>
internal static class VerifierVersion
{
    /// <summary>Such as "0.1.0".</summary>
    public static string Text { get; } =
        (typeof(VerifierVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0").Split('+')[0];
}
