using Microsoft.AspNetCore.Identity;

namespace Metering.Programme.Accounts;

/// <summary>
/// Length and nothing else (NIST SP 800-63B, 5.1.1.2): no rules of composition, but neither one of the most usual passwords nor the
/// person's own name.
/// </summary>
public static class PasswordRules
{
    /// <summary>Fewest characters.</summary>
    public const int Shortest = 12;

    /// <summary>Most characters; more would only be work for the hash.</summary>
    public const int Longest = 256;

    private const int ShortestNameCompared = 4;

    /// <summary>The most usual passwords, lower case, shorter than <see cref="Shortest"/> ones among them since doubling them is usual too.</summary>
    public static IReadOnlySet<string> Usual { get; } = new HashSet<string>(
        (Numbers + Words + Rows + Spanish).Split(' ', StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);

    private const string Numbers = "123456 123456789 12345678 12345 1234567 1234567890 111111 123123 000000 654321 666666 121212 112233 987654321 123321 7777777 555555 159753 777777 888888 222222 999999 333333 131313 101010 11111111 00000000 88888888 147258369 1234 123654 789456 789456123 159357 0123456789 1234567891 12345678910 123456789012 1234567890123 123456123456 123123123123 111111111111 000000000000 987654321000 112233445566 121212121212 098765432109 102030405060 ";
    private const string Words = "password password1 password12 password123 password1234 password12345 passw0rd p@ssw0rd p@ssword p@ssw0rd1234 pass1234 iloveyou iloveyou1234 princess sunshine football baseball basketball superman batman monkey dragon letmein letmein12345 welcome welcome1 welcome123 welcome12345 welcome123456 admin admin123 admin1234 admin12345 admin123456 administrator administrator1 root toor guest default changeme changeme123 changeme1234 changemeplease secret secret123 secretsecret master login starwars whatever trustno1 freedom shadow michael jennifer jordan hunter hunter2 charlie daniel ashley jessica matthew andrew joshua nicole computer internet pokemon samsung google liverpool chelsea arsenal barcelona realmadrid summer winter spring flower cheese cookie pepper ginger killer mustang corvette harley ferrari mercedes soccer hockey tigger buster lovely loveme lovers angel babygirl butterfly purple orange yellow hannah thomas robert george test test123 test1234 testtest1234 passwordpassword temp1234 access passport trustnoone correcthorsebatterystaple thisisapassword ";
    private const string Rows = "qwerty qwerty1 qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123456 qwertyuiop qwertyuiop1 qwertyuiop12 qwertyuiop123 qwertyuiop[] qwertyqwerty asdfgh asdfghjkl asdfghjkl123 asdfasdfasdf zxcvbnm zxcvbnm12345 zaq12wsx zaq1zaq1 1q2w3e 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc q1w2e3r4 q1w2e3r4t5y6 qazwsx qazwsxedc qazwsxedcrfv abc123 abcd1234 abc123456789 a123456 a1b2c3 a1b2c3d4e5f6 aa123456 abcdef abcdefg abcdefgh abcdefghijkl aaaaaa aaaaaaaaaaaa asd123 ";
    private const string Spanish = "contraseña contrasena contrasena1 contrasena123 contraseña123 contraseña1234 contrasena1234 mexico mexico123 mexico123456 guadalajara tequiero tequiero1234 tequieromucho teamo teamo123 teamomucho amor amorcito miamor america estrella chivas pumas cruzazul guerrero alejandro alejandra daniela mariposa corazon bonita hermosa preciosa hola hola1234 holahola1234 bienvenido bienvenido1 bienvenido123 administrador administrador1 usuario usuario12345 clave clave12345 clave1234567 secreto medidor metering metering1234 meteringmetering ";

    /// <summary>What is wrong with a password; null when nothing is.</summary>
    /// <exception cref="AccountFault">The password is refused, in words.</exception>
    public static void Check(string password, string userName, string displayName)
    {
        ArgumentNullException.ThrowIfNull(password);
        ArgumentNullException.ThrowIfNull(userName);
        ArgumentNullException.ThrowIfNull(displayName);
        string folded = password.ToLowerInvariant();
        if (Usual.Contains(folded))
        {
            throw new AccountFault(AccountTexts.PasswordUsual);
        }

        if (password.Length < Shortest)
        {
            throw new AccountFault(AccountTexts.PasswordShort, Shortest);
        }

        if (password.Length > Longest)
        {
            throw new AccountFault(AccountTexts.PasswordLong, Longest);
        }

        string[] names = [userName, .. userName.Split('@')[..1], displayName, .. displayName.Split(' ')];
        if (Array.Exists(names, name => name.Length >= ShortestNameCompared && folded.Contains(name.ToLowerInvariant(), StringComparison.Ordinal)))
        {
            throw new AccountFault(AccountTexts.PasswordName);
        }
    }

    /// <summary>Identity's own rules, of which none is left: <see cref="Check"/> decides.</summary>
    internal static void Set(PasswordOptions options)
    {
        options.RequiredLength = Shortest;
        options.RequiredUniqueChars = 1;
        options.RequireDigit = options.RequireLowercase = options.RequireUppercase = options.RequireNonAlphanumeric = false;
    }
}
