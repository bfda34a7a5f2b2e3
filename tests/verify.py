#!/usr/bin/env python3
"""Second verifier of evidence bundles: Python 3 standard library and the openssl program, no code shared with the first.

usage: verify.py BUNDLE.mevb [--trust KEY.pem]... [--json]
       verify.py --many FOLDER [--trust KEY.pem]...       one line for each file: name, exit code, what is wrong

Written from cloud/Metering.Evidence/README.md and gateway/Metering.Readings. It checks form, seal, log, keys, batches and readings whole; of the result what can be
recomputed without the statistics: days from the registers, versions of channels, sums, and the model's value of each day from its coefficients.
Exit codes: 0 verified, 3 does not match, 64 usage, 65 not a bundle, 70 a fault of this program, 74 cannot be read.
"""
import base64, datetime, hashlib, json, os, re, subprocess, sys, zoneinfo

from verifier.bundle import EPOCH, KEYS, open_zip, read_json
from verifier.gateways import check_chain, check_epochs, check_keys, check_losses, read_batches, read_segments, same, split_notes, unpack_notes
from verifier.log import check_numbers, instant_of, read_entries, root_of
from verifier.result import check_channel, check_days, check_decisions, check_drivers, check_sums, span_of
from verifier.signatures import IDENTIFIER, Fault, NotABundle, check_by_openssl, key_of, require, split_note

UNSALTED = {"key", "configuration", "batch", "loss", "result", "report", "erasure"}


def newest(entries, bodies, kind, scope, size):
    """Of each record of this kind and scope its newest version that was logged before the result, with its index."""
    found = {}
    for entry in entries:
        if entry.kind == kind and entry.subject.startswith(f"{kind}/{scope}/") and entry.index < size:
            require(entry.index in bodies, f"the body of {entry.subject} is not shown")
            body = bodies[entry.index]
            require(body[kind] == 1 and body["plant" if kind == "production" else "project"] == scope, f"{entry.subject} names another project or plant than its body")
            found[body["id"]] = (body, entry.index)
    return [(body, index) for body, index in found.values() if not body["withdrawn"]]


def check_seal(seal, length, digest, log_pem):
    """Name of the log that sealed so many bytes of this hash."""
    try:
        text, log, _ = split_note(seal)
        match = re.fullmatch(rf"metering/v1/bundle/{re.escape(log)}\nbytes (0|[1-9][0-9]{{0,18}})\nsha256 ([0-9a-f]{{64}})\n", text.decode("latin-1"))
    except Fault:
        match = None
    if match is None:
        raise NotABundle("the ZIP comment is no seal")
    require((int(match[1]), match[2]) == (length, digest), "bytes were changed after the bundle was sealed")
    check_by_openssl(seal, log_pem, "the seal")
    return log


def read_checkpoint(note, log, log_pem):
    text, signer = check_by_openssl(note, log_pem, "the checkpoint")
    match = re.fullmatch(rf"metering/v1/log/{re.escape(log)}\n([1-9][0-9]{{0,18}})\n([A-Za-z0-9+/]{{43}}=)\nat (\S+)\n", text.decode("latin-1"))
    require(match and signer == log and int(match[1]) < 2**63 and base64.b64encode(base64.b64decode(match[2])).decode() == match[2], "the checkpoint is not of its form, or of another log")
    return int(match[1]), base64.b64decode(match[2]), instant_of(match[3])


