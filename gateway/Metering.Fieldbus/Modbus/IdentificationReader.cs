namespace Metering.Fieldbus.Modbus;

/// <summary>Asks a unit who it is. For tools, not for polling: it allocates. Belongs to the line's thread.</summary>
/// <param name="transport">The line; stays the caller's to dispose of.</param>
public sealed class IdentificationReader(IModbusTransport transport)
{
    private const int LongestReply = 253;
    private const int ObjectsOffset = 7;

    // 256 objects of one per reply; a device that says "more follows" for ever ends here.
    private const int MaximumReplies = 256;
    private const byte MoreFollows = 0xFF;

    /// <summary>
    /// Reads all objects the access covers with function 43/14, in as many requests as the device needs. A device without this
    /// function answers exception 1, many older ones not at all.
    /// </summary>
    /// <param name="unit">See <see cref="IModbusTransport.Exchange"/>.</param>
    /// <param name="access">How much to ask for. A device answers with what it has when that is less.</param>
    /// <param name="answerTimeout">For each request.</param>
    /// <param name="identification">The objects when the outcome is Ok, else null.</param>
    /// <returns>Ok, or how the first request that failed ended; UnexpectedReply when the replies contradict each other.</returns>
    public ModbusReply Read(byte unit, IdentificationAccess access, TimeSpan answerTimeout, out DeviceIdentification? identification)
    {
        identification = null;
        List<IdentificationObject> objects = [];
        byte[] pdu = new byte[LongestReply];
        byte first = 0;
        for (int replies = 0; replies < MaximumReplies; replies++)
        {
            ModbusReply reply = transport.ExchangeIdentity(unit, IdentityQuestion.Objects(access, first), pdu, answerTimeout, out int length);
            if (!reply.IsOk)
            {
                return reply;
            }

            if (!TryTake(pdu.AsSpan(0, length), objects))
            {
                break;
            }

            byte next = pdu[5];
            if (pdu[4] != MoreFollows)
            {
                identification = new DeviceIdentification(pdu[3], objects);
                return ModbusReply.Ok;
            }

            if (next <= first)
            {
                break; // it would go round in circles
            }

            first = next;
        }

        return ModbusReply.Failed(ModbusOutcome.UnexpectedReply);
    }

    /// <summary>Asks with function 17, report server id.</summary>
    /// <param name="unit">See <see cref="IModbusTransport.Exchange"/>.</param>
    /// <param name="answerTimeout">How long the device may take.</param>
    /// <param name="identity">The answer when the outcome is Ok, else null.</param>
    public ModbusReply ReadServerId(byte unit, TimeSpan answerTimeout, out ServerIdentity? identity)
    {
        byte[] pdu = new byte[LongestReply];
        ModbusReply reply = transport.ExchangeIdentity(unit, IdentityQuestion.ServerId, pdu, answerTimeout, out int length);
        identity = reply.IsOk ? new ServerIdentity(pdu.AsMemory(2, length - 2)) : null;
        return reply;
    }

    // The transport has checked that the objects end where the reply ends.
    private static bool TryTake(ReadOnlySpan<byte> pdu, List<IdentificationObject> objects)
    {
        int offset = ObjectsOffset;
        while (offset + 2 <= pdu.Length)
        {
            byte id = pdu[offset];
            int length = pdu[offset + 1];
            if (objects.Exists(known => known.Id == id))
            {
                return false;
            }

            objects.Add(new IdentificationObject(id, pdu.Slice(offset + 2, length).ToArray()));
            offset += 2 + length;
        }

        return true;
    }
}
