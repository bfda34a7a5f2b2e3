namespace Metering.Cloud.Entries;

/// <summary>What is said about uploaded files.</summary>
internal static class EntryTexts
{
    public static readonly Text TooLarge = new(
        "El archivo pasa de 50 MB. Divídalo por año o por producto.", "The file is larger than 50 MB. Split it by year or by product.");
    public static readonly Text NotText = new(
        "El archivo no es texto UTF-8. Guárdelo como «CSV UTF-8 (delimitado por comas)».", "The file is not UTF-8 text. Save it as “CSV UTF-8 (comma delimited)”.");
    public static readonly Text Empty = new("El archivo no tiene renglones de datos.", "The file has no rows of data.");
    public static readonly Text NoColumn = new("Falta la columna «{0}» (también se acepta: {1}).", "The column “{0}” is missing (also accepted: {1}).");
    public static readonly Text ColumnTwice = new("La columna «{0}» está dos veces.", "The column “{0}” is there twice.");
    public static readonly Text FieldCount = new(
        "El renglón tiene {0} campos y el encabezado {1}. Ponga entre comillas los textos que llevan el separador.", "The row has {0} fields and the header {1}. Put texts that hold the separator in quotes.");
    public static readonly Text OpenQuote = new("Unas comillas no se cierran.", "A quote is not closed.");
    public static readonly Text NotANumber = new("«{0}» no es un número.", "“{0}” is not a number.");
    public static readonly Text Negative = new("La cantidad {0} es negativa.", "The amount {0} is negative.");
    public static readonly Text Ambiguous = new(
        "No se sabe si «{0}» es {1} o {2}, y ningún otro número del archivo lo aclara. Elija el signo decimal al subir el archivo, o escriba los miles sin separador.",
        "“{0}” may be {1} or {2}, and no other number of the file settles it. Choose the decimal sign when you upload the file, or write thousands without a separator.");
    public static readonly Text MixedSigns = new(
        "«{0}» usa otro signo decimal que el resto del archivo.", "“{0}” uses another decimal sign than the rest of the file.");
    public static readonly Text NotADay = new("«{0}» no es una fecha escrita año-mes-día. Escriba 2026-01-31: así no se confunden día y mes.", "“{0}” is not a date written year-month-day. Write 2026-01-31: day and month are then not confused.");
    public static readonly Text EndsBefore = new("El fin está antes del inicio.", "The end lies before the beginning.");
    public static readonly Text IsEmpty = new("El campo «{0}» está vacío; lo que falta no es cero.", "The field “{0}” is empty; what is missing is not zero.");
    public static readonly Text Duplicate = new("Repite el renglón {0}.", "Repeats line {0}.");
    public static readonly Text Overlap = new("Se traslapa con el renglón {0} del mismo producto.", "Overlaps with line {0} of the same product.");
    public static readonly Text NotASample = new("«{0}» no dice cómo se tomó la muestra. Escriba instantánea o compuesta.", "“{0}” does not say how the sample was taken. Write instant or composite.");
    public static readonly Text StoredAlready = new("Ya está guardado en {0}. Retire ese registro primero si está mal.", "It is stored already in {0}. Withdraw that record first if it is wrong.");
    public static readonly Text StoredOverlap = new("Se traslapa con {0}, ya guardado del {1} al {2}.", "It overlaps with {0}, stored already from {1} to {2}.");
    public static readonly Text FormAmbiguous = new("«{0}» puede ser {1} o {2}. Escriba los miles sin separador y dos o cuatro decimales, como 8.0650 o 8065.", "“{0}” may be {1} or {2}. Write thousands without a separator and two or four decimals, such as 8.0650 or 8065.");
    public static readonly Text TooManyRows = new("El archivo tiene {0} renglones; caben {1}. Divídalo.", "The file has {0} rows; there is room for {1}. Split it.");
    public static readonly Text ChangedMeanwhile = new("{0} cambió este registro mientras usted escribía. Vuelva a la página de captura y revise.", "{0} changed this record while you were writing. Go back to the entry page and look.");
    public static readonly Text NoFile = new("No se eligió ningún archivo, o está vacío.", "No file was chosen, or it is empty.");
    public static readonly Text FileTooLarge = new("El archivo mide {0} MB y cabe {1} MB; no se guardó nada. Divídalo por año o por producto.", "The file has {0} MB, and there is room for {1} MB; nothing was stored. Split it by year or by product.");
}
