#!/usr/bin/env python3
"""Second verifier of evidence bundles: Python 3, its standard library and openssl; no code shared with the first.

usage: verify.py BUNDLE.mevb [--trust KEY.pem]... [--seen FOLDER] [--time-authority CA.pem] [--strict] [--json]
       verify.py --many LIST       a text file with the words of such a call on each line; one line for each: name, exit code, remarks or what is wrong

Written from cloud/Metering.Evidence/README.md and gateway/Metering.Readings. It checks form, seal, log, keys, batches, plan, decisions, production and reports;
readings.py unpacks the readings and holds them against the batches, recompute.py works the result out anew, outside.py has what the reader brings.
Exit codes: 0 verified, 3 does not match, 64 usage, 65 not a bundle (or no sound ones in the folder of --seen), 74 cannot be read.
"""
import argparse, base64, collections, ctypes, ctypes.util, datetime, functools, hashlib, json, os, re, shlex, struct, sys, types, zlib
from merkle import grown, hashes_of, leaf_of, root_of
from outside import check_stamp, check_trust, remarks_of, seen_in
from readings import EPOCH, ID, LONG, NUMBER, Fault, check_grades, form, read_batches, read_channels, read_losses, read_records, require, sha256, split_notes
from recompute import recompute

NAMES = re.compile(rf"(bundle|result|validation|code)\.json|README\.txt|keys/log\.pem|keys/{ID}\.{EPOCH}\.pem|log/(checkpoint\.note|entries\.txt)"
                   rf"|log/((proof|consistency)\.bin|timestamp\.(note|tsr))|sbom\.cdx\.json|report\.(es|en)\.html|batches/{ID}\.{EPOCH}\.(notes|hashes)"
                   rf"|readings/{ID}\.{EPOCH}/{ID}\.txt|bodies/(0|{NUMBER})")
SALTED = set("meter manual commissioning edit lab-result production reference plan baseline decision signature publication reconciliation".split())
BARE = {"batch", "validation", "result"}                   # their bodies stand in files of their own
KINDS = SALTED | BARE | set("key configuration loss report erasure bundle log-key".split())
BODIES = {
    "about": "format log project number result reports", "log-key": "logKey before after",
    "validation": "validation project rules rulesVersion parameters zone firstDay lastDay channels", "key": "gateway epoch plant origin publicKeyPem",
    "end": "gateway epoch fromUtc lastBatch reason",
    "plan": "plan project plant measurement", "production": "production id version withdrawn plant product unit firstDay lastDay amount actor",
    "decision": "decision id version withdrawn project eventId kind event reason decidedUtc attachmentSha256 actor", "erasure": "index reason",
    "report": "language resultIndex sha256", "signature": "record id version plant project actor after reason"}
HALF_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551 // 2
Entry = collections.namedtuple("Entry", "index kind at subject hash")

# Form

def open_zip(data):
    """The one form of the ZIP, read here and not by the standard library, which takes files that others read otherwise: files from the first byte on, one after
    the other; a directory that repeats their headers; the end. Gives a function that reads a file, the names, the comment and where it begins."""
    files, directory, at = {}, b"", 0
    while data[at:at + 4] == b"PK\3\4":
        version, flags, method, date, crc, packed, size, length, extra = struct.unpack("<HHHIIIIHH", data[at + 4:at + 30])
        name = data[at + 30:at + 30 + length].decode("latin-1")
        require((version, flags, date, extra) == (20, 0, 0x210000, 0) and (method == 8 or method == 0 and packed == size), f"{name} is of another form")
        require(length <= 200 and NAMES.fullmatch(name) and name not in files, f"{name} is no name of a bundle, or there twice")
        require(size <= min(2**31, max(2**26, packed * 1000)), f"{name} would expand without end")
        directory += b"PK\1\2\x14\0" + data[at + 4:at + 30] + bytes(10) + at.to_bytes(4, "little") + name.encode()
        files[name] = at + 30 + length, packed, size, method, crc
        at += 30 + length + packed
    begin = at + len(directory) + 22
    end = struct.pack("<4sIHHIIH", b"PK\5\6", 0, len(files), len(files), len(directory), at, len(data) - begin)
    require(0 < len(files) <= 60_000 and len(data) - begin <= 1024 and data[at:begin] == directory + end, "it is no ZIP, or bytes were added or cut off")

    def read(name):
        require(name in files, f"the bundle has no {name}")
        start, packed, size, method, crc = files[name]
        content, expander = data[start:start + packed], zlib.decompressobj(-15)
        content = expander.decompress(content, size + 1) if method == 8 else content
        is_whole = method == 0 or expander.eof and not expander.unused_data
        require(is_whole and len(content) == size and zlib.crc32(content) == crc, f"{name} is not what its header says")
        return content
    return read, files, data[begin:], begin

