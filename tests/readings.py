#!/usr/bin/env python3
"""Readings, for the second verifier: from the files of a bundle to the register at midnight, by Python's standard library and no code of the first verifier.

usage: readings.py BUNDLE.mevb          every reading: gateway, channel, instant (UTC milliseconds), integer, quality

Written from cloud/Metering.Evidence/README.md and gateway/Metering.Readings. `verify.py` checks the signed notes whose hashes the readings must have.
"""
import base64, bisect, collections, datetime, functools, hashlib, math, re, struct, sys, zoneinfo

ID, EPOCH, NUMBER, LONG, HASH = "([a-z0-9][a-z0-9._-]{0,63})", "([1-9][0-9]{0,8})", "([1-9][0-9]{0,17})", "([1-9][0-9]{0,18})", "([0-9a-f]{64})"
INTEGER, NATURAL = "(0|-?[1-9][0-9]{0,18})", "(0|[1-9][0-9]{0,18})"
REASONS = "timeout crc exception disconnected unexpected-reply sentinel out-of-range late frozen clock-unsynced rollover reset glitch estimated".split()
QUALITIES = {letter + one: 64 * place + code for place, letter in enumerate("GUBS") for code, one in enumerate(["", *("." + reason for reason in REASONS)])}
MANIFEST = (
    rf"metering/v1/batch\ngateway {ID}\nepoch {LONG}\nboot [0-9a-f]{{16}}\nbatch {LONG}\nprevious {HASH}\nconfig {HASH}\nsoftware [\x00-\x09\x0b-\x1f!-\x7f]+\n"
    rf"span {INTEGER} {INTEGER}\nclock [UISR] {INTEGER} {INTEGER}\nreadings {INTEGER}\n"
    rf"((?:channel {ID} [1-9][0-9]{{0,4}} {HASH}\n){{0,1024}})(gap {INTEGER} {INTEGER} {ID} {INTEGER}\n){{0,1024}}")
HEADER = rf"channel {ID}\nmeter {ID}\nunit (\S+)\ndecimals (0|[1-9]|1[0-8]|binary64)\nkind (gauge|counter (?:-|{LONG}))\nprofile ({ID}/{ID})\n"
BATCH_LINE, ROW_LINE = re.compile(f"#(?:{NATURAL} {NATURAL} {NATURAL} {NATURAL})?"), re.compile(f"{INTEGER}?(?:,([^@]*))?(?:@{NATURAL})?")
Batch = collections.namedtuple("Batch", "number hash previous first last channels")
Header = collections.namedtuple("Header", "unit decimals kind profile")
HOUR, DAY = 3_600_000, 86_400_000
RESET, MOST_BREAKS, LARGEST = 12, 1000, 10**17             # RESET: the quality of a good reading with which a register began anew

class Fault(Exception):
    """What does not match."""

def require(holds, what):
    if not holds:
        raise Fault(what)

def form(pattern, text, what):
    """The groups of a text in the form of a pattern; its numbers fit in 64 bits."""
    match, long = re.fullmatch(pattern, text, re.ASCII), re.findall(r"(?<![^ \n])-?[0-9]{19}(?![^ \n])", text)
    require(match and all(-2**63 <= int(number) < 2**63 for number in long), f"{what} is not of its form")
    return match.groups()

def sha256(data):
    return hashlib.sha256(data).hexdigest()

# What gateways signed; `check_note` gives the text of a note whose signature holds

def split_notes(text, hashes):
    """Signed notes one behind the other; the hashes at the end of their lines stand apart as bytes."""
    first, *parts = text.split(b" =\n")
    require(len(hashes) == 32 * len(parts), "there are more or fewer hashes than the notes have places for")
    text, notes, at = first + b"".join(b" %b\n%b" % (hashes[32 * place:32 * place + 32].hex().encode(), part) for place, part in enumerate(parts)), [], 0
    while at < len(text):
        notes.append(text[at:text.index(b"\n", text.index(b"\n\n", at) + 2) + 1])
        at += len(notes[-1])
    return notes

