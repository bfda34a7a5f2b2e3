using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Metering.Readings;

namespace Metering.Store;

/// <summary>
/// The readings as text files, one per channel, in one form only, so that two stores can be compared with any file
/// comparison. Name "gateway__channel.csv", header "utcMilliseconds,scaledValue,quality", lines ascending by instant and
/// ended by a line feed. A field without text means: no value. A channel of doubles has the column "value" instead, with the
/// shortest text that reads back as the same double.
/// </summary>
public static class ReadingExport
{
    private const int LongestLine = 64;
    private const int BufferLength = 64 * 1024;

    /// <summary>Writes every channel of the store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="folder">The folder, made when it is not there. Files of the same names are replaced.</param>
    /// <returns>Number of files written.</returns>
    /// <exception cref="StoreException">The store fails (74), or the folder cannot be written (73).</exception>
    public static int Write(IReadingStore store, string folder)
    {
        IReadOnlyList<StoredChannel> channels = store.Channels();
        try
        {
            _ = Directory.CreateDirectory(folder);
            HashSet<string> names = new(StringComparer.Ordinal);
            foreach (StoredChannel channel in channels)
            {
                string name = $"{channel.Gateway}__{channel.Channel.Id}.csv";
                if (!names.Add(name))
                {
                    throw new StoreException("dos canales se escribirían en {0}; cambie el nombre del gateway o del canal que lleva «__»", $"two channels would be written to {name}; rename the gateway or channel with '__' in it", StoreException.CannotCreate);
                }

                WriteFile(Path.Combine(folder, name), store.Read(channel.Gateway, channel.Channel.Id, long.MinValue, long.MaxValue));
            }

            return names.Count;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException("no se puede escribir en la carpeta {0}: {1}", $"cannot write to the folder {folder}: {e.Message}", StoreException.CannotCreate, e);
        }
    }

    private static void WriteFile(string path, ReadingColumns readings)
    {
        using FileStream stream = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] buffer = new byte[BufferLength];
        bool isBinary = readings.Channel.Form == ValueForm.Binary64;
        ReadOnlySpan<byte> header = isBinary ? "utcMilliseconds,value,quality\n"u8 : "utcMilliseconds,scaledValue,quality\n"u8;
        header.CopyTo(buffer);
        int length = header.Length;
        for (int index = 0; index < readings.Count; index++)
        {
            if (buffer.Length - length < LongestLine)
            {
                stream.Write(buffer, 0, length);
                length = 0;
            }

            _ = Utf8Formatter.TryFormat(readings.UtcMilliseconds[index], buffer.AsSpan(length), out int written);
            length += written;
            buffer[length++] = (byte)',';
            if (readings.HasValues[index])
            {
                _ = isBinary
                    ? readings.Channel.ToDouble(readings.ScaledValues[index]).TryFormat(buffer.AsSpan(length), out written, default, CultureInfo.InvariantCulture)
                    : Utf8Formatter.TryFormat(readings.ScaledValues[index], buffer.AsSpan(length), out written);
                length += written;
            }

            buffer[length++] = (byte)',';
            length += Encoding.ASCII.GetBytes(readings.Qualities[index].ToString(), buffer.AsSpan(length));
            buffer[length++] = (byte)'\n';
        }

        stream.Write(buffer, 0, length);
    }
}
