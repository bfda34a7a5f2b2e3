"""The file in the second verifier: the one form of its ZIP, read here and not by the standard library, which takes files that others read otherwise; and of its JSON."""
import json, re, struct, zlib

from verifier.signatures import IDENTIFIER, Fault, NotABundle, require

EPOCH = r"[1-9][0-9]{0,8}"
NAMES = re.compile(rf"bundle\.json|README\.txt|keys/log\.pem|keys/{IDENTIFIER}\.{EPOCH}\.pem|log/(?:checkpoint\.note|entries\.txt|proof\.bin)|result\.json|code\.json|sbom\.cdx\.json"
                   rf"|report\.(?:es|en)\.html|batches/{IDENTIFIER}\.{EPOCH}\.(?:notes|hashes)|readings/{IDENTIFIER}\.{EPOCH}/{IDENTIFIER}\.txt|bodies/(?:0|[1-9][0-9]{{0,17}})")


def open_zip(data):
    def form(holds, what):
        if not holds:
            raise NotABundle(what)

    tail = max(0, len(data) - 22 - 1024)
    ends = [at for at in range(len(data) - 22, tail - 1, -1) if data[at:at + 4] == b"PK\5\6" and data[at + 20:at + 22] == (len(data) - at - 22).to_bytes(2, "little")]
    form(ends, "no ZIP, or bytes were cut off or added at its end")
    end = ends[0]
    disks, here, count, length, start = struct.unpack("<IHHII", data[end + 4:end + 20])
    form(disks == 0 and here == count and 0 < count <= 60_000 and start + length == end, "the directory does not end where the ZIP ends")
    files, at, following = {}, start, 0
    for _ in range(count):
        head = data[at:at + 46]
        form(len(head) == 46 and at + 46 <= end and head[:6] == b"PK\1\2\x14\0" and head[32:42] == bytes(10), "a header of the directory is not of its form")
        version, flags, method, date, crc, packed, size, name_length, extra = struct.unpack("<HHHIIIIHH", head[6:32])
        name = data[at + 46:at + 46 + name_length]
        offset = int.from_bytes(head[42:46], "little")
        form((version, flags, date, extra) == (20, 0, 0x210000, 0) and method in (0, 8) and (method == 8 or packed == size), "a file is encrypted, or of another form")
        form(len(name) == name_length and at + 46 + name_length <= end and name_length <= 200 and NAMES.fullmatch(name.decode("latin-1")), "an unknown name of a file")
        name = name.decode("ascii")
        form(offset == following and name not in files, f"{name} is there twice, or does not begin where the one before ends")
        begin = offset + 30 + name_length
        form(data[offset:begin] == b"PK\3\4" + head[6:32] + name.encode() and begin + packed <= start, f"the two headers of {name} do not agree")
        form(size <= 2**31 and (size <= 2**26 or size <= packed * 1000), f"{name} would expand without end")
        files[name] = (begin, packed, size, method, crc)
        at, following = at + 46 + name_length, begin + packed
    form(at == end and following == start, "there are bytes between the last file and the directory")

    def read(name):
        form(name in files, f"the bundle has no {name}")
        begin, packed, size, method, crc = files[name]
        content = bytes(data[begin:begin + packed])
        if method == 8:
            expander = zlib.decompressobj(-15)
            try:
                content = expander.decompress(content, size + 1)
            except zlib.error:
                raise NotABundle(f"{name} cannot be expanded") from None
            form(expander.eof and not expander.unused_data, f"{name} is cut off, or has bytes behind its end")
        form(len(content) == size and zlib.crc32(content) == crc, f"{name} is not what its headers say")
        return content
    return files, read, bytes(data[end + 22:]), end + 22


KEYS = {
    "bundle": "format log project result reports", "key": "gateway epoch plant origin publicKeyPem", "end": "gateway epoch fromUtc lastBatch reason", "erasure": "index reason", "report": "language resultIndex sha256",
    "plan": "plan project plant measurement", "production": "production id version withdrawn plant product unit firstDay lastDay amount actor",
    "decision": "decision id version withdrawn project eventId kind event reason decidedUtc attachmentSha256 actor", "signature": "record id version plant project actor after reason",
}


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
    require(kind is None or list(body) == KEYS[kind].split(), f"{what} has other names than a {kind}")
    return body
