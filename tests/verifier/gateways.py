"""Gateways in the second verifier: keys, chains of batches, segments of readings."""
import collections, hashlib, re

from verifier.bundle import EPOCH
from verifier.signatures import IDENTIFIER, bad_signatures, check_by_openssl, key_of, numbers_of, require, split_note

INTEGER = rb"(?:0|-?[1-9][0-9]{0,18})"
UNITS = set("kWh kvarh kVAh kW kvar kVA V A Hz 1 m3 L m3/h L/s Nm3 Nm3/h bar degC GJ mg/L pH mS/cm NTU kg t pieces vehicles guest-nights bed-days gal_us gal_us/min mm W/m2 FNU mV % m/s h".split())
REASONS = ["", "timeout", "crc", "exception", "disconnected", "unexpected-reply", "sentinel", "out-of-range", "late", "frozen", "clock-unsynced", "rollover", "reset", "glitch", "estimated"]
QUALITIES = {(letter + ("." + reason if reason else "")).encode(): 64 * place + code for place, letter in enumerate("GUBS") for code, reason in enumerate(REASONS)}
LINE = re.compile(rb"(" + INTEGER + rb"),(" + INTEGER + rb")?,([GUBS][a-z.-]*)\n")
LINES = re.compile(rb"(?:" + INTEGER + rb",(?:" + INTEGER + rb")?,[GUBS][a-z.-]*\n)+")
MANIFEST = re.compile("".join((
    rf"metering/v1/batch\ngateway ({IDENTIFIER})\nepoch ([1-9][0-9]{{0,9}})\nboot ([0-9a-f]{{16}})\nbatch ([1-9][0-9]{{0,18}})\nprevious ([0-9a-f]{{64}})\nconfig [0-9a-f]{{64}}\nsoftware [\x00-\x09\x0b-\x1f!-\x7f]+\n",
    r"span (#) (#)\nclock [UISR] # #\nreadings (#)\n".replace("#", INTEGER.decode()),
    rf"((?:channel {IDENTIFIER} [1-9][0-9]{{0,4}} [0-9a-f]{{64}}\n){{0,1024}})(?:gap # # {IDENTIFIER} #\n){{0,1024}}".replace("#", INTEGER.decode()))))
SEGMENT = re.compile(rf"metering/v1/segment\ngateway ({IDENTIFIER})\nbatch ([1-9][0-9]{{0,18}})\nchannel ({IDENTIFIER})\nmeter {IDENTIFIER}\nunit (\S+)\ndecimals (0|[1-9]|1[0-8]|binary64)\n"
                     rf"kind (gauge|counter (?:-|[1-9][0-9]{{0,18}}))\nprofile {IDENTIFIER}/{IDENTIFIER}\n\n".encode())


NATURAL = rb"(0|[1-9][0-9]{0,18})"
BATCH_LINE = re.compile(rb"#(?:" + rb" ".join([NATURAL] * 4) + rb")?")
ROW_LINE = re.compile(rb"(0|-?[1-9][0-9]{0,18})?(?:,([^@]*))?(?:@" + NATURAL + rb")?")


def unpack(data, gateway):
    """The segments of a file of readings, as they were signed: their numbers stand in it as differences."""
    lines = data.split(b"\n")
    require(lines[0] == b"metering/v1/differences" and lines[-1] == b"", "a file of readings is not of its form")
    segments, at, header, batch, following, step, count, value = [], 1, b"", 0, 0, 0, 0, 0
    while at < len(lines) - 1:
        if lines[at].startswith(b">"):
            require(at + 6 < len(lines) - 1 and all(line.startswith(b">") for line in lines[at:at + 6]), "a header of readings has not six lines")
            header, at = b"".join(line[1:] + b"\n" for line in lines[at:at + 6]), at + 6
        match, batch = BATCH_LINE.fullmatch(lines[at]), batch + 1
        require(match and header and (match[1] or count), "a batch of readings is not of its form")
        if match[1]:
            batch, following, step, count = map(int, match.groups())
            fits_in_64_bits(batch, following, step)
            require(batch > 0 and 0 < count <= 65536, "a batch of readings has no number or no readings")
        rows, at = lines[at + 1:at + 1 + count], at + 1 + count
        require(at < len(lines), "a file of readings ends inside a batch")
        text = [b"metering/v1/segment\ngateway %b\nbatch %d\n%b\n" % (gateway.encode(), batch, header)]
        for row in rows:
            match = ROW_LINE.fullmatch(row)
            require(match, "a reading is not of its form")
            following = int(match[3]) if match[3] else following
            if match[1]:
                fits_in_64_bits(match[1])
                value = (value + int(match[1]) + 2**63) % 2**64 - 2**63
            text.append(b"%d,%b,%b\n" % (following, b"%d" % value if match[1] else b"", b"G" if match[2] is None else match[2]))
            following += step
            fits_in_64_bits(following)
        segments.append(b"".join(text))
    return segments