def read_batches(owner, notes, pem, check_note):
    """The batches of a gateway in a key epoch, each checked by itself."""
    batches = []
    for note in notes:
        text = check_note(note, pem, owner[0], f"a batch of {owner[0]}")
        gateway, epoch, number, previous, _, first, last, _, _, count, lines, *_ = form(MANIFEST, text, f"a batch of {owner[0]}")
        channels = {channel: (int(size), digest) for _, channel, size, digest in (line.split(" ") for line in lines.splitlines())}
        require((gateway, int(epoch)) == owner, f"among the batches of {owner[0]} stands one of another gateway or key epoch")
        ascending, total = list(channels) == sorted(channels) and len(channels) == lines.count("\n"), sum(size for size, _ in channels.values())
        holds = ascending and int(first) <= int(last) and (number == "1") == (previous == "0" * 64) and total == int(count) in range(1, 65537)
        require(holds, f"batch {number} of {gateway} contradicts itself")
        batches.append(Batch(int(number), sha256(note), previous, int(first), int(last), channels))
    return batches

def read_losses(entries, raw, keys, check_note):
    """{(gateway, epoch): [(first, last, hash of the last lost note)]}, each signed by the gateway."""
    losses = collections.defaultdict(list)
    for entry in (entry for entry in entries if entry.kind == "loss"):
        gateway, epoch, first = form(rf"loss/{ID}/{EPOCH}/{NUMBER}", entry.subject, "a loss's subject")
        if (gateway, int(epoch)) in keys:
            lost = rf"metering/v1/lost\ngateway {re.escape(gateway)}\nepoch {epoch}\nfirst {first}\nlast {NUMBER}\nprevious {HASH}\n"
            last, digest = form(lost, check_note(raw[entry.index], keys[gateway, int(epoch)][0], gateway, entry.subject), entry.subject)
            require(int(last) >= int(first), f"{entry.subject}: the last lost batch comes before the first")
            losses[gateway, int(epoch)].append((int(first), int(last), digest, None))
    return losses

def same(left, right):
    """Whether integers of both mean the same; where a register begins again, and the profile, may change."""
    return (left.unit, left.decimals, left.kind.split()[0]) == (right.unit, right.decimals, right.kind.split()[0])

def read_segments(owner, channel, data, batches):
    """What a channel is, and its readings: [(batch, [(instant, value or None, quality)])]. They stand in the file as differences; put together as the text of a
    segment they have the hash of its note's line: so what a line may hold need not be checked further, as long as it comes out as signed."""
    lines, header, its, parts = data.decode("latin-1").split("\n"), "", None, []
    at, number, following, step, count, value = 1, 0, 0, 0, 0, 0
    for batch in (batch for batch in batches if channel in batch.channels):
        if lines[at].startswith(">"):
            header, at = "".join(line + "\n" for line in lines[at:at + 6]), at + 6
            header = re.sub("^>", "", header, flags=re.MULTILINE) if header.count("\n>") == 5 else ""
        match, number = BATCH_LINE.fullmatch(lines[at]), number + 1
        if match[1]:
            number, following, step, count = map(int, match.groups())
        rows, text = [], [f"metering/v1/segment\ngateway {owner[0]}\nbatch {number}\n{header}\n"]
        for line in lines[at + 1:at + 1 + count]:
            difference, quality, instant = ROW_LINE.fullmatch(line).groups()
            following, quality = int(instant) if instant else following, "G" if quality is None else quality
            value = (value + int(difference) + 2**63) % 2**64 - 2**63 if difference else value
            require(len(difference or "") < 19 or -2**63 <= int(difference) < 2**63, f"a difference of {channel} does not fit in 64 bits")
            rows.append((following, value if difference else None, QUALITIES[quality]))
            text.append(f"{following},{value if difference else ''},{quality}\n")
            following += step
        at += 1 + count
        digest = sha256("".join(text).encode("latin-1"))
        require(number == batch.number and (len(rows), digest) == batch.channels[channel], f"the segment of {channel} in batch {number} is not the signed one")
        name, _, unit, decimals, kind, _, profile, *_ = form(HEADER, header, f"the header of {channel}")
        before, its = its, Header(unit, decimals, kind, profile)
        require(name == channel and same(before or its, its) and (decimals != "binary64" or kind == "gauge"), f"{channel} is another, or changes what it is")
        ascending = all(left[0] < right[0] for left, right in zip(rows, rows[1:])) and all(row[1] is not None or row[2] >> 6 == 2 for row in rows)
        require(ascending and batch.first <= rows[0][0] and rows[-1][0] <= batch.last and following < 2**63, f"readings of {channel} contradict batch {number}")
        parts.append((number, rows))
    require(lines[0] == "metering/v1/differences" and lines[at:] == [""], f"there are too many readings of {channel}, or their file is not of its form")
    return its, parts

