"""The log in the second verifier: entries, their numbers, and the proof of many leaves (RFC 6962, 2.1)."""
import collections, datetime, hashlib, re

from verifier.signatures import Fault, require

KINDS = set("key configuration meter commissioning batch loss validation edit lab-result production reference plan baseline decision result signature report publication reconciliation erasure".split())


def instant_of(text):
    require(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", text, re.ASCII), "an instant is not of its form")
    try:
        whole = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=datetime.timezone.utc)
    except ValueError:
        raise Fault("an instant is none of the calendar") from None
    at = (whole - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)) // datetime.timedelta(milliseconds=1)
    require(at >= 0, "an instant before 1970")
    return at


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def root_of(leaves, size, proof):
    """Root over `size` leaves of which some are known: RFC 6962, 2.1. Each largest stretch without a known leaf takes a hash of the proof, from the left."""
    places, hashes = sorted(leaves), iter(proof)

    def fold(start, length, low, high):
        if low == high:
            found = next(hashes, None)
            require(found is not None, "the log's proof is too short")
            return found
        if length == 1:
            return leaves[start]
        split = 1 << (length - 1).bit_length() - 1
        middle = low
        step = high - low
        while step:                                        # first place in the right half
            half = step // 2
            if places[middle + half] < start + split:
                middle, step = middle + half + 1, step - half - 1
            else:
                step = half
        left = fold(start, split, low, middle)
        return node(left, fold(start + split, length - split, middle, high))

    root = fold(0, size, 0, len(places))
    require(next(hashes, None) is None, "the log's proof is too long")
    return root


Entry = collections.namedtuple("Entry", "index kind at subject hash")


def read_entries(text, size, latest):
    entries, before = [], None
    require(text.endswith(b"\n"), "the list of entries does not end with a line feed")
    for line in text.decode("latin-1")[:-1].split("\n"):
        match = re.fullmatch(r"(0|[1-9][0-9]{0,17}) (\S+) (\S+) ((?:[A-Za-z0-9._-]+/)*[A-Za-z0-9._-]+) ([0-9a-f]{64}|-)", line, re.ASCII)
        require(match and match[2] in KINDS and len(match[4]) <= 400 and (match[5] == "-") == (match[2] == "batch"), "an entry is not of its form")
        entry = Entry(int(match[1]), match[2], instant_of(match[3]), match[4], match[5])
        require(entry.index < size and entry.at <= latest, "an entry is newer than the checkpoint")
        require(before is None or (before.index < entry.index and before.at <= entry.at), "the entries do not ascend")
        entries.append(entry)
        before = entry
    return entries


def check_numbers(entries, own):
    """N counts upwards for each kind and scope; of the project and its plant from 1 without a hole."""
    last = collections.Counter()
    for entry in entries:
        if entry.kind not in ("key", "batch", "loss"):
            match = re.fullmatch(rf"{entry.kind}/([A-Za-z0-9._-]+)/([1-9][0-9]{{0,17}})", entry.subject)
            require(match, f"the subject of entry {entry.index} is not of its form")
            before, number = last[entry.kind, match[1]], int(match[2])
            require(number == before + 1 if match[1] in own else number > before, f"{entry.subject}: an entry before it is not shown, or it is there twice")
            last[entry.kind, match[1]] = number
