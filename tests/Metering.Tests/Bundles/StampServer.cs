using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Metering.Tests.Bundles;

/// <summary>A real time-stamp authority: `openssl ts -reply` with keys of its own, behind a small HTTP listener on this machine.</summary>
internal sealed class StampServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly string _folder;

    public StampServer(string parent)
    {
        _folder = Directory.CreateDirectory(Path.Combine(parent, "authority")).FullName;
        File.WriteAllText(At("ts.cnf"), """
            [req]
            distinguished_name = name
            [name]
            [root]
            basicConstraints = critical, CA:true
            keyUsage = critical, keyCertSign
            [stamps]
            extendedKeyUsage = critical, timeStamping
            keyUsage = critical, digitalSignature
            [tsa]
            default_tsa = here
            [here]
            serial = ./serial
            signer_digest = sha256
            default_policy = 1.2.3.4.1
            digests = sha256
            ess_cert_id_alg = sha256
            """);
        File.WriteAllText(At("serial"), "01");
        Run("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem -subj /CN=root -days 30 -config ts.cnf -extensions root");
        Run("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tsa.key -out tsa.csr -subj /CN=authority -config ts.cnf");
        Run("x509 -req -in tsa.csr -CA root.pem -CAkey root.key -set_serial 2 -days 30 -out tsa.pem -extfile ts.cnf -extensions stamps");
        using (TcpListener free = new(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = new($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/tsr");
        }

        _listener.Prefixes.Add($"http://127.0.0.1:{Address.Port}/");
        _listener.Start();
        _ = ServeAsync();
    }

    public Uri Address { get; }

    public DateTimeOffset StartedAt { get; } = TimeProvider.System.GetUtcNow();

    public string RootPem => File.ReadAllText(At("root.pem"));

    public void Dispose() => _listener.Close();

    /// <summary>Last line of what openssl says of an answer.</summary>
    public string Verify(byte[] answer, byte[] data)
    {
        File.WriteAllBytes(At("answer.tsr"), answer);
        File.WriteAllBytes(At("data"), data);
        return Run("ts -verify -in answer.tsr -data data -CAfile root.pem").Trim().Split('\n')[^1];
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                await using (FileStream question = File.Create(At("question.tsq")))
                {
                    await context.Request.InputStream.CopyToAsync(question);
                }

                Run("ts -reply -queryfile question.tsq -inkey tsa.key -signer tsa.pem -config ts.cnf -section here -out reply.tsr");
                context.Response.ContentType = "application/timestamp-reply";
                await context.Response.OutputStream.WriteAsync(await File.ReadAllBytesAsync(At("reply.tsr")));
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private string At(string name) => Path.Combine(_folder, name);

    private string Run(string arguments)
    {
        ProcessStartInfo start = new("openssl", arguments) { WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd(); // neither fills a pipe
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"openssl {arguments}: {errors}");
    }
}
