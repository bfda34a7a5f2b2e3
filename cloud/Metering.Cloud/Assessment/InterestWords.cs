namespace Metering.Cloud.Assessment;

/// <summary>Texts of the form for companies that want to take part.</summary>
internal static class InterestWords
{
    public static readonly Text Title = new("Quiero participar", "I want to take part");
    public static readonly Text Lead = new(
        "Deje los datos de su empresa; el personal del programa lo buscará para acordar un prediagnóstico.",
        "Leave your company's data; the programme's staff will contact you to arrange a pre-assessment.");
    public static readonly Text WithAnswers = new("Se enviarán también sus respuestas del autodiagnóstico ({0}).", "Your answers of the self-assessment ({0}) will be sent too.");
    public static readonly Text Company = new("Empresa", "Company");
    public static readonly Text Person = new("Su nombre", "Your name");
    public static readonly Text Email = new("Correo", "E-mail");
    public static readonly Text Source = new("Cómo supo del programa (opcional)", "How you heard of the programme (optional)");
    public static readonly Text Needs = new("Qué le interesa (opcional)", "What you are interested in (optional)");
    public static readonly Text Consent = new(
        "Acepto que el programa guarde estos datos y me busque. Puedo pedir que se borren escribiendo al programa.",
        "I agree that the programme keeps these data and contacts me. I can ask for their removal by writing to the programme.");
    public static readonly Text Trap = new("Deje este campo vacío", "Leave this field empty");
    public static readonly Text Send = new("Enviar", "Send");
    public static readonly Text Sent = new("Gracias. Sus datos llegaron al programa; su número es {0}.", "Thank you. Your data have reached the programme; your number is {0}.");
    public static readonly Text FaultsTitle = new("No se envió: falta algo", "Not sent: something is missing");
    public static readonly Text FaultCompany = new("Escriba el nombre de la empresa, hasta 200 letras.", "Write the company's name, up to 200 letters.");
    public static readonly Text FaultPerson = new("Escriba su nombre, hasta 200 letras.", "Write your name, up to 200 letters.");
    public static readonly Text FaultEmail = new("Escriba un correo como nombre@empresa.mx.", "Write an e-mail address such as name@company.mx.");
    public static readonly Text FaultConsent = new("Sin su consentimiento no guardamos sus datos: marque la casilla.", "Without your consent we do not keep your data: tick the box.");
    public static readonly Text FaultLong = new("Es demasiado largo; caben {0} letras.", "It is too long; there is room for {0} letters.");
}
