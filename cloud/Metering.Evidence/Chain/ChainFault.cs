using System.Diagnostics;
using System.Globalization;

namespace Metering.Evidence.Chain;

/// <summary>What can be wrong with one batch of a gateway's chain.</summary>
public enum ChainFaultKind
{
    /// <summary>The bytes are not a batch in canonical form, or a segment does not have the hash that the manifest states.</summary>
    Form,

    /// <summary>The batch names another gateway than the chain it stands in.</summary>
    OtherGateway,

    /// <summary>There is no key for the key epoch that the batch names.</summary>
    UnknownKey,

    /// <summary>The signature was not made by the gateway's key, or is not in its one canonical form.</summary>
    Signature,

    /// <summary>The batch belongs to an earlier key epoch than the one before it.</summary>
    Epoch,

    /// <summary>Batches between this one and the one before it are not there.</summary>
    Missing,

    /// <summary>The batch comes after a later one.</summary>
    Order,

    /// <summary>The same batch comes twice.</summary>
    Duplicate,

    /// <summary>There are two different batches with this number.</summary>
    Fork,

    /// <summary>The batch does not name the hash of the batch before it.</summary>
    Link,

    /// <summary>The batch stands in a place that is named for another batch.</summary>
    Place,
}

/// <summary>One fault of a chain.</summary>
/// <param name="KeyEpoch">Key epoch of the batch; 0 when the bytes do not even tell.</param>
/// <param name="Batch">Number of the batch; 0 when the bytes do not even tell.</param>
/// <param name="Kind">What is wrong.</param>
/// <param name="Detail">The numbers or words that belong to it, in English; empty when the kind says all.</param>
public sealed record ChainFault(int KeyEpoch, long Batch, ChainFaultKind Kind, string Detail)
{
    /// <summary>The fault in plain English, one sentence without a full stop, such as "batch 7 of key epoch 1: batches 5 to 6 are missing before it".</summary>
    public string Message => string.Create(CultureInfo.InvariantCulture, $"{Where}: {What}");

    private string Where => Batch == 0 ? "a batch" : string.Create(CultureInfo.InvariantCulture, $"batch {Batch} of key epoch {KeyEpoch}");

    private string What => Kind switch
    {
        ChainFaultKind.Form => $"the bytes are not a whole batch in canonical form ({Detail})",
        ChainFaultKind.OtherGateway => $"it was written by another gateway ({Detail})",
        ChainFaultKind.UnknownKey => "there is no key for its key epoch",
        ChainFaultKind.Signature => $"the signature does not hold ({Detail})",
        ChainFaultKind.Epoch => $"its key epoch is older than that of the batch before it ({Detail})",
        ChainFaultKind.Missing => Detail.Contains(' ', StringComparison.Ordinal) ? $"batches {Detail} are missing before it" : $"batch {Detail} is missing before it",
        ChainFaultKind.Order => $"it comes after batch {Detail}",
        ChainFaultKind.Duplicate => "it is there twice",
        ChainFaultKind.Fork => "there are two different batches with this number",
        ChainFaultKind.Link => "it does not name the hash of the batch before it",
        ChainFaultKind.Place => $"it stands in a place named for {Detail}",
        _ => throw new UnreachableException(),
    };
}
