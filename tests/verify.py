#!/usr/bin/env python3
"""Second verifier of evidence bundles: Python 3, its standard library and the openssl library; no code shared with the first.

usage: verify.py BUNDLE.mevb [--trust KEY.pem]... [--json]
       verify.py --many FOLDER [--trust KEY.pem]...       one line for each file: name, exit code, what is wrong

Written from cloud/Metering.Evidence/README.md and gateway/Metering.Readings. It checks form, seal, log, keys, batches, readings, plan, decisions, production, reports
and trust; recompute.py beside it works the result out anew.
Exit codes: 0 verified, 3 does not match, 64 usage, 65 not a bundle, 69 no openssl library, 70 a fault of this program, 74 cannot be read.
"""
import base64, bisect, collections, ctypes, ctypes.util, datetime, functools, hashlib, json, os, re, struct, sys, zlib, zoneinfo

import recompute
from recompute import Fault, require

ID, EPOCH, NUMBER, HASH, INTEGER = "[a-z0-9][a-z0-9._-]{0,63}", "[1-9][0-9]{0,8}", "[1-9][0-9]{0,17}", "[0-9a-f]{64}", "(?:0|-?[1-9][0-9]{0,18})"
NAMES = re.compile(rf"bundle\.json|README\.txt|keys/log\.pem|keys/{ID}\.{EPOCH}\.pem|log/(?:checkpoint\.note|entries\.txt|proof\.bin)|result\.json|code\.json"
                   rf"|sbom\.cdx\.json|report\.(?:es|en)\.html|batches/{ID}\.{EPOCH}\.(?:notes|hashes)|readings/{ID}\.{EPOCH}/{ID}\.txt|bodies/(?:0|{NUMBER})")
KINDS = set("key configuration meter commissioning batch loss validation edit lab-result production reference plan baseline decision result signature report publication "
            "reconciliation erasure".split())
UNSALTED = {"key", "configuration", "loss", "report", "erasure"}
BODIES = {
    "bundle": "format log project result reports", "key": "gateway epoch plant origin publicKeyPem", "end": "gateway epoch fromUtc lastBatch reason",
    "plan": "plan project plant measurement", "production": "production id version withdrawn plant product unit firstDay lastDay amount actor",
    "decision": "decision id version withdrawn project eventId kind event reason decidedUtc attachmentSha256 actor", "erasure": "index reason",
    "report": "language resultIndex sha256", "signature": "record id version plant project actor after reason"}
UNITS = set("kWh kvarh kVAh kW kvar kVA V A Hz 1 m3 L m3/h L/s Nm3 Nm3/h bar degC GJ mg/L pH mS/cm NTU kg t pieces vehicles guest-nights bed-days gal_us gal_us/min mm "
            "W/m2 FNU mV % m/s h".split())
REASONS = ["", *(".timeout .crc .exception .disconnected .unexpected-reply .sentinel .out-of-range .late .frozen .clock-unsynced .rollover .reset .glitch .estimated".split())]
QUALITIES = {(letter + reason).encode(): 64 * place + code for place, letter in enumerate("GUBS") for code, reason in enumerate(REASONS)}


class NotABundle(Exception):
    """Exit code 65."""


# Form

def open_zip(data):
    """The one form of the ZIP, read here and not by the standard library, which takes files that others read otherwise: files from the first byte on, one behind the
    other, a directory that repeats their headers, the end. Gives a function that reads a file, the names, the comment and where it begins."""
    def form(holds, what):
        if not holds:
            raise NotABundle(what)

    files, directory, at = {}, [], 0
    while data[at:at + 4] == b"PK\3\4" and len(data) >= at + 30:
        head = data[at + 4:at + 30]
        version, flags, method, date, crc, packed, size, length, extra = struct.unpack("<HHHIIIIHH", head)
        name = data[at + 30:at + 30 + length].decode("latin-1")
        form((version, flags, date, extra) == (20, 0, 0x210000, 0) and method in (0, 8) and (method == 8 or packed == size), f"{name} is of another form")
        form(length <= 200 and NAMES.fullmatch(name) and name not in files, f"{name} is no name of a bundle, or there twice")
        form(size <= 2**31 and (size <= 2**26 or size <= packed * 1000), f"{name} would expand without end")
        directory.append(b"PK\1\2\x14\0" + head + bytes(10) + at.to_bytes(4, "little") + name.encode())
        files[name] = (at + 30 + length, packed, size, method, crc)
        at += 30 + length + packed
    listed = b"".join(directory)
    end = struct.pack("<4sHHHHII", b"PK\5\6", 0, 0, len(files), len(files), len(listed), at) if 0 < len(files) <= 60_000 and at < 2**32 else b"-"
    begin = at + len(listed) + 22
    form(data[at:begin] == listed + end + (len(data) - begin & 0xFFFF).to_bytes(2, "little") and len(data) - begin <= 1024, "the directory is not that of the files, or bytes were added")

    def read(name):
        form(name in files, f"the bundle has no {name}")
        start, packed, size, method, crc = files[name]
        content, expander = data[start:start + packed], zlib.decompressobj(-15)
        if method == 8:
            try:
                content = expander.decompress(content, size + 1)
            except zlib.error:
                raise NotABundle(f"{name} cannot be expanded") from None
        form(len(content) == size and zlib.crc32(content) == crc and (method == 0 or expander.eof and not expander.unused_data), f"{name} is not what its header says")
        return content
    return read, files, data[begin:], begin