def read_channels(files, read, batches, logged, channels):
    """{(gateway, channel): (what it is, [(log index, readings)])} of the project's channels, of which none may be withheld."""
    shown, named = {}, {(owner, channel) for owner, some in batches.items() for batch in some for channel in batch.channels}
    wanted = sorted((owner, channel) for owner, channel in named if (owner[0], channel) in channels)
    for owner, channel in wanted:
        its, parts = read_segments(owner, channel, read(f"readings/{owner[0]}.{owner[1]}/{channel}.txt"), batches[owner])
        before, so_far = shown.get((owner[0], channel), (its, []))
        require(same(before, its), f"{channel} changes its unit, decimals or kind")
        shown[owner[0], channel] = its, so_far + [(logged[(*owner, number)], rows) for number, rows in parts]
    require(sum(name.startswith("readings/") for name in files) == len(wanted), "readings are shown that no batch names, or that are not the project's")
    return shown

ENTRY = "gateway epoch entry kind channel at value unit decimals final initial serial entered operator method photo supersedes note".split()
WORD = r"((?:[A-Za-z0-9._~]|%[0-9A-F]{2})(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})*|-(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})+|-)"
MAYBE = INTEGER[:-1] + "|-)"
ENTRY_FORM = (
    rf"metering/v1/field\ngateway {ID}\nepoch {EPOCH}\nentry {LONG}\nkind (reading|swap)\nchannel {ID}\nat {NATURAL}\nvalue {MAYBE}\nunit (\S+)\n"
    rf"decimals ([0-9]|1[0-8])\n(?:final {MAYBE}\ninitial {MAYBE}\nserial {WORD}\n)?entered {NATURAL}\noperator {WORD}\nmethod {WORD}\n"
    rf"photo ([0-9a-f]{{64}}|-)\nsupersedes ([1-9][0-9]{{0,18}}|-)\nnote {WORD}\n")
RECORD_FORM = (
    rf"metering/v1/commissioning\ngateway {ID}\nmeter {ID}\nrecord {LONG}\nprofile T\nway T\nat (\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\nclock T\n"
    rf"serial T\nmaker T\nclass T\ncertificate T\ncertificate-due (\d{{4}}-\d\d-\d\d|-)\nct T\npt T\nk-factor T\nchannel {ID}\nunit T\ndecimals T\n"
    rf"display T\nregister T\nregister-later T\n(photo {HASH} T\n){{0,20}}installer T\n").replace(" T", r" [^\x00-\x1f\x7f]+")