def check_inclusion(entries, notes, size, root, proof):
    """All entries are leaves of the tree with this root; of a batch the entry has the hash of its note. Gives {(gateway, epoch, number): index}."""
    hashes, leaves, logged = {}, {}, {}
    for name, content in notes.items():
        for note in split_notes(content):
            number = re.search(rb"\nbatch ([1-9][0-9]{0,18})\n", note)
            require(number, "a batch has no number")
            hashes[f"batch/{name[0]}/{name[1]}/{number[1].decode()}"] = (hashlib.sha256(note).hexdigest(), (*name, int(number[1])))
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
    by_index, raw, bodies = {entry.index: entry for entry in entries}, {}, {}
    for name in files:
        if name.startswith("bodies/"):
            index = int(name[7:])
            salt, _, body = read(name).partition(b"\n")
            require(index in by_index and by_index[index].kind not in ("batch", "result"), f"{name} belongs to no entry")
            entry = by_index[index]
            require(salt == b"-" if entry.kind in UNSALTED else re.fullmatch(rb"[0-9a-f]{32}", salt), f"the salt of {entry.subject} is not of its form")
            require(hashlib.sha256((b"" if salt == b"-" else bytes.fromhex(salt.decode())) + body).hexdigest() == entry.hash, f"the body of {entry.subject} is not the one in the log")
            raw[index] = body
            if entry.kind in KEYS:
                bodies[index] = read_json(body, entry.subject, "end" if entry.subject.endswith("/end") else entry.kind)
    erased = {body["index"]: index for index, body in bodies.items() if by_index[index].kind == "erasure"}
    require(all(index < by for index, by in erased.items()), "an entry erases what comes after it")
    for entry in entries:
        require(entry.kind in ("batch", "result") or entry.index in raw or entry.index in erased, f"the body of {entry.subject} is not shown, and no entry says that it was erased")
    return raw, bodies


def check_trust(log, log_pem, keys, trusted):
    """The log's key vouches for the gateways' (it took their enrolment), never the other way round."""
    outside = {key_of(pem) for pem in trusted}
    if outside and key_of(log_pem) not in outside:
        require(keys, f"the key of the log {log} is none of those trusted")
        for (gateway, _), (pem, _, _) in keys.items():
            require(key_of(pem) in outside, f"neither the key of the log {log} nor that of {gateway} is one of those trusted")


def check_sources(about, result, entries, bodies):
    """The plan in force when the result was made; and that the result names the decisions and the production that counted then."""
    project, size = about["project"], result["logSize"]
    plans = [entry.index for entry in entries if entry.kind == "plan" and entry.subject.startswith(f"plan/{project}/") and entry.index < size]
    require(plans and plans[-1] == result["plan"] in bodies, "the result does not stand on the newest plan before it")
    plan = bodies[result["plan"]]
    require(plan["plan"] == 1 and plan["project"]["id"] == project == result["project"], "plan, result and bundle are of different projects")
    decisions = sorted(newest(entries, bodies, "decision", project, size), key=lambda one: (one[0]["event"]["firstDay"], one[0]["eventId"], one[0]["id"]))
    require([index for _, index in decisions] == result["decisions"], "the result leaves out a decision, or takes one that does not count")
    has_product = any(driver["product"] is not None for driver in plan["project"]["drivers"])
    production = newest(entries, bodies, "production", plan["plant"]["id"], size) if has_product else []
    require(sorted(index for _, index in production) == result["production"], "the result leaves out production, or takes some that does not count")
    return plan, [body for body, _ in decisions], [body for body, _ in production]


def read_channels(files, read, batches, logged, channels):
    """{(gateway, channel): (what it is, [(log index, readings)])} of the project's channels, of which none may be withheld."""
    shown = {}
    segments = filter(None, (re.fullmatch(rf"readings/({IDENTIFIER})\.({EPOCH})/({IDENTIFIER})\.txt", name) for name in files))
    for match in sorted(segments, key=lambda match: (match[1], int(match[2]), match[3])):
        owner, channel = (match[1], int(match[2])), match[3]
        require(owner in batches and (owner[0], channel) in channels, f"{match[0]} is no channel of the project, or without its batches")
        its, parts = read_segments(owner, channel, read(match[0]), batches[owner])
        before, so_far = shown.get((owner[0], channel), (its, []))
        require(same(before, its), f"{channel} changes its unit, decimals or kind")
        shown[owner[0], channel] = (its, so_far + [(logged[(*owner, number)], rows) for number, rows in parts])
    for owner, some in batches.items():
        for channel in {channel for batch in some for channel in batch.channels if (owner[0], channel) in channels}:
            require(f"readings/{owner[0]}.{owner[1]}/{channel}.txt" in files, f"the readings of {channel} are withheld")
    return shown


