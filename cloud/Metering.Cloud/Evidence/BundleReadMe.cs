namespace Metering.Cloud.Evidence;

/// <summary>README.txt of a bundle: how to check it with tools that everybody has.</summary>
internal static class BundleReadMe
{
    /// <summary>The text, Spanish and English. The same in every bundle: what differs stands in the files.</summary>
    public const string Text = """
        PAQUETE DE EVIDENCIA DE UN AHORRO
        =================================
        Es un archivo ZIP común. Lo verifica completo, sin red y sin la nube, el programa 'verify' (metering verify ARCHIVO.mevb
        --trust LLAVE-DEL-GATEWAY.pem): firmas, cadena de lotes, registro, y el resultado calculado de nuevo byte por byte.
        Sin ese programa se verifica por partes, con 'unzip', 'sha256sum' y 'openssl', en Linux o macOS:

        1. Extraer:                 unzip ARCHIVO.mevb -d paquete; cd paquete
        2. Registro firmado:        head -n 4 log/checkpoint.note > texto
                                    tail -n 1 log/checkpoint.note | awk '{print $3}' | base64 -d | tail -c +5 > firma
                                    openssl dgst -sha256 -verify keys/log.pem -signature firma texto
        3. Informe y programa:      sha256sum report.es.html code.json sbom.cdx.json
                                    El primero está en la entrada 'report' de bodies/N (N: ver reports en bundle.json);
                                    los otros dos en result.json (code.sha256 y sbom).
        4. Resultado y validación:  sha256sum result.json validation.json
                                    Es el último campo de su línea en log/entries.txt (N: ver result en bundle.json, y
                                    validation en result.json: la corrida de las reglas de validación y lo que hallaron).
        5. Lo que registró una persona:  bodies/N es la sal en hexadecimal (o un guion), un salto de línea y el texto. SHA-256 de sal y
                                    texto es el último campo de la línea de log/entries.txt que empieza con N:
                                    (head -n 1 bodies/N | perl -pe 's/[-\s]//g; $_ = pack("H*", $_)'; tail -n +2 bodies/N) | sha256sum
        6. Lecturas:                batches/*.notes son los manifiestos firmados por el gateway, uno tras otro, con "=" en lugar de cada
                                    hash (están en batches/*.hashes, 32 bytes cada uno, en su orden); cada línea 'channel'
                                    dice cuántas lecturas y el SHA-256 de su segmento. En readings/ están como diferencias: a partir de
                                    ellas se escribe el segmento, línea por línea (instante,valor,calidad), y se compara su SHA-256.
        7. La llave de cada gateway (keys/) debe compararse con la que muestra el gateway mismo: si no, sólo se sabe que el
           paquete concuerda consigo mismo.
        8. El comentario del ZIP (unzip -z ARCHIVO.mevb) es una nota firmada sobre la cantidad y el SHA-256 de todos los bytes
           anteriores a ella.
        9. Paquetes anteriores: las entradas 'bundle' de bodies/N son los puntos de control de los paquetes anteriores de este
           proyecto. Si usted guarda uno, compárelo con el suyo: 'verify --seen CARPETA' prueba que el registro sólo creció.
        10. Sello de tiempo (si está): openssl ts -verify -in log/timestamp.tsr -data log/timestamp.note -CAfile CA.pem
           con el certificado de la autoridad, que se pide a ella y no a la nube.

        EVIDENCE BUNDLE OF A SAVING
        ===========================
        It is an ordinary ZIP file. The program 'verify' checks all of it, offline and without the cloud (metering verify
        FILE.mevb --trust GATEWAY-KEY.pem): signatures, chain of batches, log, and the result computed anew byte for byte.
        Without that program it is checked in parts with 'unzip', 'sha256sum' and 'openssl', on Linux or macOS:

        1. Unpack:                  unzip FILE.mevb -d bundle; cd bundle
        2. Signed log:              head -n 4 log/checkpoint.note > text
                                    tail -n 1 log/checkpoint.note | awk '{print $3}' | base64 -d | tail -c +5 > signature
                                    openssl dgst -sha256 -verify keys/log.pem -signature signature text
        3. Report and program:      sha256sum report.en.html code.json sbom.cdx.json
                                    The first stands in the 'report' entry bodies/N (N: see reports in bundle.json);
                                    the other two in result.json (code.sha256 and sbom).
        4. Result and validation:   sha256sum result.json validation.json
                                    It is the last field of its line in log/entries.txt (N: see result in bundle.json, and
                                    validation in result.json: the run of the validation rules and what they found).
        5. What a person recorded:  bodies/N is the salt in hexadecimal (or a hyphen), a line feed and the text. SHA-256 of salt
                                    and text is the last field of the line of log/entries.txt that begins with N:
                                    (head -n 1 bodies/N | perl -pe 's/[-\s]//g; $_ = pack("H*", $_)'; tail -n +2 bodies/N) | sha256sum
        6. Readings:                batches/*.notes are the manifests that the gateway signed, one after the other, with "=" in place of each
                                    hash (they stand in batches/*.hashes, 32 bytes each, in their order); each line
                                    'channel' says how many readings, and the SHA-256 of its segment. In readings/ they stand as
                                    differences, from which the segment is written line by line (instant,value,quality).
        7. Compare each gateway's key (keys/) with the one the gateway itself shows: otherwise all you know is that the bundle
           agrees with itself.
        8. The ZIP's comment (unzip -z FILE.mevb) is a signed note over the number and the SHA-256 of all bytes before it.
        9. Earlier bundles: the 'bundle' entries in bodies/N are the checkpoints of this project's earlier bundles. If you keep
           one, compare it with yours: 'verify --seen FOLDER' proves that the log only grew.
        10. Time stamp (where there is one): openssl ts -verify -in log/timestamp.tsr -data log/timestamp.note -CAfile CA.pem
           with the certificate of the authority, which you ask of the authority and not of the cloud.

        """;
}