def read_records(entries, raw, keys, ends, id_of, check_note):
    """What people recorded at gateways: notes in their one form, of the gateway and channel of their subject, signed by a key of that gateway while it held.
    Gives what was entered about channels, as fields by name, with the index of its entry."""
    found = []
    for index, kind, _, subject, _ in (entry for entry in entries if entry.kind in ("manual", "commissioning") and raw.get(entry.index, b"{")[:1] != b"{"):
        note = raw[index]
        text = note[:note.rfind(b"\n\n") + 1].decode("utf-8")
        if kind == "manual":
            fields = dict(zip(ENTRY, form(ENTRY_FORM, text, subject)), index=index)
            swap = (fields["kind"] == "swap", fields["value"] == "-", fields["serial"] is not None)
            require(len(set(swap)) == 1 and subject.startswith("manual/{gateway}/{channel}/".format(**fields)), f"{subject} is about something else")
            gateway, epochs = fields["gateway"], [int(fields["epoch"])]
            found.append(fields)
        else:
            gateway, epochs = form(RECORD_FORM, text, subject)[0], [epoch for _, epoch in keys]
            require(subject.startswith(f"commissioning/{gateway}/"), f"{subject} is about something else")
        key_id = base64.b64decode(note.rstrip(b"\n").rpartition(b" ")[2])[:4]
        epoch = next((one for one in epochs if (gateway, one) in keys and id_of(keys[gateway, one][0]) == key_id), None)
        require(epoch is not None, f"{subject} is signed by no key of {gateway} that is shown")
        check_note(note, keys[gateway, epoch][0], gateway, subject)
        end = ends.get((gateway, epoch), (None, 0))
        require(keys[gateway, epoch][1] < index and (end[1] is not None or index < end[0]), f"{subject} is signed by a key before its time, or after it")
    return found

def is_covered(row, its, entries):
    """Whether a photo stands behind a reading of a person: of the entry itself, or of the change of meter whose registers stand 2 and 1 ms before it."""
    wanted = {("reading", "value", row[0]), ("swap", "final", row[0] + 2), ("swap", "initial", row[0] + 1)}
    proved = [one for one in entries if one["photo"] != "-" and (one["unit"], one["decimals"]) == (its.unit, its.decimals)]
    return any((one["kind"], name, int(one["at"])) in wanted and one[name] == str(row[1]) for one in proved for name in ("value", "final", "initial"))

def check_grades(result, plan, shown, keys, records):
    """A channel has the weakest grade of its gateway's keys; one whose readings people enter is C at best, and D unless a photo stands behind every reading
    that counts. The result has the weakest of its channels."""
    for one in result["channels"]:
        its, parts = shown.get((one["gateway"], one["channel"]), (None, []))
        grade = max((key[2] for (gateway, _), key in keys.items() if gateway == one["gateway"]), default=None)
        if its and its.profile.startswith("manual/"):
            entries, own = [], [entry for entry in records if (entry["gateway"], entry["channel"]) == (one["gateway"], one["channel"])]
            for entry in sorted(own, key=lambda entry: -entry["index"]):
                entries += [entry] if not any(later["supersedes"] == entry["entry"] for later in entries) else []
            rows = Channel(its, parts, periods_of(plan)[2], []).good
            grade = max(grade, "C") if rows and all(is_covered(row, its, entries) for row in rows) else "D"
        require(one["grade"] == (grade if one["readings"] else None), f"the grade of {one['channel']} is not that of its keys")
    require(result["grade"] == max(filter(None, (one["grade"] for one in result["channels"])), default=None), "the result's grade is not its weakest channel's")

# From readings to days

@functools.lru_cache(20_000)
def midnight(day, zone):
    """First instant of a local day in UTC milliseconds: where the clock skips midnight, the first after the change."""
    for minute in range(1440):
        moment = datetime.datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone)
        utc = moment.astimezone(datetime.timezone.utc)
        if utc.astimezone(zone).replace(tzinfo=None) == moment.replace(tzinfo=None):
            return int(utc.timestamp()) * 1000
    raise Fault(f"{day} has no beginning in {zone}")

def periods_of(plan):
    """The plant's zone; (period, first day, last day) of each period; the time whose readings count: six hours more than baseline to reporting period."""
    zone, day_of, project = zoneinfo.ZoneInfo(plan["plant"]["zone"]), datetime.date.fromisoformat, plan["project"]
    periods = [(name, day_of(project[name + "First"]), day_of(project[name + "Last"])) for name in ("baseline", "reporting", "installation")]
    return zone, periods, (midnight(periods[0][1], zone) - 6 * HOUR, midnight(periods[1][2] + datetime.timedelta(days=1), zone) + 6 * HOUR)

