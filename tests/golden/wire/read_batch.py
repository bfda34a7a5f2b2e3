#!/usr/bin/python3
"""Opens one batch without any of our code: standard library and the openssl program only.

usage: read_batch.py BATCH PUBLIC-KEY.pem
Prints one line a reading: channel,instant (ms since 1970 UTC),value,unit,quality. Exit code 65 when anything is wrong.
"""
import base64
import hashlib
import re
import struct
import subprocess
import sys
import tempfile
import zlib

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the curve P-256 (SEC 2, 2.4.2)
MAXIMUM_EXPANDED = 8 * 1024 * 1024


def require(condition, what):
    if not condition:
        print("read_batch: " + what, file=sys.stderr)
        sys.exit(65)


def parts_of(envelope):
    """ "MTR1" | zlib( u32 big-endian length | bytes, for the manifest note and then each segment )"""
    require(envelope[:4] == b"MTR1", "not a batch of version 1")
    expander = zlib.decompressobj()
    expanded = expander.decompress(envelope[4:], MAXIMUM_EXPANDED)
    require(expander.eof and not expander.unused_data, "the compressed data are cut off, too long, or followed by others")
    parts, at = [], 0
    while at < len(expanded):
        length = int.from_bytes(expanded[at:at + 4], "big")
        require(at + 4 + length <= len(expanded), "a part is longer than the envelope")
        parts.append(expanded[at + 4:at + 4 + length])
        at += 4 + length
    require(len(parts) >= 2, "a batch holds a manifest and at least one segment")
    return parts[0], parts[1:]


def check_signature(note, pem_path):
    """text | empty line | "— signer base64(key id (4 bytes) | ECDSA signature in DER)" """
    cut = note.rindex(b"\n\n") + 1
    text, line = note[:cut], note[cut + 1:].decode("utf-8")
    match = re.fullmatch("— ([a-z0-9._-]+) ([A-Za-z0-9+/=]+)\n", line)
    require(match, "the manifest has no signature line")
    blob = base64.b64decode(match[2], validate=True)
    body = "".join(row for row in open(pem_path, encoding="ascii").read().split("\n") if "-" not in row)
    key_id = hashlib.sha256(base64.b64decode(body)).digest()[:4]
    require(blob[:4] == key_id, "signed with another key")
    der = blob[4:]
    require(len(der) < 128 and der[0] == 0x30 and der[1] == len(der) - 2 and der[2] == 2, "the signature is not in DER")
    second = 4 + der[3]
    require(der[second] == 2 and second + 2 + der[second + 1] == len(der), "the signature is not in DER")
    require(0 < int.from_bytes(der[second + 2:], "big") <= ORDER // 2, "the signature is not in its low form")
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("text", text), ("signature", der)):
            with open(f"{folder}/{name}", "wb") as file:
                file.write(content)
        check = subprocess.run(
            ["openssl", "dgst", "-sha256", "-verify", pem_path, "-signature", f"{folder}/signature", f"{folder}/text"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False)
    require(check.returncode == 0 and b"Verified OK" in check.stdout, "the signature does not fit the manifest")
    return text.decode("ascii"), match[1]


def field(lines, keyword):
    found = [line.split(" ")[1:] for line in lines if line.split(" ")[0] == keyword]
    require(len(found) == 1, f"expected one line '{keyword}'")
    return found[0]


def value_of(scaled, decimals):
    if decimals == "binary64":
        # The bits of a double; for negative numbers all but the sign inverted, so that integers keep the order.
        bits = int(scaled) & (2**64 - 1)
        bits ^= 2**63 - 1 if bits >> 63 else 0
        return repr(struct.unpack(">d", struct.pack(">Q", bits))[0])
    digits = scaled.lstrip("-").rjust(int(decimals) + 1, "0")
    sign = "-" if scaled.startswith("-") else ""
    places = int(decimals)
    return sign + digits[:len(digits) - places] + ("." + digits[-places:] if places else "")


def readings_of(segment, gateway, batch, channel, count):
    head, _, body = segment.decode("ascii").partition("\n\n")
    lines = head.split("\n")
    require(lines[0] == "metering/v1/segment", "not a segment of version 1")
    require([field(lines, name) for name in ("gateway", "batch", "channel")] == [[gateway], [batch], [channel]],
            f"the segment of {channel} belongs elsewhere")
    decimals, unit = field(lines, "decimals")[0], field(lines, "unit")[0]
    rows = [row.split(",") for row in body.split("\n")[:-1]]
    require(len(rows) == count and body.endswith("\n"), f"the segment of {channel} has not {count} readings")
    instants = [int(row[0]) for row in rows]
    require(all(a < b for a, b in zip(instants, instants[1:])), f"the instants of {channel} do not ascend")
    for instant, scaled, quality in rows:
        value = value_of(scaled, decimals) if scaled else ""
        yield f"{channel},{instant},{value},{unit},{quality}"


def main(batch_path, pem_path):
    with open(batch_path, "rb") as file:
        note, segments = parts_of(file.read())
    text, signer = check_signature(note, pem_path)
    lines = text.split("\n")
    require(lines[0] == "metering/v1/batch", "not a manifest of version 1")
    gateway, batch = field(lines, "gateway")[0], field(lines, "batch")[0]
    require(signer == gateway, "the signer is not the gateway")
    channels = [line.split(" ")[1:] for line in lines if line.startswith("channel ")]
    require(len(channels) == len(segments), "not as many segments as the manifest lists")
    for (channel, count, digest), segment in zip(channels, segments):
        require(hashlib.sha256(segment).hexdigest() == digest, f"the segment of {channel} was changed")
        for line in readings_of(segment, gateway, batch, channel, int(count)):
            print(line)


if __name__ == "__main__":
    require(len(sys.argv) == 3, "usage: read_batch.py BATCH PUBLIC-KEY.pem")
    main(sys.argv[1], sys.argv[2])
