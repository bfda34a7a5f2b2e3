namespace Metering.Cloud.Entries;

/// <summary>What is wrong at a place of an uploaded file, and what to do.</summary>
/// <param name="Line">1-based line; 0 for the file as a whole.</param>
/// <param name="Column">1-based column; 0 for the line as a whole.</param>
/// <param name="What">A sentence in both languages.</param>
public sealed record EntryFault(int Line, int Column, Text What);

/// <summary>All records of a file, or its faults: never a part of the records.</summary>
/// <typeparam name="T">Kind of record.</typeparam>
/// <param name="Records">The records; empty when there is a fault.</param>
/// <param name="Faults">The first <see cref="EntryFile.MaximumFaults"/> faults.</param>
/// <param name="FaultCount">Number of all faults.</param>
public sealed record EntryOutcome<T>(IReadOnlyList<T> Records, IReadOnlyList<EntryFault> Faults, int FaultCount)
{
    /// <summary>Whether the file may be taken.</summary>
    public bool IsAccepted => FaultCount == 0;
}

/// <summary>A record of production over days, both inclusive.</summary>
/// <param name="First">First day in the plant's zone.</param>
/// <param name="Last">Last day.</param>
/// <param name="Product">What was produced.</param>
/// <param name="Amount">How much, zero or more.</param>
/// <param name="Unit">Unit of the amount.</param>
/// <param name="Document">The document it comes from; may be empty.</param>
/// <param name="Line">Line of the file.</param>
public sealed record ProductionEntry(DateOnly First, DateOnly Last, string Product, double Amount, string Unit, string Document, int Line);
