"""Signatures of the second verifier: signed notes, and ECDSA P-256 by the openssl program or, where they are many, by integers."""
import base64, functools, hashlib, os, re, subprocess, tempfile

IDENTIFIER = r"[a-z0-9][a-z0-9._-]{0,63}"
P, N = 2**256 - 2**224 + 2**192 + 2**96 - 1, 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296, 0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)
SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")


class NotABundle(Exception):
    """Exit code 65."""


class Fault(Exception):
    """Exit code 3."""


def require(holds, what):
    if not holds:
        raise Fault(what)


# Signatures: of the log by the openssl program; of batches, which are many, by integers: many at once, with tables of the one key they share.

def split_note(note):
    """text | empty line | "— signer base64(key id (4 bytes) | ECDSA signature in DER)" """
    cut = note.rfind(b"\n\n")
    match = re.fullmatch(rf"— ({IDENTIFIER}) ([A-Za-z0-9+/]+=*)\n".encode(), note[cut + 2:])
    require(cut > 0 and len(note) <= 2**20 and match and note[:cut + 1][-1:] == b"\n", "no signed note")
    try:
        blob = base64.b64decode(match[2], validate=True)
    except ValueError:
        raise Fault("the signature is not in base64") from None
    require(base64.b64encode(blob) == match[2], "the signature's base64 has another spelling")
    return note[:cut + 1], match[1].decode(), blob


def numbers_of(der):
    """r and s of SEQUENCE { INTEGER r, INTEGER s }, in the one form: shortest, s in the lower half."""
    def integer(at):
        require(len(der) > at + 2 and der[at] == 2 and 0 < der[at + 1] <= len(der) - at - 2, "the signature is not in DER")
        digits = der[at + 2:at + 2 + der[at + 1]]
        require(digits[0] < 128 and (digits[0] or (len(digits) > 1 and digits[1] >= 128)), "the signature is not in DER")
        return int.from_bytes(digits, "big"), at + 2 + len(digits)
    require(2 < len(der) < 128 and der[0] == 0x30 and der[1] == len(der) - 2, "the signature is not in DER")
    r, at = integer(2)
    s, at = integer(at)
    require(at == len(der) and 0 < r < N and 0 < s <= N // 2, "the signature is not in its low form")
    return r, s


@functools.lru_cache(64)
def key_of(pem):
    match = re.fullmatch(rb"-----BEGIN PUBLIC KEY-----\n([A-Za-z0-9+/=\n]+)\n-----END PUBLIC KEY-----\n", pem)
    der = base64.b64decode(match[1]) if match else b""
    x, y = int.from_bytes(der[27:59], "big"), int.from_bytes(der[59:], "big")
    require(match and base64.encodebytes(der).replace(b"\n", b"") == match[1].replace(b"\n", b"") and all(len(line) == 64 for line in match[1].split(b"\n")[:-1]), "no public key in its one form")
    require(len(der) == 91 and der.startswith(SPKI) and max(x, y) < P and (y * y - x * x * x + 3 * x - B) % P == 0, "no public key of curve P-256")
    return hashlib.sha256(der).digest()[:4], (x, y)


@functools.lru_cache(4096)
def openssl_verifies(pem, text, der):
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("key", pem), ("text", text), ("signature", der)):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
        done = subprocess.run(["openssl", "dgst", "-sha256", "-verify", "key", "-signature", "signature", "text"], cwd=folder, capture_output=True, timeout=60, check=False)
    return done.returncode == 0 and b"Verified OK" in done.stdout


def check_by_openssl(note, pem, what):
    text, signer, blob = split_note(note)
    require(blob[:4] == key_of(pem)[0], f"{what} is signed by another key")
    numbers_of(blob[4:])
    require(openssl_verifies(pem, text, blob[4:]), f"the signature of {what} does not fit")
    return text, signer


def add_many(left, right):
    """Sums of points of the curve, pair by pair, with one division for all of them (Montgomery's trick). None is the neutral point."""
    spans, running = [], 1
    for a, b in zip(left, right):
        span = 0
        if a and b:
            span = (b[0] - a[0]) % P or (2 * a[1] % P if a[1] == b[1] else 0)
        spans.append((span, running))
        running = running * span % P if span else running
    inverse, sums = pow(running, -1, P), [None] * len(left)
    for place in range(len(left) - 1, -1, -1):
        a, b = left[place], right[place]
        span, before = spans[place]
        if span:
            slope = inverse * before % P * (b[1] - a[1] if a[0] != b[0] else 3 * a[0] * a[0] - 3) % P
            inverse = inverse * span % P
            x = (slope * slope - a[0] - b[0]) % P
            sums[place] = (x, (slope * (a[0] - x) - a[1]) % P)
        else:
            sums[place] = (b if a is None else a) if a is None or b is None else None
    return sums


@functools.lru_cache(16)
def table_of(point, bits):
    """table[w][d] = d * 2^(bits * w) * point, for all digits of so many bits."""
    base = [point]
    while len(base) * bits < 256:
        next_one = base[-1:]
        for _ in range(bits):
            next_one = add_many(next_one, next_one)
        base += next_one
    rows = [[None] * len(base), base]
    while len(rows) < 1 << bits:
        rows.append(add_many(rows[-1], base))
    return list(zip(*rows))


def bad_signatures(point, items):
    """Places of the (text, r, s) that this key did not sign."""
    bits = 4 if len(items) < 400 else 8                    # larger tables pay for themselves
    own, other, bad, mask = table_of(G, bits), table_of(point, bits), [], (1 << bits) - 1
    for begin in range(0, len(items), 1024):
        some = items[begin:begin + 1024]
        factors = []
        for text, r, s in some:
            w = pow(s, -1, N)
            factors.append((int.from_bytes(hashlib.sha256(text).digest(), "big") * w % N, r * w % N))
        sums = [None] * len(some)
        for w in range(256 // bits):
            sums = add_many(sums, [own[w][u >> bits * w & mask] for u, _ in factors])
            sums = add_many(sums, [other[w][v >> bits * w & mask] for _, v in factors])
        bad += [begin + place for place, ((_, r, _), total) in enumerate(zip(some, sums)) if total is None or (total[0] - r) % N]
    return bad