def check_figures(result, plan, shown, keys, channels, production):
    """How many days were worked out anew from the register, drivers from records and registers, and baselines from the model."""
    span, recomputed, readings = span_of(plan), 0, {}
    require([(one["gateway"], one["channel"]) for one in result["channels"]] == channels, "the result's channels are not those of the plan")
    for place, stated in enumerate(result["channels"]):
        its, parts = shown.get((stated["gateway"], stated["channel"]), (None, []))
        rows = {row[0]: row for _, part in sorted(parts, key=lambda part: part[0]) for row in part if span[0] <= row[0] < span[1]}
        grade = max(key[2] for (gateway, _), key in keys.items() if gateway == stated["gateway"]) if rows else None
        require(stated["grade"] == grade, f"the grade of {stated['channel']} is not that of its keys")
        if not rows:
            require(stated["readings"] == 0 and stated["version"] == "", f"there are no readings of {stated['channel']}")
            continue
        values = check_channel(its, [rows[at] for at in sorted(rows)], stated)
        readings[stated["gateway"], stated["channel"]] = (values, its, {finding["utc"] for finding in stated["findings"]})
        if place == 0 and its.kind != "gauge":
            recomputed = check_days(plan, result, values, its)
    require(result["grade"] == max((one["grade"] for one in result["channels"] if one["grade"]), default=None), "the result's grade is not the weakest of its channels")
    return recomputed, check_drivers(plan, result, readings, production), check_sums(result)


def check_reports(about, result, files, read, entries, bodies):
    """Program, parts and reports have the hashes that stand in result and log. Gives the number of signatures under this result."""
    by_index, project = {entry.index: entry for entry in entries}, about["project"]
    for name, digest in (("code.json", result["code"]["sha256"]), ("sbom.cdx.json", result["sbom"])):
        require(hashlib.sha256(read(name)).hexdigest() == digest, f"{name} is not the one the result was computed by")
    for language in ("es", "en"):
        require((language in about["reports"]) == (f"report.{language}.html" in files), f"the report in {language} is named and not there, or there and not named")
        if language in about["reports"]:
            body, entry = bodies[about["reports"][language]], by_index[about["reports"][language]]
            require(entry.kind == "report" and entry.subject.startswith(f"report/{project}/") and (body["language"], body["resultIndex"]) == (language, about["result"])
                    and body["sha256"] == hashlib.sha256(read(f"report.{language}.html")).hexdigest(), f"the report in {language} is not the one in the log, or of another result")
    signatures = [body["after"] for index, body in bodies.items() if by_index[index].kind == "signature" and by_index[index].subject.startswith(f"signature/{project}/") and body["after"] is not None]
    signatures = [one for one in signatures if one["resultHash"] == result["version"]]
    require(all(isinstance(one["role"], str) and isinstance(one["isApproved"], bool) for one in signatures), "a signature is not of its form")
    return len(signatures)