def check_keys(entries, bodies, read, files):
    """{(gateway, epoch): (pem, index of its entry)} and {(gateway, epoch): (index of the end, last batch or None)}."""
    keys, ends = {}, {}
    for entry in entries:
        if entry.kind == "key":
            match = re.fullmatch(rf"key/({IDENTIFIER})/({EPOCH})(/end)?", entry.subject)
            require(match and entry.index in bodies, f"{entry.subject}: its subject is not of its form, or its body is not there")
            name, body = (match[1], int(match[2])), bodies[entry.index]
            require((body["gateway"], body["epoch"]) == name and name not in (ends if match[3] else keys), f"{entry.subject}: another key's body, or there twice")
            if match[3]:
                ends[name] = (entry.index, body["lastBatch"])
            else:
                keys[name] = (body["publicKeyPem"].encode(), entry.index, {"meter": "A", "gateway": "B", "photo": "C"}.get(body["origin"], "D"))
    shown = {name for name in files if re.fullmatch(rf"keys/{IDENTIFIER}\.{EPOCH}\.pem", name) and name != "keys/log.pem"}
    require(shown == {f"keys/{gateway}.{epoch}.pem" for gateway, epoch in keys}, "keys are shown that the log does not name, or the other way round")
    for (gateway, epoch), (pem, _, _) in keys.items():
        require(read(f"keys/{gateway}.{epoch}.pem") == pem, f"the key of {gateway} is not the one in the log")
        key_of(pem)
    return keys, ends


def unpack_notes(text, hashes):
    """Notes with their hashes, which stand apart as bytes."""
    parts = text.split(b" =\n")
    require(len(hashes) == 32 * (len(parts) - 1), "there are more or fewer hashes than the notes have places for")
    return parts[0] + b"".join(b" %b\n%b" % (hashes[32 * place:32 * place + 32].hex().encode(), part) for place, part in enumerate(parts[1:]))


def split_notes(data):
    notes, at = [], 0
    while at < len(data):
        gap = data.find(b"\n\n", at)
        end = data.find(b"\n", gap + 2) + 1 if gap >= 0 else 0
        require(end > 0, "a batch's note is cut off")
        notes.append(data[at:end])
        at = end
    return notes


def fits_in_64_bits(*numbers):
    require(all(-2**63 <= int(number) < 2**63 for number in numbers), "a number does not fit in 64 bits")


Batch = collections.namedtuple("Batch", "number hash previous first last channels")


def read_batches(name, data, pem):
    """The batches of a gateway in a key epoch, each checked by itself; signatures all together."""
    batches, items, key_id, point = [], [], *key_of(pem)
    for note in split_notes(data):
        text, signer, blob = split_note(note)
        match = MANIFEST.fullmatch(text.decode("latin-1"))
        require(match and (match[1], int(match[2])) == name and signer == name[0], f"a batch of {name[0]} is not of its form, or of another gateway or key epoch")
        require(blob[:4] == key_id, f"a batch of {name[0]} is signed by another key")
        items.append((text, *numbers_of(blob[4:])))
        fits_in_64_bits(*re.findall(r"(?<![^ \n])-?[0-9]{19}(?![^ \n])", match[0]))
        number, first, last, channels = int(match[4]), int(match[6]), int(match[7]), {}
        for line in match[9].splitlines():
            _, channel, count, digest = line.split(" ")
            require(not channels or channel > max(channels), "the channels of a batch do not ascend")
            channels[channel] = (int(count), digest)
        require(first <= last and sum(count for count, _ in channels.values()) == int(match[8]) in range(1, 65537) and (number == 1) == (match[5] == "0" * 64) and int(match[2]) < 2**31, "a batch contradicts itself")
        batches.append(Batch(number, hashlib.sha256(note).hexdigest(), match[5], first, last, channels))
    bad = bad_signatures(point, items)
    require(not bad, f"the signature of batch {batches[bad[0]].number if bad else 0} of {name[0]} does not fit")
    return batches


