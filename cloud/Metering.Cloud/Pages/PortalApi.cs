using System.Text;
using Metering.Cloud.Api;
using Microsoft.AspNetCore.Mvc;

namespace Metering.Cloud.Pages;

/// <summary>Answers that are no pages: faults as problem details (RFC 9457), and files for spreadsheets. The routes stand in <see cref="ApiRoutes"/>.</summary>
internal static class PortalApi
{
    private const string CsvType = "text/csv; charset=utf-8";

    /// <summary>A fault of the caller as problem details, with what to do about it and where its code is explained.</summary>
    /// <param name="status">The status.</param>
    /// <param name="code">Code, see <see cref="ApiCodes"/>.</param>
    /// <param name="detail">What happened.</param>
    /// <param name="field">The field, parameter or header at fault; null when it is none.</param>
    public static IResult Fault(int status, string code, Text detail, string? field = null) => Fault(status, code, detail, field is null ? [] : [new ApiFieldFault(field, ApiText.Of(detail))]);

    /// <summary>A fault of several fields, each named.</summary>
    public static IResult Fault(int status, string code, Text detail, IReadOnlyList<ApiFieldFault> fields)
    {
        ProblemDetails problem = new()
        {
            Type = ApiCodes.AddressOf(code),
            Status = status,
            Title = status == StatusCodes.Status404NotFound ? "Not found" : "The request cannot be answered",
            Detail = detail.In(Language.English),
            Extensions =
            {
                ["code"] = code,
                ["hint"] = ApiCodes.HintOf(code).In(Language.English),
                ["hintEs"] = ApiCodes.HintOf(code).In(Language.Spanish),
                ["docs"] = ApiCodes.AddressOf(code),
                ["titleEs"] = status == StatusCodes.Status404NotFound ? "No se encontró" : "No se puede contestar la solicitud",
                ["detailEs"] = detail.In(Language.Spanish),
            },
        };
        if (fields.Count > 0)
        {
            problem.Extensions["errors"] = fields;
        }

        return Results.Json(problem, contentType: "application/problem+json", statusCode: status);
    }

    /// <summary>A file for spreadsheets.</summary>
    public static IResult Download(string csv, string name) =>
        Results.File(Encoding.UTF8.GetBytes("\uFEFF" + csv), CsvType, name); // the mark makes spreadsheets read UTF-8
}
