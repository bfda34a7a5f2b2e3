#!/usr/bin/env python3
"""What a reader brings from outside, for the second verifier: keys to trust, bundles seen before, an authority of time stamps; and the remarks that --strict
makes faults. By Python's standard library and the openssl program, and no code of the first verifier.

usage: outside.py BUNDLE.mevb           where the log stood when the bundle was made, and at each earlier bundle that it shows

Written from cloud/Metering.Evidence/README.md, "What is verified", step 9.
"""
import datetime, os, re, subprocess, sys, tempfile
from readings import Fault, midnight, periods_of, require

WORDS = set("titleEs titleEn measureEs measureEn nameEs nameEn sector state simulated".split())     # of a plan, what changes no number
AS_FAULTS = ("log-untrusted", "older-than-seen", "plan-late", "unsigned", "gaps")

def check_trust(log, log_pem, keys, trusted):
    """The log's key vouches for the gateways' (it took their enrolment), never the other way round. Gives the remark."""
    for gateway, pem in [(gateway, key[0]) for (gateway, _), key in keys.items()] or [(log, log_pem)]:
        require(not trusted or {log_pem, pem} & trusted, f"neither the key of the log {log} nor that of {gateway} is trusted")
    return ["log-untrusted"] if trusted and log_pem not in trusted else []

def check_stamp(note, answer, authority=None):
    """A time stamp (RFC 3161) over the note, signed with a certificate for time stamps that came with it; with certificates of an authority (PEM), one whose
    chain leads to them at the stamp's own instant."""
    with tempfile.TemporaryDirectory() as folder:
        def run(words, text=b""):
            return subprocess.run(["openssl", *words.split()], cwd=folder, input=text, capture_output=True, timeout=60, check=False).stdout
        def keep(name, content):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
        keep("note", note)
        keep("answer", answer)
        keep("certificates", run("pkcs7 -inform DER -print_certs", run("ts -reply -in answer -token_out")))
        told = run("ts -verify -data note -in answer -CAfile certificates -partial_chain -no_check_time")
        require(b"Verification: OK" in told and run("ts -reply -in answer") == answer, "the time stamp is none, or not over its checkpoint")
        if authority is not None:
            keep("authority", authority)
            day, year = re.search(r"Time stamp: (\w+ +\d+ [\d:]+)(?:\.\d+)? (\d{4}) GMT", run("ts -reply -in answer -text").decode()).groups()
            at = datetime.datetime.strptime(f"{day} {year} +0000", "%b %d %H:%M:%S %Y %z").timestamp()
            told = run(f"ts -verify -data note -in answer -CAfile authority -untrusted certificates -attime {at:.0f}")
            require(b"Verification: OK" in told, "the certificate of the time stamp does not come from the authority that was given")

# Bundles seen before

class Seen:
    """What the reader saw of logs: newest checkpoint of each, bundles with their checkpoints, and entries."""

    def __init__(self):
        self.newest, self.bundles, self.entries = {}, {}, {}

    def check(self, shown):
        """Holds what a bundle shows of its log against all that was seen of it, and takes it in. Gives the remark."""
        log, own, is_older = shown.log, (shown.size, shown.root), False
        places = {**shown.earlier, shown.number: own}
        roots = dict(places.values())
        if log in self.newest:
            key, size, root, at = self.newest[log]
            require(key == shown.log_pem, f"the log {log} signed with another key before")
            is_older = shown.size < size and shown.at < at
            require(shown.size >= size or is_older, f"the log {log} had {size} entries already and now claims {shown.size}")
            require(roots.get(size, root) == root, f"the log {log} shows another past than before, over {size} entries")
        for (other, project, number), (size, root) in self.bundles.items():
            is_own = (other, project) == (log, shown.project)
            holds = not is_own or places.get(number, (size, root)) == (size, root) and (number == shown.number or (number < shown.number) == (size < shown.size))
            require(holds and (other != log or roots.get(size, root) == root), f"bundle {number} of {project} showed another past of the log {log}")
        for index, leaf in shown.leaves.items():
            require(self.entries.get((log, index), leaf) == leaf, f"entry {index} of the log {log} was another one before")
        if not is_older:
            self.newest[log] = shown.log_pem, *own, shown.at
        self.bundles.update({(log, shown.project, number): place for number, place in places.items()})
        self.entries.update({(log, index): leaf for index, leaf in shown.leaves.items()})
        return ["older-than-seen"] if is_older else []

def seen_in(folder, but, show):
    """What the bundles of a folder, all but one, showed of their logs: by `show`, the older ones first, so that none is taken for a log that went back."""
    seen, names = Seen(), sorted(name for name in os.listdir(folder) if name.endswith(".mevb") and not os.path.samefile(os.path.join(folder, name), but))
    try:
        for shown in sorted((show(os.path.join(folder, name)) for name in names), key=lambda one: one.size):
            seen.check(shown)
    except Fault as e:
        raise Fault(f"in the folder of --seen: a bundle is not sound, or contradicts another one ({e})") from e
    return seen

# Remarks

def is_signed_by_two(signatures):
    """Whether an author and another account as reviewer approve; of each role and account the last word counts."""
    last = {(one["role"], one["actor"]): one["isApproved"] for one in signatures}
    return any(last[author] and last[other] for author in last for other in last if (author[0], other[0]) == ("author", "reviewer") and author[1] != other[1])

def is_late(plans):
    """Whether the numbers of the plan in force were fixed after the installation began; `plans` are (instant, body or None) of its versions, the newest last."""
    def numbers(plan):
        return [{key: value for key, value in plan[part].items() if key not in WORDS} for part in ("project", "plant")]
    at, plan = plans[-1]
    for earlier, body in reversed(plans):
        if body is None or numbers(body) != numbers(plan):
            break
        at = earlier
    zone, periods, _ = periods_of(plan)
    return at > midnight(periods[2][1], zone)

def remarks_of(plans, result, signatures):
    days = [day["state"] for day in result["days"] if day["phase"] in ("baseline", "reporting")]
    return (["plan-late"] if is_late(plans) else []) + ([] if is_signed_by_two(signatures) else ["unsigned"]) + (
        ["gaps"] if {"missing", "driver-missing"} & set(days) else [])

def main(path):
    import verify
    shown = verify.read_log(verify.bytes_of(path))
    for number, (size, root) in [*shown.earlier.items(), (shown.number, (shown.size, shown.root))]:
        print(number, size, root.hex(), sep="\t")

if __name__ == "__main__":
    main(sys.argv[1])
