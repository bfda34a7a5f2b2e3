using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace Metering.Tests.Verifier;

/// <summary>A time-stamp authority of its own root, without a network: builds answers (RFC 3161, 2.4.2) by hand, so that they can be false, too.</summary>
internal sealed class StampMaker : IDisposable
{
    private const string Policy = "1.2.3.4.1";
    private const string TimeStamping = "1.3.6.1.5.5.7.3.8";
    private const string TstInfo = "1.2.840.113549.1.9.16.1.4";
    private const string SigningCertificateV2 = "1.2.840.113549.1.9.16.2.47";
    private const string Sha256 = "2.16.840.1.101.3.4.2.1";

    private readonly ECDsa _rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _signer;

    public StampMaker()
    {
        CertificateRequest root = new("CN=Test root", _rootKey, HashAlgorithmName.SHA256);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        Root = root.CreateSelfSigned(At.AddYears(-1), At.AddYears(9));
        CertificateRequest request = new("CN=Test authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(TimeStamping)], critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        using X509Certificate2 bare = request.Create(Root, At.AddMonths(-6), At.AddYears(5), RandomNumberGenerator.GetBytes(8));
        _signer = bare.CopyWithPrivateKey(_key);
    }

    /// <summary>The instant of every answer.</summary>
    public static DateTimeOffset At { get; } = new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);

    /// <summary>The root's certificate.</summary>
    public X509Certificate2 Root { get; }

    public void Dispose()
    {
        _rootKey.Dispose();
        _key.Dispose();
        _signer.Dispose();
    }

    /// <summary>An answer over some bytes.</summary>
    public byte[] Answer(byte[] data)
    {
        SignedCms cms = new(new ContentInfo(new Oid(TstInfo), InfoOf(data)));
        CmsSigner signer = new(SubjectIdentifierType.IssuerAndSerialNumber, _signer) { DigestAlgorithm = new Oid(Sha256), IncludeOption = X509IncludeOption.EndCertOnly };
        signer.SignedAttributes.Add(new AsnEncodedData(new Oid(SigningCertificateV2), CertificateIdOf(_signer)));
        cms.ComputeSignature(signer);
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteInteger(0);
            }

            writer.WriteEncodedValue(cms.Encode());
        }

        return writer.Encode();
    }

    private static byte[] InfoOf(byte[] data)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(1);
            writer.WriteObjectIdentifier(Policy);
            using (writer.PushSequence())
            {
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(Sha256);
                }

                writer.WriteOctetString(SHA256.HashData(data));
            }

            writer.WriteInteger(7);
            writer.WriteGeneralizedTime(At, omitFractionalSeconds: true);
        }

        return writer.Encode();
    }

    // ESSCertIDv2 (RFC 5035) with its default hash.
    private static byte[] CertificateIdOf(X509Certificate2 certificate)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            writer.WriteOctetString(SHA256.HashData(certificate.RawData));
        }

        return writer.Encode();
    }
}