class Channel:
    """Readings of a channel in the project's span, and of a counter its register: unbroken stretches without rollovers."""

    def __init__(self, its, parts, span, findings):
        newest = {row[0]: row for _, part in sorted(parts, key=lambda part: part[0]) for row in part if span[0] <= row[0] < span[1]}
        self.rows, self.findings = [newest[at] for at in sorted(newest)], findings
        self.unit, self.decimals, kind = (its.unit, its.decimals, its.kind.split()) if newest else (None, None, [None])
        self.kind, self.modulus = kind[0], int(kind[1]) if kind[1:] not in ([], ["-"]) else None
        self.good, breaks = [], 0
        for row in self.rows:
            breaks += self.kind == "counter" and row[1] is not None and row[2] == RESET
            if row[1] is not None and row[2] >> 6 == 0 and breaks <= MOST_BREAKS:
                self.good.append(row)
        self.at = [row[0] for row in self.good]
        self.power = 10 ** int(self.decimals) if self.decimals not in (None, "binary64") else None

    def version(self):
        """Hash of all readings, by which a result pins them."""
        if not self.rows:
            return ""
        columns = list(zip(*self.rows))
        numbers = [struct.pack(f"<{len(self.rows)}q", *column) for column in (columns[0], [value or 0 for value in columns[1]])]
        head = f"metering/v1/version {self.unit} {self.decimals} {len(self.rows)}\n".encode()
        return hashlib.sha256(head + numbers[0] + numbers[1] + bytes(columns[2]) + bytes(value is not None for value in columns[1])).hexdigest()

    def value(self, row):
        bits = struct.pack("<q", row[1] if row[1] >= 0 else row[1] ^ (2**63 - 1))      # doubles stand as integers of the same order
        return row[1] / self.power if self.power else struct.unpack("<d", bits)[0]

    @functools.cached_property
    def register(self):
        """Instants, registers and stretches of the readings that count. What a fall or a jump was is taken from the findings; nothing falls without one."""
        findings, drop, rolled, stretch = {}, 0, 0, 0
        for finding in self.findings:
            findings.setdefault(finding["utc"], []).append((finding["rule"], [int(number) for number in re.findall(r"(\d+) readings", finding["detail"])]))
        times, values, stretches = [], [], []
        for at, value, quality in self.good:
            if not 0 <= value < (LARGEST + 1 if self.modulus is None else self.modulus):
                continue
            found = findings.get(at, ())
            drop = max([drop] + [numbers[0] if numbers else 1 for kind, numbers in found if kind in ("transient-low", "spike", "unconfirmed")]) - 1
            if drop >= 0:
                continue
            if quality == RESET or any(kind in ("reset", "replacement") for kind, _ in found):
                rolled, stretch = 0, stretch + 1
            rolled += (self.modulus or 0) * sum(kind == "rollover" for kind, _ in found)
            holds = not times or stretch != stretches[-1] or value + rolled >= values[-1]
            require(holds, f"a register falls at {at}, and no finding says why")
            for column, one in ((times, at), (values, value + rolled), (stretches, stretch)):
                column.append(one)
            drop = max([0] + [numbers[0] - 1 for kind, numbers in found if kind == "stuck-then-caught-up"])
        return times, values, stretches

    def at_borders(self, borders):
        """Stretch, register (between two readings in proportion, to whole steps) and time between these readings, at ascending instants; None if none."""
        times, values, stretches = self.register
        known, place = [], 0
        for border in borders:
            while place < len(times) and times[place] <= border:
                place += 1
            if place and times[place - 1] == border:
                known.append((stretches[place - 1], values[place - 1], 0))
            elif 0 < place < len(times) and stretches[place] == stretches[place - 1]:
                span = times[place] - times[place - 1]
                share = ((values[place] - values[place - 1]) * (border - times[place - 1]) + span // 2) // span
                known.append((stretches[place], values[place - 1] + share, span))
            else:
                known.append(None)
        return known

    def days(self, borders):
        """Use and state of each day: both its midnights read, or lying between readings at most three hours apart, and no break between them."""
        known, days = self.at_borders(borders), []
        for day, (left, right) in enumerate(zip(known, known[1:])):
            places = [(bisect.bisect_right(self.at, border), bisect.bisect_left(self.at, border)) for border in borders[day:day + 2]]
            gap = max(self.at[after] - self.at[before - 1] if before and after < len(self.at) else math.inf for before, after in places)
            is_ahead, is_known = not self.at or borders[day + 1] > self.at[-1], left and right and left[0] == right[0] and gap <= 3 * HOUR
            known_use = ((right[1] - left[1]) / self.power, "measured" if gap <= 2 * HOUR else "allocated") if is_known else (None, "missing")
            days.append((None, "ahead") if is_ahead else known_use)
        return days

    @functools.cached_property
    def spacing(self):
        """Median time between readings, of at most some 4,096 pairs."""
        at = [row[0] for row in self.good if self.kind == "gauge" or 0 <= row[1] < (LARGEST + 1 if self.modulus is None else self.modulus)]
        between = sorted(right - left for left, right in list(zip(at, at[1:]))[::(len(at) - 1) // 4096 + 1]) or [0]
        return between[len(between) // 2]

    def found(self):
        """What there is to be found in a register whatever its pace: (rule, instant) of readings out of range, the first unusable one, and gaps."""
        ceiling, usable = LARGEST if self.modulus is None else self.modulus - 1, set(self.at)
        told = [("unusable", row[0]) for row in self.rows if row[0] not in usable][:1]
        told += [("out-of-range", row[0]) for row in self.good if not 0 <= row[1] <= ceiling]
        times, _, stretches = self.register
        pairs = zip(times, times[1:], stretches, stretches[1:])
        return sorted(told + [("gap", left) for left, right, one, other in pairs if one == other and right - left > 2 * self.spacing])

    def intervals(self, zone):
        """How many days are measured, laid out between readings far apart, and not known, from the first reading to the last."""
        if self.kind == "gauge" or not self.good:
            return None
        first, last = (datetime.datetime.fromtimestamp(at / 1000, zone).date() for at in (self.at[0], self.at[-1] - 1))
        known = self.at_borders([midnight(first + datetime.timedelta(days=day), zone) for day in range((last - first).days + 2)])
        whole = [max(left[2], right[2]) <= max(2 * self.spacing, DAY) for left, right in zip(known, known[1:]) if left and right and left[0] == right[0]]
        return {"measured": sum(whole), "allocated": len(whole) - sum(whole), "missing": len(known) - 1 - len(whole)}

    def ends(self, phases, zone):
        """First and last usable register of baseline and reporting period."""
        told = []
        for phase, first, last in phases[:2] if self.kind == "counter" else ():
            left = bisect.bisect_left(self.at, midnight(first, zone))
            right = bisect.bisect_right(self.at, midnight(last + datetime.timedelta(days=1), zone)) - 1
            if right > left:
                told += [{"phase": phase, "first": place == left, "utc": self.at[place], "value": self.value(self.good[place])} for place in (left, right)]
        return told

    def means(self, borders, transform):
        """Mean over each day by the trapezoid rule; None where less than half of the day lies between readings."""
        points = [(row[0], transform(self.value(row))) for row in self.good if math.isfinite(self.value(row))]
        longest, area, covered, day = max(2 * self.spacing, DAY), [0.0] * len(borders), [0] * len(borders), 0
        for (start, first), (end, last) in zip(points, points[1:]):
            while start < end <= start + longest:
                while day < len(borders) and borders[day] <= start:
                    day += 1
                stop = min(end, borders[day]) if day < len(borders) else end
                middle = first + (last - first) * (stop - start) / (end - start)
                area[day - 1] += (first + middle) / 2 * (stop - start)     # day 0, what lies before the first border, goes to the last place, which is no day
                covered[day - 1] += stop - start
                start, first = stop, middle
        return [part / time if 2 * time >= right - left and time else None for part, time, left, right in zip(area, covered, borders, borders[1:])]

def main(path):
    import verify
    data = verify.bytes_of(path)
    for (gateway, channel), (_, parts) in verify.verify(data)[2].items():
        for row in (row for _, rows in parts for row in rows):
            print(gateway, channel, *row, sep="\t")

if __name__ == "__main__":
    main(sys.argv[1])
