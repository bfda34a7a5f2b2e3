using System.Globalization;
using System.Security.Cryptography;
using System.Text.Unicode;
using Metering.Cloud.Accounts;
using Metering.Cloud.Pages;
using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Cloud.Register;

/// <summary>Files of the register: contracts, certificates, photographs, bills. Kept byte for byte, once for each content.</summary>
internal static class AttachmentForm
{
    /// <summary>Where files are sent.</summary>
    public const string Address = RegisterRoutes.Address + "/attachment/-upload";

    /// <summary>Extensions that a browser offers.</summary>
    public const string Accepted = ".pdf,.png,.jpg,.jpeg,.csv,.xlsx,.txt";

    private const int LargestFile = 10 * 1024 * 1024;

    /// <summary>Stores a file with its description.</summary>
    public static async Task<IResult> SaveAsync(HttpContext http, RecordStore store, Language language)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (form.Files.GetFile("file") is not { Length: > 0 } file)
        {
            return Refused(http, store, language, RegisterWords.NoFile.In(language));
        }

        if (file.Length > LargestFile)
        {
            return Refused(http, store, language, RegisterWords.FileTooLarge.In(language));
        }

        byte[] content = new byte[file.Length];
        await using (Stream stream = file.OpenReadStream())
        {
            await stream.ReadExactlyAsync(content, http.RequestAborted);
        }

        // A browser sends the name alone; some send the whole path of the sender's disk.
        string name = file.FileName[(file.FileName.LastIndexOfAny(['/', '\\']) + 1)..].Trim();
        if (TypeOf(content, Path.GetExtension(name).ToUpperInvariant()) is not ContentType type)
        {
            return Refused(http, store, language, RegisterWords.FileNotOfType.In(language));
        }

        Attachment attachment = new()
        {
            Id = NextId(store.Snapshot),
            Name = name,
            Plant = Chosen(form, "plant"),
            Project = Chosen(form, "project"),
            ContentType = type,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)),
            Bytes = content.Length,
        };
        try
        {
            _ = store.Save([new(attachment, 0) { Content = content }], CurrentActor.Of(http), null);
            return Results.Redirect($"/{language.Code()}{RegisterRoutes.Of(Attachment.Kind)}/{attachment.Id}");
        }
        catch (RecordFaultsException e)
        {
            return Refused(http, store, language, string.Join(' ', e.Faults.Select(fault => fault.Message.In(language))));
        }
        catch (RecordConflictException)
        {
            return Refused(http, store, language, RegisterWords.IdTaken.In(language));
        }
    }

    /// <summary>The bytes of a stored file, to be saved and never shown inside our pages.</summary>
    public static IResult Content(HttpContext http, RecordStore store, string id)
    {
        if (store.Snapshot.Find<Attachment>(id) is not { } attachment || store.Content(attachment.Sha256) is not byte[] content)
        {
            return Portal.NotFound(http);
        }

        http.Response.Headers.CacheControl = "no-store";
        return Results.File(content, MediaType(attachment.ContentType), attachment.Name);
    }

    /// <summary>What a content is by its own first bytes; its extension has to agree. Null for anything else.</summary>
    private static ContentType? TypeOf(ReadOnlySpan<byte> content, string extension) => extension switch
    {
        ".PDF" when content.StartsWith("%PDF-"u8) => ContentType.Pdf,
        ".PNG" when content.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) => ContentType.Png,
        ".JPG" or ".JPEG" when content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) => ContentType.Jpeg,
        ".XLSX" when content.StartsWith("PK\u0003\u0004"u8) => ContentType.Xlsx,
        ".CSV" when IsText(content) => ContentType.Csv,
        ".TXT" when IsText(content) => ContentType.PlainText,
        _ => null,
    };

    private static bool IsText(ReadOnlySpan<byte> content) => Utf8.IsValid(content) && !content.Contains((byte)0);

    private static string MediaType(ContentType type) => type switch
    {
        ContentType.Pdf => "application/pdf",
        ContentType.Png => "image/png",
        ContentType.Jpeg => "image/jpeg",
        ContentType.Csv => "text/csv; charset=utf-8",
        ContentType.Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ContentType.PlainText => "text/plain; charset=utf-8",
        ContentType.Xml => "application/xml",
        ContentType.Html => "text/html; charset=utf-8",
        ContentType.Json => "application/json",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string? Chosen(IFormCollection form, string field) => form[field].ToString() is { Length: > 0 } text ? text : null;

    private static string NextId(RegisterSnapshot register)
    {
        int number = register.Versions(Attachment.Kind).Count + 1;
        while (register.Version(new(Attachment.Kind.Name, Name(number))) is not null)
        {
            number++;
        }

        return Name(number);

        static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"file-{number}");
    }

    private static PageResult Refused(HttpContext http, RecordStore store, Language language, string notice)
    {
        RegisterSnapshot register = store.Snapshot;
        return RegisterRoutes.ShowList(http, language, register, RecordList.Of(register, Attachment.Kind, new("", "", IsDescending: false, language)), notice, StatusCodes.Status422UnprocessableEntity);
    }
}