def check_losses(entries, raw, keys):
    """{(gateway, epoch, first): (last, hash of the last lost note)}, each signed by the gateway."""
    losses = {}
    for entry in entries:
        match = entry.kind == "loss" and re.fullmatch(rf"loss/({IDENTIFIER})/({EPOCH})/([1-9][0-9]{{0,17}})", entry.subject)
        require(entry.kind != "loss" or match, f"{entry.subject}: its subject is not of its form")
        if match and (match[1], int(match[2])) in keys:
            text, signer = check_by_openssl(raw[entry.index], keys[match[1], int(match[2])][0], entry.subject)
            lost = re.fullmatch(rf"metering/v1/lost\ngateway {re.escape(match[1])}\nepoch {match[2]}\nfirst {match[3]}\nlast ([1-9][0-9]{{0,17}})\nprevious ([0-9a-f]{{64}})\n", text.decode("latin-1"))
            require(lost and signer == match[1] and int(lost[1]) >= int(match[3]), f"{entry.subject}: not a statement of lost batches")
            losses[match[1], int(match[2]), int(match[3])] = (int(lost[1]), lost[2])
    return losses


def check_chain(name, batches, losses, logged, key_index, end):
    following, previous, place = batches[0].number if batches else 0, None, -1
    for batch in batches:
        if batch.number != following:
            last, previous = losses.get((*name, following), (0, None))
            require(batch.number == last + 1, f"batches of {name[0]} are missing before {batch.number}")
        require(previous in (None, batch.previous), f"batch {batch.number} of {name[0]} does not follow the one before")
        index = logged.pop((*name, batch.number), None)
        require(index is not None and index > max(place, key_index), f"batch {batch.number} of {name[0]} is not in the log in its order")
        require(end is None or (batch.number <= end[1] if end[1] is not None else index < end[0]), f"batch {batch.number} of {name[0]} was signed with a key that had ended")
        following, previous, place = batch.number + 1, batch.hash, index
    for (gateway, epoch, first), (last, _) in losses.items():
        require((gateway, epoch) != name or not any(first <= batch.number <= last for batch in batches), f"{gateway} states batches as lost that are there")


def check_epochs(batches, ends, losses):
    """An ended epoch with another behind it is shown to its last batch, and the next from its first."""
    some = sorted(name for name in batches if batches[name])
    for before, after in zip(some, some[1:]):
        if before[0] == after[0]:
            last, first = ends.get(before, (0, None))[1], batches[after][0].number
            require(last is None or batches[before][-1].number >= last, f"epoch {before[1]} of {before[0]} is not shown to its end")
            require(first == 1 or losses.get((*after, 1), (0, ""))[0] == first - 1, f"epoch {after[1]} of {after[0]} is not shown from its beginning")


Channel = collections.namedtuple("Channel", "unit decimals kind")


def same(left, right):
    """Whether integers of both mean the same; where a register begins again may change."""
    return left.unit == right.unit and left.decimals == right.decimals and left.kind.split()[0] == right.kind.split()[0]


def read_segments(name, channel, data, batches):
    """The readings of a channel, batch by batch: [(batch number, [(instant, value or None, quality code)])], and what the channel is."""
    wanted = [(batch, *batch.channels[channel]) for batch in batches if channel in batch.channels]
    segments = unpack(data, name[0])
    require(len(segments) == len(wanted), f"segments of {channel} are missing, or there are too many")
    about, parts = None, []
    for (batch, count, digest), segment in zip(wanted, segments):
        number = batch.number
        require(hashlib.sha256(segment).hexdigest() == digest, f"the segment of {channel} in batch {number} of {name[0]} is not the signed one")
        head = SEGMENT.match(segment)
        require(head and (head[1].decode(), int(head[2]), head[3].decode()) == (name[0], number, channel) and head[4].decode() in UNITS, f"a segment of {channel} is not of its form")
        its = Channel(head[4].decode(), head[5].decode(), head[6].decode())
        require((about is None or same(about, its)) and not (its.decimals == "binary64" and its.kind != "gauge"), f"{channel} changes its unit, decimals or kind")
        body, about = segment[head.end():], its
        require(LINES.fullmatch(body), f"a reading of {channel} is not of its form")
        rows = [(int(instant), int(value) if value else None, QUALITIES.get(quality)) for instant, value, quality in LINE.findall(body)]
        require(batch.first <= rows[0][0] and rows[-1][0] <= batch.last, f"readings of {channel} lie outside the time of batch {number}")
        require(len(rows) == count and all(a[0] < b[0] for a, b in zip(rows, rows[1:])), f"the readings of {channel} do not ascend, or are not as many as the note says")
        require(all(quality is not None and (value is not None or quality >> 6 == 2) for _, value, quality in rows), f"a quality of {channel} is unknown")
        fits_in_64_bits(rows[0][0], rows[-1][0], *(value for _, value, _ in rows if value is not None and abs(value) >= 2**63))
        parts.append((number, rows))
    return about, parts