def verify(data, trusted):
    """What there is to say of a bundle that holds."""
    files, read, seal, length = open_zip(data)
    log_pem = read("keys/log.pem")
    log = check_seal(seal, length, hashlib.sha256(data[:length]).hexdigest(), log_pem)
    about = read_json(read("bundle.json"), "bundle.json", "bundle")
    require(about["format"] == "metering/v1/bundle" and about["log"] == log and list(about["reports"]) in ([], ["es"], ["en"], ["es", "en"]), "bundle.json is of another format or log")
    size, root, latest = read_checkpoint(read("log/checkpoint.note"), log, log_pem)
    entries = read_entries(read("log/entries.txt"), size, latest)
    matches = list(filter(None, (re.fullmatch(rf"batches/({IDENTIFIER})\.({EPOCH})\.(notes|hashes)", name) for name in files)))
    require({match.group(1, 2) for match in matches if match[3] == "notes"} == {match.group(1, 2) for match in matches if match[3] == "hashes"}, "notes of batches without their hashes, or the other way round")
    notes = {(match[1], int(match[2])): unpack_notes(read(match[0]), read(match[0][:-5] + "hashes")) for match in matches if match[3] == "notes"}
    logged = check_inclusion(entries, notes, size, root, read("log/proof.bin"))
    raw, bodies = read_bodies(files, read, entries)

    keys, ends = check_keys(entries, bodies, read, files)
    losses, open_ones, batches = check_losses(entries, raw, keys), dict(logged), {}
    for name, content in notes.items():
        require(name in keys, f"there is no key of {name[0]}, epoch {name[1]}")
        batches[name] = read_batches(name, content, keys[name][0])
        check_chain(name, batches[name], losses, open_ones, keys[name][1], ends.get(name))
    require(not open_ones, "batches are in the log that are not shown")
    check_epochs(batches, ends, losses)
    check_trust(log, log_pem, keys, trusted)

    content, entry = read("result.json"), next((entry for entry in entries if entry.index == about["result"]), None)
    result = read_json(content, "result.json")
    require(entry and entry.kind == "result" and entry.subject.startswith(f"result/{about['project']}/") and hashlib.sha256(content).hexdigest() == entry.hash, "the result is not the one in the log")
    require(result["logSize"] <= entry.index and all(index < result["logSize"] for index in logged.values()), "the result, or a batch, was logged in another order than the result says")
    plan, decisions, production = check_sources(about, result, entries, bodies)
    check_decisions(result, decisions)
    check_numbers(entries, (about["project"], plan["plant"]["id"]))
    channels = list(dict.fromkeys((part["gateway"], part["channel"]) for part in [plan["project"], *plan["project"]["drivers"]] if part["channel"] is not None))
    shown = read_channels(files, read, batches, logged, channels)
    recomputed, drivers, predicted = check_figures(result, plan, shown, keys, channels, production)
    signatures, saving = check_reports(about, result, files, read, entries, bodies), result["saving"] or {}
    return {"log": log, "size": size, "root": root.hex(), "project": about["project"], "verdict": result["verdict"], "unit": result["unit"], "saving": saving.get("value"), "halfWidth": saving.get("halfWidth"),
            "grade": result["grade"], "batches": sum(map(len, batches.values())), "readings": sum(len(rows) for _, parts in shown.values() for _, rows in parts), "days": len(result["days"]),
            "daysFromRegister": recomputed, "driversFromRecords": drivers, "daysFromModel": predicted, "signatures": signatures, "trusted": bool(trusted)}


def judge(data, trusted):
    """Exit code and what there is to say."""
    try:
        return 0, verify(data, trusted)
    except NotABundle as e:
        return 65, str(e)
    except Fault as e:
        return 3, str(e)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError, zoneinfo.ZoneInfoNotFoundError) as e:
        return 3, f"something is not of its form ({type(e).__name__}: {e})"


def main(arguments):
    paths, trusted, many, as_json = [], [], False, False
    rest = iter(arguments)
    for word in rest:
        if word == "--trust":
            trusted.append(next(rest, ""))
        elif word in ("--many", "--json"):
            many, as_json = many or word == "--many", as_json or word == "--json"
        else:
            paths.append(word)
    if len(paths) != 1 or paths[0].startswith("-") or "" in trusted:
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        return 64
    try:
        keys = []
        for path in trusted:
            done = subprocess.run(["openssl", "pkey", "-pubin", "-pubout", "-in", path], capture_output=True, timeout=60, check=False)
            if done.returncode != 0:
                print(f"verify: {path} holds no public key in PEM", file=sys.stderr)
                return 64
            keys.append(done.stdout)
        worst = 0
        for path in sorted(os.path.join(paths[0], name) for name in os.listdir(paths[0])) if many else paths:
            with open(path, "rb") as file:
                code, told = judge(file.read(), keys)
            worst = max(worst, code)
            if many:
                print(f"{os.path.basename(path)}\t{code}\t{told if code else 'verified'}")
            elif as_json:
                print(json.dumps({"verified": code == 0, **(told if code == 0 else {"fault": told})}, sort_keys=True))
            elif code:
                print(f"{'does not match' if code == 3 else 'not a bundle'}: {told}", file=sys.stderr)
            else:
                print("\n".join(f"{name}: {value}" for name, value in told.items()) + "\nverified" + ("" if keys else ", as far as it agrees with itself: pass --trust with the log's key"))
        return 0 if many else worst
    except OSError as e:
        print(f"verify: {e}", file=sys.stderr)
        return 74


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