def read_json(data, what, kind=None):
    """An object in the one form of statements: its names in their order, no white space, no name twice, one line feed at the end."""
    def whole(pairs):
        require(len(dict(pairs)) == len(pairs), f"{what} has a name twice")
        return dict(pairs)

    bare = re.sub(rb'"(?:[^"\\]|\\.)*"', b'""', data)
    loose = re.search(rb"NaN|Infinity" if kind == "signature" else rb"NaN|Infinity|\s", bare[:-1])      # a signature's record is of another program
    require(data.endswith(b"}\n") and not loose, f"{what} is not in its one form")
    body = json.loads(data.decode("utf-8"), object_pairs_hook=whole)
    require(kind is None or [*body] == BODIES[kind].split(), f"{what} has other names than a {kind}")
    return body

# Signatures: signed notes and ECDSA P-256, by the openssl library

CRYPTO = ctypes.CDLL("libcrypto.so.3" if sys.platform == "linux" else ctypes.util.find_library("crypto"))
CRYPTO.d2i_PUBKEY.restype = CRYPTO.EVP_MD_CTX_new.restype = CRYPTO.EVP_sha256.restype = ctypes.c_void_p

@functools.lru_cache(64)
def key_of(pem):
    """Key id, and the key as the library holds it: it takes no point that is not on the curve."""
    lines = r"-----BEGIN PUBLIC KEY-----\n((?:[A-Za-z0-9+/=]{64}\n)*[A-Za-z0-9+/=]{1,64}\n)-----END PUBLIC KEY-----\n"
    text = form(lines, pem.decode("latin-1"), "a public key")[0].replace("\n", "")
    der = base64.b64decode(text)
    key = CRYPTO.d2i_PUBKEY(None, ctypes.byref(ctypes.c_char_p(der)), ctypes.c_long(len(der)))
    is_p256 = len(der) == 91 and der.startswith(bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004"))
    require(key and is_p256 and base64.b64encode(der).decode() == text, "a public key is none of curve P-256, or not in its one form")
    return hashlib.sha256(der).digest()[:4], ctypes.c_void_p(key)

def is_canonical(der):
    """Whether this is SEQUENCE { INTEGER r, INTEGER s } in its one form, s in the lower half."""
    numbers = [int.from_bytes(part, "big") for part in (der[4:4 + der[3]], der[6 + der[3]:])]
    integers = b"".join(bytes([2, len(one)]) + one for one in (number.to_bytes(number.bit_length() // 8 + 1, "big") for number in numbers))
    return der == bytes([0x30, len(integers)]) + integers and 0 < numbers[0] <= 2 * HALF_ORDER and 0 < numbers[1] <= HALF_ORDER

def check_note(note, pem, signer, what):
    """Text of a signed note: text | empty line | "— signer base64(key id (4 bytes) | signature)"."""
    cut, (key_id, key) = note.rfind(b"\n\n") + 1, key_of(pem)
    signature = form(rf"— {re.escape(signer)} ([A-Za-z0-9+/]+=*)\n", note[cut + 1:].decode("utf-8"), f"the signature of {what}")[0]
    text, blob, context = note[:cut], base64.b64decode(signature), ctypes.c_void_p(CRYPTO.EVP_MD_CTX_new())
    is_sound = cut and len(note) <= 2**20 and base64.b64encode(blob).decode() == signature and is_canonical(blob[4:])
    require(is_sound, f"{what}, or its signature, is not in its one form")
    holds = CRYPTO.EVP_DigestVerifyInit(context, None, ctypes.c_void_p(CRYPTO.EVP_sha256()), None, key) == 1 and CRYPTO.EVP_DigestVerify(
        context, blob[4:], ctypes.c_size_t(len(blob) - 4), text, ctypes.c_size_t(len(text))) == 1
    CRYPTO.EVP_MD_CTX_free(context)
    require(holds and blob[:4] == key_id, f"{what} was altered, or is signed by another key")
    return text.decode("latin-1")

# The log: entries, their numbers, earlier checkpoints, bodies

def instant_of(text):
    form(r"(19[7-9]|[2-9]\d\d)\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", text, "an instant")
    return (datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ") - datetime.datetime(1970, 1, 1)) // datetime.timedelta(milliseconds=1)

def read_checkpoint(note, log, pem):
    text = check_note(note, pem, log, "a checkpoint")
    size, root, at = form(rf"metering/v1/log/{re.escape(log)}\n{LONG}\n([A-Za-z0-9+/]{{43}}=)\nat (\S+)\n", text, "a checkpoint")
    require(base64.b64encode(base64.b64decode(root)).decode() == root, "the root of a checkpoint is not in its one form")
    return int(size), base64.b64decode(root), instant_of(at)

def read_entries(text, size, latest):
    entries = [Entry(-1, "", "", "", "")]
    for line in (text.decode("latin-1") + ("" if text.endswith(b"\n") else "?")).split("\n")[:-1]:
        index, _, kind, at, subject, _, digest = form(rf"(0|{NUMBER}) (\S+) (\S+) (([A-Za-z0-9._-]+/)*[A-Za-z0-9._-]+) ([0-9a-f]{{64}}|-)", line, "an entry")
        require(kind in KINDS and len(subject) <= 400 and (digest == "-") == (kind == "batch"), "an entry is not of its form")
        entries.append(Entry(int(index), kind, at, subject, digest))
        require(entries[-2].index < int(index) < size and entries[-2].at <= at and instant_of(at) <= latest, "entries do not ascend, or not to the checkpoint")
    return entries[1:]

def check_numbers(entries, own, project, number):
    """N counts upwards for each kind and scope; of the project, its plant, the log and people's records from 1 without a hole. Earlier bundles: 1 and 63."""
    numbers, earlier = collections.defaultdict(list), [1, *range(max(2, number - 63), number)] if number > 1 else []
    for entry in (entry for entry in entries if entry.kind not in ("key", "batch", "loss")):
        scope, its = re.fullmatch(f"{entry.kind}/([A-Za-z0-9._-]+{'/[A-Za-z0-9._-]+' if entry.kind == 'manual' else ''})/{NUMBER}", entry.subject).groups()
        numbers[entry.kind, scope].append(int(its))
    for (kind, scope), its in numbers.items():
        is_whole = scope in own or kind in ("manual", "commissioning")
        wanted = earlier if (kind, scope) == ("bundle", project) else [*range(1, len(its) + 1)] if is_whole else sorted(set(its))
        require(its == wanted, f"of {kind}/{scope} entries are not shown, or there twice: {wanted} were expected")
    require(not earlier or numbers["bundle", project], "the checkpoints of the project's earlier bundles are not shown")

def check_earlier(entries, raw, bodies, read, files, log, log_pem, project, size, root, authority):
    """The checkpoints of earlier bundles, and the one that a third party stamped, are signed by the key that the log had then, and beginnings of this log.
    Gives {number of a bundle: (size, root)}."""
    changes = [(entry.index, bodies[entry.index]) for entry in entries if entry.kind == "log-key"]
    keys = [body[name] for _, body in changes for name in ("before", "after")] or [log_pem.decode()]
    require(keys[-1] == log_pem.decode() and keys[1:-1:2] == keys[2::2], "a change of the log's key is about another key")
    notes = [(raw[entry.index], entry.index, int(entry.subject.rpartition("/")[2])) for entry in entries
             if entry.subject.startswith(f"bundle/{project}/") and entry.index in raw]
    if any(name.startswith("log/timestamp") for name in files):
        notes.append((read("log/timestamp.note"), size, None))
        check_stamp(read("log/timestamp.note"), read("log/timestamp.tsr"), authority)
    rest, before, earlier = hashes_of(read("log/consistency.bin")), 0, {}
    for note, latest, number in notes:
        below = sum(index < int(note.split(b"\n")[1]) for index, _ in changes)
        count, its, _ = read_checkpoint(note, log, keys[max(0, 2 * below - 1)].encode())
        require((0 if number is None else before) < count <= latest, "an earlier checkpoint cannot be in its place")
        require(grown(count, size, rest) == (its, root), "an earlier checkpoint is no beginning of this log")
        before = count
        earlier.update({} if number is None else {number: (count, its)})
    require(next(rest, None) is None, "a consistency proof is too long")
    return earlier

def check_inclusion(entries, notes, size, root, proof):
    """All entries are leaves of the tree with this root; of a batch the entry has the hash of its note. Gives {(gateway, epoch, number): index} and the
    leaves of all others by index."""
    hashes, leaves, logged = {}, [], {}
    for owner, note in ((owner, note) for owner, some in notes.items() for note in some):
        batch = (*owner, int(re.search(rb"\nbatch ([1-9][0-9]{0,18})\n", note)[1]))
        hashes["batch/{}/{}/{}".format(*batch)] = sha256(note), batch
    for entry in entries:
        digest = entry.hash
        if entry.kind == "batch":
            digest, batch = hashes.pop(entry.subject, (None, None))
            require(batch, f"the note of {entry.subject} is not shown, or it is in the log twice")
            logged[batch] = entry.index
        leaf = f"metering/v1/entry\nkind {entry.kind}\nat {entry.at}\nsubject {entry.subject}\nbody {digest}\n"
        leaves.append((entry.index, leaf_of(leaf.encode())))
    rest = hashes_of(proof)
    require(not hashes, "there are batches that are not in the log")
    require(root_of(leaves, 0, size, rest) == root and next(rest, None) is None, "the entries are not those of the log")
    return logged, {index: leaf for index, leaf in leaves if index not in {*logged.values()}}

def read_bodies(files, read, entries):
    """Bytes of each body that is shown, and the JSON of those that are used."""
    raw, bodies, erased, known = {}, {}, set(), [entry for entry in entries if entry.kind not in BARE]
    for index, kind, _, subject, digest in known:
        if f"bodies/{index}" in files:
            salt, _, raw[index] = read(f"bodies/{index}").partition(b"\n")
            form("[0-9a-f]{32}" if kind in SALTED else "-", salt.decode(), f"the salt of {subject}")
            require(sha256(bytes.fromhex(salt.decode().strip("-")) + raw[index]) == digest, f"the body of {subject} is not the one in the log")
            if kind in BODIES:
                bodies[index] = read_json(raw[index], subject, "end" if subject.endswith("/end") else kind)
            if kind == "erasure":
                erased.add(bodies[index]["index"])
                require(bodies[index]["index"] < index, "an entry erases what comes after it")
    require(sum(name.startswith("bodies/") for name in files) == len(raw), "there are bodies that belong to no entry")
    require(all(entry.index in raw or entry.index in erased for entry in known), "a body is not shown, and no entry says that it was erased")
    return raw, bodies

# Gateways: keys, chains of batches, segments of readings

def check_keys(entries, bodies, read, files):
    """{(gateway, epoch): (pem, index of its entry, grade)} and {(gateway, epoch): (index of the end, last batch or None)}."""
    keys, ends = {}, {}
    for entry in (entry for entry in entries if entry.kind == "key"):
        gateway, epoch, end = form(rf"key/{ID}/{EPOCH}(/end)?", entry.subject, "a key's subject")
        owner, body = (gateway, int(epoch)), bodies[entry.index]
        require((body["gateway"], body["epoch"]) == owner and owner not in (ends if end else keys), f"{entry.subject}: another key's body, or there twice")
        if end:
            ends[owner] = entry.index, body["lastBatch"]
        else:
            keys[owner] = body["publicKeyPem"].encode(), entry.index, {"meter": "A", "gateway": "B", "photo": "C"}.get(body["origin"], "D")
            require(key_of(keys[owner][0]) and read(f"keys/{gateway}.{epoch}.pem") == keys[owner][0], f"the key of {gateway} is not the one in the log")
    require(sum(name.startswith("keys/") for name in files) == len(keys) + 1, "keys are shown that the log does not name")
    return keys, ends

def check_chains(batches, keys, ends, losses, logged):
    """Numbers without a hole but what was lost, each note linked to the one before, in the log in order and while the key held; an ended epoch to its last
    batch, the next from its first."""
    before = None
    for owner in sorted(owner for owner in batches if batches[owner]):
        own, gateway, end, digest, place = batches[owner], owner[0], ends.get(owner), None, keys[owner][1]
        is_next = before and before[0] == gateway
        require(not is_next or (ends.get(before, (0, None))[1] or 0) <= batches[before][-1].number, f"an epoch of {gateway} is not shown to its end")
        following = 1 if is_next else own[0].number
        lost = [one for one in losses[owner] if one[0] <= own[-1].number and one[1] >= following]
        for first, last, its, batch in sorted(lost + [(batch.number, batch.number, batch.hash, batch) for batch in own], key=lambda one: one[:2]):
            require(first == following, f"batches of {gateway} are missing before {first}, or there twice, or stated as lost")
            if batch:
                index = logged[(*owner, first)]
                require(digest in (None, batch.previous) and index > place, f"batch {first} of {gateway} does not follow the one before, or not in the log")
                require(not end or (index < end[0] if end[1] is None else first <= end[1]), f"batch {first} of {gateway} was signed with a key that had ended")
                place = index
            following, digest = last + 1, its
        before = owner

# The result: what it was made from, reports, trust

def newest(entries, bodies, kind, scope, size):
    """Of each record of this kind and scope its newest version that was logged before the result, as (index, body); none that was withdrawn."""
    found = {}
    for entry in entries:
        if entry.subject.startswith(f"{kind}/{scope}/") and entry.index < size:
            body = bodies[entry.index]
            require(body[kind] == 1 and body["plant" if kind == "production" else "project"] == scope, f"{entry.subject} is about another project or plant")
            found[body["id"]] = entry.index, body
    return [(index, body) for index, body in found.values() if not body["withdrawn"]]

def check_sources(project, result, entries, bodies):
    """The plan in force when the result was made; and that the result names the decisions and the production that counted then."""
    size = result["logSize"]
    index = [entry.index for entry in entries if entry.subject.startswith(f"plan/{project}/") and entry.index < size][-1]
    plan = bodies[index]
    require(index == result["plan"] and plan["plan"] == result["result"] == 1, "the result does not stand on the newest plan before it")
    require(plan["project"]["id"] == project == result["project"], "plan, result and bundle are of different projects")
    decisions = sorted(newest(entries, bodies, "decision", project, size), key=lambda one: (one[1]["event"]["firstDay"], one[1]["eventId"], one[1]["id"]))
    has_product = any(driver["product"] is not None for driver in plan["project"]["drivers"])
    production = sorted(newest(entries, bodies, "production", plan["plant"]["id"], size), key=lambda one: one[0]) if has_product else []
    for kind, counted in (("decisions", decisions), ("production", production)):
        require([index for index, _ in counted] == result[kind], f"the result leaves out {kind}, or takes some that do not count")
    return plan, [body for _, body in decisions], [body for _, body in production]

def check_reports(about, result, files, read, entries, bodies):
    """Program, parts and reports have the hashes that stand in result and log. Gives the signatures under this result."""
    subjects, project = {entry.index: entry.subject for entry in entries}, about["project"]
    parts = sha256(read("code.json")), sha256(read("sbom.cdx.json"))
    require(parts == (result["code"]["sha256"], result["sbom"]), "program or parts are not those that the result was computed by")
    require(sum(name.startswith("report.") for name in files) == len(about["reports"]), "a report is shown that is not named")
    for language, index in about["reports"].items():
        stated = {"language": language, "resultIndex": about["result"], "sha256": sha256(read(f"report.{language}.html"))}
        require(subjects[index].startswith(f"report/{project}/") and bodies[index] == stated, f"the report in {language} is another, or of another result")
    own = [bodies[index] for index, subject in subjects.items() if subject.startswith(f"signature/{project}/") and index in bodies]
    own = [dict(one["after"], actor=one["actor"]) for one in own if one["after"] is not None and one["after"]["resultHash"] == result["version"]]
    require(all(isinstance(one["role"], str) and isinstance(one["isApproved"], bool) for one in own), "a signature is not of its form")
    return own

def read_log(data, opened=None, authority=None):
    """What a bundle is about and what it shows of its log: form, seal, entries with their numbers under the root, bodies, earlier checkpoints."""
    read, files, seal, length = opened or open_zip(data)
    about, log_pem = read_json(read("bundle.json"), "bundle.json", "about"), read("keys/log.pem")
    log, project = form(ID, about["log"], "the log's name")[0], about["project"]
    require(about["format"] == "metering/v1/bundle" and list(about["reports"]) in ([], ["es"], ["en"], ["es", "en"]), "bundle.json is of another form")
    sealed = f"metering/v1/bundle/{log}\nbytes {length}\nsha256 {sha256(data[:length])}\n"
    require(check_note(seal, log_pem, log, "the seal") == sealed, "bytes were changed after the bundle was sealed")
    size, root, at = read_checkpoint(read("log/checkpoint.note"), log, log_pem)
    entries = read_entries(read("log/entries.txt"), size, at)
    owners = sorted({tuple(form(rf"{ID}\.{EPOCH}\.\w+", name[8:], name)) for name in files if name.startswith("batches/")})
    notes = {(one, int(epoch)): split_notes(read(f"batches/{one}.{epoch}.notes"), read(f"batches/{one}.{epoch}.hashes")) for one, epoch in owners}
    logged, leaves = check_inclusion(entries, notes, size, root, read("log/proof.bin"))
    raw, bodies = read_bodies(files, read, entries)
    earlier = check_earlier(entries, raw, bodies, read, files, log, log_pem, project, size, root, authority)
    result, number = read_json(read("result.json"), "result.json"), about.get("number", 1)
    plans = [entry for entry in entries if entry.subject.startswith(f"plan/{project}/") and entry.index < result["logSize"]]
    check_numbers(entries, (project, bodies[plans[-1].index]["plant"]["id"], log), project, number)
    return types.SimpleNamespace(about=about, log=log, project=project, number=number, log_pem=log_pem, size=size, root=root, at=at, entries=entries, notes=notes,
                                 logged=logged, leaves=leaves, raw=raw, bodies=bodies, earlier=earlier, result=result, plans=plans)

def verify(data, opened=None, asked=None, seen=None):
    """What there is to say of a bundle that holds, the table of figures that were worked out anew, and the readings."""
    read, files, *_ = opened = opened or open_zip(data)
    asked = asked or types.SimpleNamespace(trusted=set(), authority=None, strict=False)
    its = read_log(data, opened, asked.authority)
    about, entries, raw, bodies, logged, project, result = its.about, its.entries, its.raw, its.bodies, its.logged, its.project, its.result
    keys, ends = check_keys(entries, bodies, read, files)
    batches = {owner: read_batches(owner, some, keys[owner][0], check_note) for owner, some in its.notes.items()}
    check_chains(batches, keys, ends, read_losses(entries, raw, keys, check_note), logged)
    records = read_records(entries, raw, keys, ends, lambda pem: key_of(pem)[0], check_note)

    by_index, validation = {entry.index: entry for entry in entries}, read_json(read("validation.json"), "validation.json", "validation")
    for kind, index in (("result", about["result"]), ("validation", result["validation"])):
        entry = by_index[index]
        sound = entry.subject.startswith(f"{kind}/{project}/") and sha256(read(f"{kind}.json")) == entry.hash and index <= about["result"]
        require(sound, f"the {kind} is not the one in the log")
    require(max(logged.values(), default=-1) < result["logSize"] <= about["result"], "the result, or a batch, was logged in another order than it says")
    plan, decisions, production = check_sources(project, result, entries, bodies)
    channels = list(dict.fromkeys((part["gateway"], part["channel"]) for part in [plan["project"], *plan["project"]["drivers"]] if part["channel"] is not None))
    for told in (result, validation or result):
        require([(one["gateway"], one["channel"]) for one in told["channels"]] == channels, "the channels are not those of the plan")
    shown = read_channels(files, read, batches, logged, channels)
    table, saving = recompute(result, validation, plan, decisions, production, shown), result["saving"] or {}
    check_grades(result, plan, shown, keys, [record for record in records if record["index"] < result["logSize"]])
    signatures = check_reports(about, result, files, read, entries, bodies)

    remarks = check_trust(its.log, its.log_pem, keys, asked.trusted) + (seen.check(its) if seen else [])
    remarks += remarks_of([(instant_of(entry.at), bodies.get(entry.index)) for entry in its.plans], result, signatures)
    require(not (asked.strict and remarks), f"with --strict this counts as a fault: {', '.join(remarks)}")
    return {"log": its.log, "size": its.size, "root": its.root.hex(), "project": project, "saving": saving.get("value"), "halfWidth": saving.get("halfWidth"),
            **{key: result[key] for key in ("verdict", "unit", "grade")}, "batches": len(logged), "days": len(result["days"]), "figures": len(table),
            "readings": sum(len(rows) for _, parts in shown.values() for _, rows in parts), "trusted": bool(asked.trusted), "signatures": len(signatures),
            "remarks": remarks}, table, shown

def judge(asked):
    """Exit code and what there is to say."""
    data, code = bytes_of(asked.path), 65
    try:
        opened = open_zip(data)
        seen = seen_in(asked.seen, asked.path, lambda path: read_log(bytes_of(path))) if asked.seen else None
        code = 3
        return 0, dict(verify(data, opened, asked, seen)[0], verified=True)
    except (Fault, LookupError, TypeError, ValueError, AttributeError, ArithmeticError, StopIteration, RecursionError, struct.error, zlib.error) as e:
        return code, {"verified": False, "fault": str(e) if isinstance(e, Fault) else f"something is not of its form ({type(e).__name__}: {e})"}

def bytes_of(path):
    with open(path, "rb") as file:
        return file.read()

def words_of(arguments):
    """What was asked, with the keys and certificates that it names."""
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1][7:])
    parser.error = lambda what: (print(f"verify: {what}\n{parser.format_usage()}", file=sys.stderr), sys.exit(64))
    parser.add_argument("path")
    parser.add_argument("--trust", action="append", default=[])
    for name in ("--seen", "--time-authority"):
        parser.add_argument(name)
    for name in ("--strict", "--many", "--json"):
        parser.add_argument(name, action="store_true")
    asked = parser.parse_args(arguments)
    try:
        asked.trusted = {bytes_of(path).replace(b"\r", b"").strip() + b"\n" for path in asked.trust}
        all(key_of(pem) for pem in asked.trusted)
    except (Fault, ValueError) as e:
        parser.error(f"--trust: {e}")
    asked.authority = bytes_of(asked.time_authority) if asked.time_authority else None
    if asked.authority is not None and b"-----BEGIN CERTIFICATE-----" not in asked.authority:
        parser.error(f"--time-authority {asked.time_authority}: no certificate in PEM form")
    if asked.seen and not os.path.isdir(asked.seen):
        parser.error(f"--seen {asked.seen}: not a folder")
    return asked

def main(arguments):
    try:
        asked = words_of(arguments)
        for line in bytes_of(asked.path).decode().splitlines() if asked.many else []:
            code, told = judge(own := words_of(shlex.split(line)))
            print(os.path.basename(own.path), code, " ".join(told.get("fault", "verified " + " ".join(told.get("remarks", []))).split()), sep="\t")
        if asked.many:
            return 0
        code, told = judge(asked)
        print(json.dumps(told, sort_keys=True, indent=None if asked.json else 1))
        return code
    except OSError as e:
        print(f"verify: {e}", file=sys.stderr)
        return 74

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