def read_json(data, what, kind=None):
    """An object in the one form of statements: its names in their order, no white space, no name twice, one line feed at the end."""
    def whole(pairs):
        require(len(dict(pairs)) == len(pairs), f"{what} has a name twice")
        return dict(pairs)

    def never(word):
        raise Fault(f"{what} has the number {word}")
    bare = re.sub(rb'"(?:[^"\\]|\\.)*"', b'""', data)
    require(data.endswith(b"}\n") and (kind == "signature" or not re.search(rb"\s", bare[:-1])), f"{what} is not in its one form")
    body = json.loads(data.decode("utf-8"), object_pairs_hook=whole, parse_constant=never)
    require(kind is None or list(body) == BODIES[kind].split(), f"{what} has other names than a {kind}")
    return body


# Signatures: signed notes and ECDSA P-256, by the openssl library

HALF_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551 // 2


@functools.lru_cache(1)
def openssl():
    library = ctypes.CDLL(next(name for name in ("libcrypto.so.3", ctypes.util.find_library("crypto")) if name))
    for name in ("d2i_PUBKEY", "EVP_MD_CTX_new", "EVP_sha256"):
        getattr(library, name).restype = ctypes.c_void_p
    return library


@functools.lru_cache(64)
def key_of(pem):
    """Key id, and the key as the library holds it."""
    lines = pem.decode("latin-1").split("\n")
    text = "".join(lines[1:-2])
    der = base64.b64decode(text) if re.fullmatch("[A-Za-z0-9+/=]+", text) else b""
    form = ["-----BEGIN PUBLIC KEY-----", *(text[at:at + 64] for at in range(0, len(text), 64)), "-----END PUBLIC KEY-----", ""]
    require(lines == form and base64.b64encode(der).decode() == text, "no public key in its one form")
    require(len(der) == 91 and der.startswith(bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")), "no public key of curve P-256")
    key = openssl().d2i_PUBKEY(None, ctypes.byref(ctypes.c_char_p(der)), ctypes.c_long(91))
    require(key, "a public key is no point of curve P-256")
    return hashlib.sha256(der).digest()[:4], ctypes.c_void_p(key)


def is_canonical(der):
    """SEQUENCE { INTEGER r, INTEGER s } in its one form, s in the lower half."""
    if len(der) < 8 or len(der) < 6 + der[3]:
        return False
    r, s = int.from_bytes(der[4:4 + der[3]], "big"), int.from_bytes(der[6 + der[3]:], "big")
    numbers = b"".join(bytes([2, len(one)]) + one for one in (number.to_bytes(number.bit_length() // 8 + 1, "big") for number in (r, s)))
    return der == bytes([0x30, len(numbers)]) + numbers and 0 < r <= 2 * HALF_ORDER and 0 < s <= HALF_ORDER


def check_note(note, pem, signer, what):
    """Text of a signed note: text | empty line | "— signer base64(key id (4 bytes) | signature)"."""
    cut = note.rfind(b"\n\n") + 1
    match = re.fullmatch(rf"— {re.escape(signer)} ([A-Za-z0-9+/]+=*)\n".encode(), note[cut + 1:])
    require(cut > 0 and len(note) <= 2**20 and match, f"{what} is no signed note of {signer}")
    blob, (key_id, key), text = base64.b64decode(match[1]), key_of(pem), note[:cut]
    require(base64.b64encode(blob) == match[1] and is_canonical(blob[4:]), f"the signature of {what} is not in its one form")
    require(blob[:4] == key_id, f"{what} is signed by another key")
    library = openssl()
    context = ctypes.c_void_p(library.EVP_MD_CTX_new())
    holds = library.EVP_DigestVerifyInit(context, None, ctypes.c_void_p(library.EVP_sha256()), None, key) == 1 and library.EVP_DigestVerify(
        context, blob[4:], ctypes.c_size_t(len(blob) - 4), text, ctypes.c_size_t(len(text))) == 1
    library.EVP_MD_CTX_free(context)
    require(holds, f"the signature of {what} does not fit")
    return text.decode("latin-1")


# The log: entries, their numbers, and the proof of many leaves (RFC 6962, 2.1)

Entry = collections.namedtuple("Entry", "index kind at subject hash")


def instant_of(text):
    require(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", text, re.ASCII), "an instant is not of its form")
    whole = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ") - datetime.datetime(1970, 1, 1)
    require(whole.days >= 0, "an instant before 1970")
    return whole // datetime.timedelta(milliseconds=1)


def read_checkpoint(note, log, pem):
    text = check_note(note, pem, log, "the checkpoint")
    match = re.fullmatch(rf"metering/v1/log/{re.escape(log)}\n([1-9][0-9]{{0,18}})\n([A-Za-z0-9+/]{{43}}=)\nat (\S+)\n", text)
    require(match and int(match[1]) < 2**63 and base64.b64encode(base64.b64decode(match[2])).decode() == match[2], "the checkpoint is not of its form")
    return int(match[1]), base64.b64decode(match[2]), instant_of(match[3])


def read_entries(text, size, latest):
    entries, before = [], Entry(-1, "", 0, "", "")
    require(text.endswith(b"\n"), "the list of entries does not end with a line feed")
    for line in text.decode("latin-1")[:-1].split("\n"):
        match = re.fullmatch(rf"(0|{NUMBER}) (\S+) (\S+) ((?:[A-Za-z0-9._-]+/)*[A-Za-z0-9._-]+) ({HASH}|-)", line, re.ASCII)
        require(match and match[2] in KINDS and len(match[4]) <= 400 and (match[5] == "-") == (match[2] == "batch"), "an entry is not of its form")
        entry = Entry(int(match[1]), match[2], instant_of(match[3]), match[4], match[5])
        require(before.index < entry.index < size and before.at <= entry.at <= latest, "the entries do not ascend, or one is newer than the checkpoint")
        entries.append(entry)
        before = entry
    return entries


def check_numbers(entries, own):
    """N counts upwards for each kind and scope; of the project and its plant from 1 without a hole."""
    last = collections.Counter()
    for entry in entries:
        if entry.kind not in ("key", "batch", "loss"):
            match = re.fullmatch(rf"{entry.kind}/([A-Za-z0-9._-]+)/({NUMBER})", entry.subject)
            require(match, f"the subject of entry {entry.index} is not of its form")
            before, number = last[entry.kind, match[1]], int(match[2])
            require(number == before + 1 if match[1] in own else number > before, f"{entry.subject}: an entry before it is not shown, or it is there twice")
            last[entry.kind, match[1]] = number


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def root_of(leaves, size, proof):
    """Root over `size` leaves of which some are known. Each largest stretch without a known leaf takes a hash of the proof, from the left."""
    places, hashes = sorted(leaves), iter(proof)

    def fold(start, length, low, high):
        if low == high:
            return next(hashes)
        if length == 1:
            return leaves[start]
        split = 1 << (length - 1).bit_length() - 1
        middle = bisect.bisect_left(places, start + split, low, high)
        left = fold(start, split, low, middle)
        return node(left, fold(start + split, length - split, middle, high))

    root = fold(0, size, 0, len(places))
    require(next(hashes, None) is None, "the log's proof is too long")
    return root


def check_inclusion(entries, notes, size, root, proof):
    """All entries are leaves of the tree with this root; of a batch the entry has the hash of its note. Gives {(gateway, epoch, number): index}."""
    hashes, leaves, logged = {}, {}, {}
    for (gateway, epoch), some in notes.items():
        for note in some:
            number = int(re.search(rb"\nbatch ([1-9][0-9]{0,18})\n", note)[1])
            hashes[f"batch/{gateway}/{epoch}/{number}"] = hashlib.sha256(note).hexdigest(), (gateway, epoch, number)
    for entry in entries:
        digest = entry.hash
        if entry.kind == "batch":
            require(entry.subject in hashes, f"the note of {entry.subject} is not shown")
            digest, batch = hashes[entry.subject]
            require(batch not in logged, f"{entry.subject} is in the log twice")
            logged[batch] = entry.index
        at = datetime.datetime.fromtimestamp(entry.at // 1000, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S") + f".{entry.at % 1000:03}Z"
        leaves[entry.index] = hashlib.sha256(f"\0metering/v1/entry\nkind {entry.kind}\nat {at}\nsubject {entry.subject}\nbody {digest}\n".encode()).digest()
    require(len(proof) % 32 == 0 and root_of(leaves, size, [proof[at:at + 32] for at in range(0, len(proof), 32)]) == root, "the entries are not those of the log")
    return logged


def read_bodies(files, read, entries):
    """Bytes of each body that is shown, and the JSON of those that are used."""
    raw, bodies, erased, names = {}, {}, {}, {name for name in files if name.startswith("bodies/")}
    for entry in entries:
        name = f"bodies/{entry.index}"
        if name not in names or entry.kind in ("batch", "result"):
            continue
        names.remove(name)
        salt, _, body = read(name).partition(b"\n")
        require(salt == b"-" if entry.kind in UNSALTED else re.fullmatch(rb"[0-9a-f]{32}", salt), f"the salt of {entry.subject} is not of its form")
        require(hashlib.sha256(bytes.fromhex(salt.decode().strip("-")) + body).hexdigest() == entry.hash, f"the body of {entry.subject} is not the one in the log")
        raw[entry.index] = body
        if entry.kind in BODIES:
            bodies[entry.index] = body = read_json(body, entry.subject, "end" if entry.subject.endswith("/end") else entry.kind)
            if entry.kind == "erasure":
                require(body["index"] < entry.index, "an entry erases what comes after it")
                erased[body["index"]] = entry.index
    require(not names, f"{names} belong to no entry")
    missing = [entry.subject for entry in entries if entry.kind not in ("batch", "result") and entry.index not in raw and entry.index not in erased]
    require(not missing, f"the bodies of {missing} are not shown, and no entry says that they were erased")
    return raw, bodies


# Gateways: keys, chains of batches, segments of readings

INSTANTS = " ".join([INTEGER, f"({INTEGER})"])
MANIFEST = re.compile(
    rf"metering/v1/batch\ngateway ({ID})\nepoch ([1-9][0-9]{{0,9}})\nboot [0-9a-f]{{16}}\nbatch ([1-9][0-9]{{0,18}})\nprevious ({HASH})\nconfig {HASH}\n"
    rf"software [\x00-\x09\x0b-\x1f!-\x7f]+\nspan ({INTEGER}) ({INTEGER})\nclock [UISR] {INTEGER} {INTEGER}\nreadings ({INTEGER})\n"
    rf"((?:channel {ID} [1-9][0-9]{{0,4}} {HASH}\n){{0,1024}})(?:gap {INTEGER} {INTEGER} {ID} {INTEGER}\n){{0,1024}}")
SEGMENT = re.compile(
    rf"metering/v1/segment\ngateway ({ID})\nbatch ([1-9][0-9]{{0,18}})\nchannel ({ID})\nmeter {ID}\nunit (\S+)\ndecimals (0|[1-9]|1[0-8]|binary64)\n"
    rf"kind (gauge|counter (?:-|[1-9][0-9]{{0,18}}))\nprofile ({ID}/{ID})\n\n".encode())
LINE = re.compile(rf"({INTEGER}),({INTEGER})?,([GUBS][a-z.-]*)\n".encode())
LINES = re.compile(rf"(?:{INTEGER},(?:{INTEGER})?,[GUBS][a-z.-]*\n)+".encode())
NATURAL = rb"(0|[1-9][0-9]{0,18})"
BATCH_LINE = re.compile(rb"#(?:" + rb" ".join([NATURAL] * 4) + rb")?")
ROW_LINE = re.compile(rb"(0|-?[1-9][0-9]{0,18})?(?:,([^@]*))?(?:@" + NATURAL + rb")?")
Batch = collections.namedtuple("Batch", "number hash previous first last channels")
Channel = collections.namedtuple("Channel", "unit decimals kind profile")


def fits_in_64_bits(*numbers):
    require(all(-2**63 <= int(number) < 2**63 for number in numbers), "a number does not fit in 64 bits")


def check_keys(entries, bodies, read, files):
    """{(gateway, epoch): (pem, index of its entry, grade)} and {(gateway, epoch): (index of the end, last batch or None)}."""
    keys, ends = {}, {}
    for entry in entries:
        if entry.kind == "key":
            match = re.fullmatch(rf"key/({ID})/({EPOCH})(/end)?", entry.subject)
            name, body = (match[1], int(match[2])), bodies[entry.index]
            require((body["gateway"], body["epoch"]) == name and name not in (ends if match[3] else keys), f"{entry.subject}: another key's body, or there twice")
            if match[3]:
                ends[name] = (entry.index, body["lastBatch"])
            else:
                keys[name] = (body["publicKeyPem"].encode(), entry.index, {"meter": "A", "gateway": "B", "photo": "C"}.get(body["origin"], "D"))
    shown = {name for name in files if name.startswith("keys/") and name != "keys/log.pem"}
    require(shown == {f"keys/{gateway}.{epoch}.pem" for gateway, epoch in keys}, "keys are shown that the log does not name, or the other way round")
    for (gateway, epoch), (pem, _, _) in keys.items():
        require(read(f"keys/{gateway}.{epoch}.pem") == pem and key_of(pem), f"the key of {gateway} is not the one in the log")
    return keys, ends


def split_notes(text, hashes):
    """Signed notes one behind the other; the hashes at the end of their lines stand apart as bytes."""
    parts = text.split(b" =\n")
    require(len(hashes) == 32 * (len(parts) - 1), "there are more or fewer hashes than the notes have places for")
    text = parts[0] + b"".join(b" %b\n%b" % (hashes[32 * place:32 * place + 32].hex().encode(), part) for place, part in enumerate(parts[1:]))
    notes, at = [], 0
    while at < len(text):
        end = text.index(b"\n", text.index(b"\n\n", at) + 2) + 1
        notes.append(text[at:end])
        at = end
    return notes


def read_batches(name, notes, pem):
    """The batches of a gateway in a key epoch, each checked by itself."""
    batches = []
    for note in notes:
        match = MANIFEST.fullmatch(check_note(note, pem, name[0], f"a batch of {name[0]}"))
        require(match and (match[1], int(match[2])) == name, f"a batch of {name[0]} is not of its form, or of another gateway or key epoch")
        fits_in_64_bits(*re.findall(r"(?<![^ \n])-?[0-9]{19}(?![^ \n])", match[0]))
        number, first, last, channels = int(match[3]), int(match[5]), int(match[6]), {}
        for line in match[8].splitlines():
            _, channel, count, digest = line.split(" ")
            require(not channels or channel > next(reversed(channels)), "the channels of a batch do not ascend")
            channels[channel] = (int(count), digest)
        require(first <= last and sum(count for count, _ in channels.values()) == int(match[7]) in range(1, 65537) and (number == 1) == (match[4] == "0" * 64)
                and int(match[2]) < 2**31, f"batch {number} of {name[0]} contradicts itself")
        batches.append(Batch(number, hashlib.sha256(note).hexdigest(), match[4], first, last, channels))
    return batches


def check_losses(entries, raw, keys):
    """{(gateway, epoch, first): (last, hash of the last lost note)}, each signed by the gateway."""
    losses = {}
    for entry in entries:
        if entry.kind == "loss":
            match = re.fullmatch(rf"loss/({ID})/({EPOCH})/({NUMBER})", entry.subject)
            name = (match[1], int(match[2]))
            if name in keys:
                text = check_note(raw[entry.index], keys[name][0], match[1], entry.subject)
                lost = re.fullmatch(rf"metering/v1/lost\ngateway {re.escape(match[1])}\nepoch {match[2]}\nfirst {match[3]}\nlast ({NUMBER})\nprevious ({HASH})\n", text)
                require(lost and int(lost[1]) >= int(match[3]), f"{entry.subject}: not a statement of lost batches")
                losses[(*name, int(match[3]))] = (int(lost[1]), lost[2])
    return losses


def check_chain(name, batches, losses, logged, key_index, end):
    """Numbers without a hole, each note linked to the one before, in the log in their order, while the key held. Takes them out of `logged`."""
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
            following = int(match[3]) if match[3] else following
            if match[1]:
                fits_in_64_bits(match[1])
                value = (value + int(match[1]) + 2**63) % 2**64 - 2**63
            text.append(b"%d,%b,%b\n" % (following, b"%d" % value if match[1] else b"", b"G" if match[2] is None else match[2]))
            following += step
            fits_in_64_bits(following)
        segments.append(b"".join(text))
    return segments


def same(left, right):
    """Whether integers of both mean the same; where a register begins again, and the profile, may change."""
    return (left.unit, left.decimals, left.kind.split()[0]) == (right.unit, right.decimals, right.kind.split()[0])


def read_segments(name, channel, data, batches):
    """What the channel is, and its readings batch by batch: [(batch number, [(instant, value or None, quality code)])]."""
    wanted, about, parts = [batch for batch in batches if channel in batch.channels], None, []
    segments = unpack(data, name[0])
    require(len(segments) == len(wanted), f"segments of {channel} are missing, or there are too many")
    for batch, segment in zip(wanted, segments):
        count, digest = batch.channels[channel]
        require(hashlib.sha256(segment).hexdigest() == digest, f"the segment of {channel} in batch {batch.number} of {name[0]} is not the signed one")
        head = SEGMENT.match(segment)
        require(head and (head[1].decode(), int(head[2]), head[3].decode()) == (name[0], batch.number, channel) and head[4].decode() in UNITS
                and LINES.fullmatch(segment, head.end()), f"a segment of {channel} is not of its form")
        its = Channel(*(head[place].decode() for place in range(4, 8)))
        require(about is None or same(about, its) and (its.decimals != "binary64" or its.kind == "gauge"), f"{channel} changes its unit, decimals or kind")
        rows, about = [(int(at), int(value) if value else None, QUALITIES[quality]) for at, value, quality in LINE.findall(segment, head.end())], its
        require(batch.first <= rows[0][0] and rows[-1][0] <= batch.last and len(rows) == count, f"the readings of {channel} are not as many as batch {batch.number} says, or not of its time")
        require(all(left[0] < right[0] for left, right in zip(rows, rows[1:])), f"the readings of {channel} do not ascend")
        require(all(value is not None or quality >> 6 == 2 for _, value, quality in rows), f"a reading of {channel} has neither a value nor a reason")
        fits_in_64_bits(rows[0][0], rows[-1][0], *(value for _, value, _ in rows if value is not None and abs(value) >= 2**63))
        parts.append((batch.number, rows))
    return about, parts


def read_channels(files, read, batches, logged, channels):
    """{(gateway, channel): (what it is, [(log index, readings)])} of the project's channels, of which none may be withheld."""
    shown, names = {}, [re.fullmatch(rf"readings/({ID})\.({EPOCH})/({ID})\.txt", name) for name in files if name.startswith("readings/")]
    for gateway, epoch, channel, name in sorted((match[1], int(match[2]), match[3], match[0]) for match in names):
        owner = (gateway, epoch)
        require(owner in batches and (gateway, channel) in channels, f"{name} is no channel of the project, or without its batches")
        its, parts = read_segments(owner, channel, read(name), batches[owner])
        before, so_far = shown.get((gateway, channel), (its, []))
        require(same(before, its), f"{channel} changes its unit, decimals or kind")
        shown[gateway, channel] = (its, so_far + [(logged[(*owner, number)], rows) for number, rows in parts])
    for (gateway, epoch), some in batches.items():
        for channel in {channel for batch in some for channel in batch.channels if (gateway, channel) in channels}:
            require(f"readings/{gateway}.{epoch}/{channel}.txt" in files, f"the readings of {channel} are withheld")
    return shown


# The result: what it was made from, reports, trust

def newest(entries, bodies, kind, scope, size):
    """Of each record of this kind and scope its newest version that was logged before the result, with its index; none that was withdrawn."""
    found = {}
    for entry in entries:
        if entry.kind == kind and entry.subject.startswith(f"{kind}/{scope}/") and entry.index < size:
            body = bodies[entry.index]
            require(body[kind] == 1 and body["plant" if kind == "production" else "project"] == scope, f"{entry.subject} names another project or plant than its body")
            found[body["id"]] = (body, entry.index)
    return [(body, index) for body, index in found.values() if not body["withdrawn"]]


def check_sources(about, result, entries, bodies):
    """The plan in force when the result was made; and that the result names the decisions and the production that counted then."""
    project, size = about["project"], result["logSize"]
    plans = [entry.index for entry in entries if entry.kind == "plan" and entry.subject.startswith(f"plan/{project}/") and entry.index < size]
    require(plans and plans[-1] == result["plan"], "the result does not stand on the newest plan before it")
    plan = bodies[result["plan"]]
    require(plan["plan"] == result["result"] == 1 and plan["project"]["id"] == project == result["project"], "plan, result and bundle are of different projects")
    decisions = sorted(newest(entries, bodies, "decision", project, size), key=lambda one: (one[0]["event"]["firstDay"], one[0]["eventId"], one[0]["id"]))
    require([index for _, index in decisions] == result["decisions"], "the result leaves out a decision, or takes one that does not count")
    has_product = any(driver["product"] is not None for driver in plan["project"]["drivers"])
    production = newest(entries, bodies, "production", plan["plant"]["id"], size) if has_product else []
    require(sorted(index for _, index in production) == result["production"], "the result leaves out production, or takes some that does not count")
    return plan, [body for body, _ in decisions], [body for body, _ in production]


def check_grades(result, channels, shown, keys):
    """A channel has the weakest grade of the keys of its gateway, the result the weakest of its channels."""
    require([(one["gateway"], one["channel"]) for one in result["channels"]] == channels, "the result's channels are not those of the plan")
    for one in result["channels"]:
        its = shown.get((one["gateway"], one["channel"]), (None, []))[0]
        grade = "D" if its and its.profile.startswith("manual/") else max((key[2] for (gateway, _), key in keys.items() if gateway == one["gateway"]), default=None)
        require(one["grade"] == (grade if one["readings"] else None), f"the grade of {one['channel']} is not that of its keys")
    require(result["grade"] == max((one["grade"] for one in result["channels"] if one["grade"]), default=None), "the result's grade is not the weakest of its channels")


def check_reports(about, result, files, read, entries, bodies):
    """Program, parts and reports have the hashes that stand in result and log. Gives the number of signatures under this result."""
    by_index, project = {entry.index: entry for entry in entries}, about["project"]
    for name, digest in (("code.json", result["code"]["sha256"]), ("sbom.cdx.json", result["sbom"])):
        require(hashlib.sha256(read(name)).hexdigest() == digest, f"{name} is not the one the result was computed by")
    for language in ("es", "en"):
        require((language in about["reports"]) == (f"report.{language}.html" in files), f"the report in {language} is named and not there, or there and not named")
        if language in about["reports"]:
            entry, body = by_index[about["reports"][language]], bodies[about["reports"][language]]
            stated = {"language": language, "resultIndex": about["result"], "sha256": hashlib.sha256(read(f"report.{language}.html")).hexdigest()}
            require(entry.kind == "report" and entry.subject.startswith(f"report/{project}/") and body == stated, f"the report in {language} is not the one in the log, or of another result")
    own = [bodies[entry.index]["after"] for entry in entries if entry.kind == "signature" and entry.subject.startswith(f"signature/{project}/") and entry.index in bodies]
    own = [one for one in own if one is not None and one["resultHash"] == result["version"]]
    require(all(isinstance(one["role"], str) and isinstance(one["isApproved"], bool) for one in own), "a signature is not of its form")
    return len(own)


def check_trust(log, log_pem, keys, trusted):
    """The log's key vouches for the gateways' (it took their enrolment), never the other way round."""
    outside = {key_of(pem)[0] for pem in trusted}
    if outside and key_of(log_pem)[0] not in outside:
        require(keys, f"the key of the log {log} is none of those trusted")
        for (gateway, _), (pem, _, _) in keys.items():
            require(key_of(pem)[0] in outside, f"neither the key of the log {log} nor that of {gateway} is one of those trusted")


def verify(data, trusted):
    """What there is to say of a bundle that holds, and the table of figures that were worked out anew."""
    read, files, seal, length = open_zip(data)
    about, log_pem = read_json(read("bundle.json"), "bundle.json", "bundle"), read("keys/log.pem")
    log, project = about["log"], about["project"]
    require(about["format"] == "metering/v1/bundle" and re.fullmatch(ID, log) and list(about["reports"]) in ([], ["es"], ["en"], ["es", "en"]), "bundle.json is of another form")
    require(check_note(seal, log_pem, log, "the seal") == f"metering/v1/bundle/{log}\nbytes {length}\nsha256 {hashlib.sha256(data[:length]).hexdigest()}\n", "bytes were changed after the seal")
    size, root, latest = read_checkpoint(read("log/checkpoint.note"), log, log_pem)
    entries = read_entries(read("log/entries.txt"), size, latest)
    names = [re.fullmatch(rf"batches/({ID})\.({EPOCH})\.(notes|hashes)", name) for name in files if name.startswith("batches/")]
    owners = collections.Counter((match[1], int(match[2])) for match in names)
    require(set(owners.values()) <= {2}, "notes of batches without their hashes, or the other way round")
    notes = {owner: split_notes(*(read("batches/{}.{}.".format(*owner) + kind) for kind in ("notes", "hashes"))) for owner in owners}
    logged = check_inclusion(entries, notes, size, root, read("log/proof.bin"))
    raw, bodies = read_bodies(files, read, entries)

    keys, ends = check_keys(entries, bodies, read, files)
    losses, open_ones, batches = check_losses(entries, raw, keys), dict(logged), {}
    for name, some in notes.items():
        require(name in keys, f"there is no key of {name[0]}, epoch {name[1]}")
        batches[name] = read_batches(name, some, keys[name][0])
        check_chain(name, batches[name], losses, open_ones, keys[name][1], ends.get(name))
    require(not open_ones, "batches are in the log that are not shown")
    check_epochs(batches, ends, losses)
    check_trust(log, log_pem, keys, trusted)

    content, entry = read("result.json"), next((entry for entry in entries if entry.index == about["result"]), None)
    result = read_json(content, "result.json")
    require(entry and entry.kind == "result" and entry.subject.startswith(f"result/{project}/") and hashlib.sha256(content).hexdigest() == entry.hash, "the result is not the one in the log")
    require(result["logSize"] <= entry.index and all(index < result["logSize"] for index in logged.values()), "the result, or a batch, was logged in another order than the result says")
    plan, decisions, production = check_sources(about, result, entries, bodies)
    check_numbers(entries, (project, plan["plant"]["id"]))
    channels = list(dict.fromkeys((part["gateway"], part["channel"]) for part in [plan["project"], *plan["project"]["drivers"]] if part["channel"] is not None))
    shown = read_channels(files, read, batches, logged, channels)
    check_grades(result, channels, shown, keys)
    signatures, saving, table = check_reports(about, result, files, read, entries, bodies), result["saving"] or {}, recompute.recompute(result, plan, decisions, production, shown)
    return {"log": log, "size": size, "root": root.hex(), "project": project, "verdict": result["verdict"], "unit": result["unit"], "saving": saving.get("value"),
            "halfWidth": saving.get("halfWidth"), "grade": result["grade"], "batches": sum(map(len, batches.values())), "readings": sum(len(rows) for _, parts in shown.values() for _, rows in parts),
            "days": len(result["days"]), "figures": len(table), "signatures": signatures, "trusted": bool(trusted)}, table


def judge(data, trusted):
    """Exit code and what there is to say."""
    try:
        return 0, verify(data, trusted)[0]
    except NotABundle as e:
        return 65, str(e)
    except Fault as e:
        return 3, str(e)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, StopIteration, RecursionError) as e:
        return 3, f"something is not of its form ({type(e).__name__}: {e})"


def main(arguments):
    paths, trusted, flags, rest = [], [], set(), iter(arguments)
    for word in rest:
        if word == "--trust":
            trusted.append(next(rest, ""))
        elif word in ("--many", "--json"):
            flags.add(word)
        else:
            paths.append(word)
    if len(paths) != 1 or paths[0].startswith("-") or "" in trusted:
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        return 64
    try:
        keys, worst = [], 0
        for path in trusted:
            with open(path, "rb") as file:
                keys.append(file.read())
        for path in sorted(os.path.join(paths[0], name) for name in os.listdir(paths[0])) if "--many" in flags else paths:
            with open(path, "rb") as file:
                code, told = judge(file.read(), keys)
            worst = max(worst, code)
            if "--many" in flags:
                print(f"{os.path.basename(path)}\t{code}\t{told if code else 'verified'}")
            elif "--json" in flags:
                print(json.dumps({"verified": code == 0, **(told if code == 0 else {"fault": told})}, sort_keys=True))
            elif code:
                print(f"{'does not match' if code == 3 else 'not a bundle'}: {told}", file=sys.stderr)
            else:
                print("\n".join(f"{name}: {value}" for name, value in told.items()) + "\nverified" + ("" if keys else ", as far as it agrees with itself: pass --trust with the log's key"))
        return 0 if "--many" in flags else worst
    except OSError as e:
        print(f"verify: {e}", file=sys.stderr)
        return 74


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
