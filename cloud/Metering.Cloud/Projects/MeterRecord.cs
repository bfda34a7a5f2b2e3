namespace Metering.Cloud.Projects;

/// <summary>What is on record of a meter beside what its channels say; a field that is not on record is null.</summary>
/// <param name="AccuracyClass">Accuracy class as marked on the meter, such as "0.5 S".</param>
/// <param name="TransformerRatio">Ratio of its transformers as marked, such as "400/5".</param>
/// <param name="LastCalibration">Day of the last calibration.</param>
internal sealed record MeterRecord(string? AccuracyClass, string? TransformerRatio, DateOnly? LastCalibration);
