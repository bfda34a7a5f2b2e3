#!/usr/bin/env python3
"""Readings, for the second verifier: from the files of a bundle to the register at midnight, by Python's standard library and no code of the first verifier.

usage: readings.py BUNDLE.mevb          every reading: gateway, channel, instant (UTC milliseconds), integer, quality

Written from cloud/Metering.Evidence/README.md and gateway/Metering.Readings. `verify.py` checks the signed notes whose hashes the readings must have.
"""
import bisect, collections, datetime, functools, hashlib, math, re, struct, sys

ID, EPOCH, NUMBER, LONG, HASH = "([a-z0-9][a-z0-9._-]{0,63})", "([1-9][0-9]{0,8})", "([1-9][0-9]{0,17})", "([1-9][0-9]{0,18})", "([0-9a-f]{64})"
INTEGER, NATURAL = "(0|-?[1-9][0-9]{0,18})", "(0|[1-9][0-9]{0,18})"
REASONS = "timeout crc exception disconnected unexpected-reply sentinel out-of-range late frozen clock-unsynced rollover reset glitch estimated".split()
QUALITIES = {letter + one: 64 * place + code for place, letter in enumerate("GUBS") for code, one in enumerate(["", *("." + reason for reason in REASONS)])}
HEADER = rf"channel {ID}\nmeter {ID}\nunit (\S+)\ndecimals (0|[1-9]|1[0-8]|binary64)\nkind (gauge|counter (?:-|{LONG}))\nprofile ({ID}/{ID})\n"
BATCH_LINE, ROW_LINE = re.compile(f"#(?:{NATURAL} {NATURAL} {NATURAL} {NATURAL})?"), re.compile(f"{INTEGER}?(?:,([^@]*))?(?:@{NATURAL})?")
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

# From the files of a bundle

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

def check_grades(result, shown, keys):
    """A channel has the weakest grade of the keys of its gateway, the result the weakest of its channels."""
    for one in result["channels"]:
        its = shown.get((one["gateway"], one["channel"]), (None, []))[0]
        own = [key[2] for (gateway, _), key in keys.items() if gateway == one["gateway"]]
        grade = "D" if its and its.profile.startswith("manual/") else max(own, default=None)
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

class Channel:
    """Readings of a channel in the project's span, and of a counter its register: unbroken stretches without rollovers."""

    def __init__(self, its, parts, span, stated):
        newest = {row[0]: row for _, part in sorted(parts, key=lambda part: part[0]) for row in part if span[0] <= row[0] < span[1]}
        self.rows, self.stated = [newest[at] for at in sorted(newest)], stated
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
        for finding in self.stated["findings"]:
            findings.setdefault(finding["utc"], []).append((finding["kind"], [int(number) for number in re.findall(r"(\d+) readings", finding["detail"])]))
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
            require(holds, f"the register of {self.stated['channel']} falls at {at}, and no finding says why")
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
        spacings = sorted(right[0] - left[0] for left, right in list(zip(points, points[1:]))[::(len(points) - 1) // 4096 + 1]) or [0]
        longest, area, covered, day = max(2 * spacings[len(spacings) // 2], DAY), [0.0] * len(borders), [0] * len(borders), 0
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
    for (gateway, channel), (_, parts) in verify.verify(data, verify.open_zip(data), set())[2].items():
        for row in (row for _, rows in parts for row in rows):
            print(gateway, channel, *row, sep="\t")

if __name__ == "__main__":
    main(sys.argv[1])
