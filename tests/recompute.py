#!/usr/bin/env python3
"""The second verifier's arithmetic: works a result out anew from readings and plan, by Python's standard library and no code of the first verifier.

usage: recompute.py BUNDLE.mevb         every figure that was worked out anew, beside the one stated

Written from cloud/Metering.Evidence/README.md and the formulas named in cloud/Metering.Analytics. `verify.py` sees to it that readings, plan, production and decisions
are those that were signed, and calls `recompute` with them. What is not worked out anew stands in tests/README.md.
"""
import bisect, datetime, functools, hashlib, math, operator, os, re, struct, sys, zoneinfo

DAY, HOUR, QUARTER = 86_400_000, 3_600_000, 900_000
OUTPUTS = ("t", "kg", "m2", "pieces", "hides", "vehicles", "guest-nights", "bed-days")
RESET, MOST_BREAKS, LARGEST = 12, 1000, 10**17             # a quality's last six bits are its reason; 12: the register began anew


class Fault(Exception):
    """The bundle does not match; says what differs."""


def require(holds, what):
    if not holds:
        raise Fault(what)


class Tally:
    """Holds stated figures against computed ones: equal to a millionth of the larger one, or of a size that is given where figures cancel out."""

    def __init__(self):
        self.table = []

    def __call__(self, what, stated, computed, size=0.0, tolerance=1e-6):
        if isinstance(computed, float) and not math.isfinite(computed):
            computed = None                                # what is no number is stated as null
        numbers = all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in (stated, computed))
        require(abs(stated - computed) <= tolerance * max(abs(stated), abs(computed), size) if numbers else stated == computed, f"computed anew, {what} is {computed} and not {stated}")
        self.table.append((what, stated, computed))

    def each(self, what, stated, computed, *sizes):
        require(len(stated) == len(computed), f"of {what} there are {len(stated)} and not {len(computed)}")
        for place, pair in enumerate(zip(stated, computed)):
            self(f"{what}[{place}]", *pair, *sizes)


# Days

@functools.lru_cache(20_000)
def midnight(day, zone):
    """First instant of a local day in UTC milliseconds: where the clock skips midnight, the first after the change."""
    local = datetime.datetime(day.year, day.month, day.day)
    for minute in range(1440):
        moment = (local + datetime.timedelta(minutes=minute)).replace(tzinfo=zone)
        utc = moment.astimezone(datetime.timezone.utc)
        if utc.astimezone(zone).replace(tzinfo=None) == moment.replace(tzinfo=None):
            return int(utc.timestamp()) * 1000
    raise Fault(f"{day} has no beginning in {zone}")


class Channel:
    """Readings of a channel in the project's span, and of a counter its register: unbroken stretches without rollovers."""

    def __init__(self, its, parts, span, stated):
        newest = {row[0]: row for _, part in sorted(parts, key=lambda part: part[0]) for row in part if span[0] <= row[0] < span[1]}
        self.rows, self.unit, self.decimals, self.stated = [newest[at] for at in sorted(newest)], its.unit, its.decimals, stated
        self.kind, _, modulus = its.kind.partition(" ")
        self.modulus = int(modulus) if modulus not in ("", "-") else None
        self.good, breaks = [], 0
        for row in self.rows:
            if row[1] is not None and row[2] >> 6 == 0:
                breaks += self.kind == "counter" and row[2] & 63 == RESET
                if breaks > MOST_BREAKS:
                    break
                self.good.append(row)
        self.at = [row[0] for row in self.good]
        self.power = 10 ** int(self.decimals) if self.decimals != "binary64" else None

    def version(self):
        """Hash of all readings, by which a result pins them."""
        columns = list(zip(*self.rows))
        size = f"<{len(self.rows)}q"
        return hashlib.sha256(f"metering/v1/version {self.unit} {self.decimals} {len(self.rows)}\n".encode() + struct.pack(size, *columns[0])
                              + struct.pack(size, *(value or 0 for value in columns[1])) + bytes(columns[2]) + bytes(value is not None for value in columns[1])).hexdigest()

    def value(self, row):
        if self.power is not None:
            return row[1] / self.power
        return struct.unpack("<d", struct.pack("<q", row[1] if row[1] >= 0 else row[1] ^ (2**63 - 1)))[0]

    @functools.cached_property
    def register(self):
        """Instants, registers and stretches of the readings that count. What a fall or a jump was, is taken from the findings; that no other one falls, is checked."""
        findings, drop, rolled, stretch = {}, 0, 0, 0
        for finding in self.stated["findings"]:
            findings.setdefault(finding["utc"], []).append((finding["kind"], [int(number) for number in re.findall(r"(\d+) readings", finding["detail"])]))
        times, values, stretches = [], [], []
        for at, value, quality in self.good:
            if not 0 <= value < (LARGEST + 1 if self.modulus is None else self.modulus):
                continue
            found = findings.get(at, ())
            drop = max([drop] + [numbers[0] if numbers else 1 for kind, numbers in found if kind in ("transient-low", "spike", "unconfirmed")])
            if drop:
                drop -= 1
                continue
            if quality & 63 == RESET or any(kind in ("reset", "replacement") for kind, _ in found):
                rolled, stretch = 0, stretch + 1
            rolled += (self.modulus or 0) * sum(kind == "rollover" for kind, _ in found)
            require(not times or stretch != stretches[-1] or value + rolled >= values[-1], f"the register of {self.stated['channel']} falls at {at}, and no finding says why")
            times.append(at)
            values.append(value + rolled)
            stretches.append(stretch)
            drop = max([0] + [numbers[0] - 1 for kind, numbers in found if kind == "stuck-then-caught-up"])
        return times, values, stretches

    def at_borders(self, borders):
        """Stretch, register (in time between two readings, to whole steps) and time between these readings, at each of ascending instants; None where there is none."""
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
            state = "ahead" if not self.at or borders[day + 1] > self.at[-1] else "missing"
            if state == "missing" and left and right and left[0] == right[0] and gap <= 3 * HOUR:
                days.append(((right[1] - left[1]) / self.power, "measured" if gap <= 2 * HOUR else "allocated"))
            else:
                days.append((None, state))
        return days

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


def is_workday(day):
    """Monday to Saturday, without the days of rest of the Federal Labour Law of Mexico, article 74."""
    monday, year, date = day.weekday() == 0, day.year, (day.month, day.day)
    rest = date in ((1, 1), (5, 1), (9, 16), (12, 25)) or monday and (date[0] == 2 and date[1] <= 7 or date[0] in (3, 11) and 15 <= date[1] <= 21)
    handover = date == (10, 1) and year >= 2024 and year % 6 == 2024 % 6 or date == (12, 1) and year < 2024 and year % 6 == 2024 % 6
    return day.weekday() != 6 and not rest and not handover


def produced(product, production):
    """Amount of each day and unit by the production records: each spread over its days, a week at most; a day that two records speak of is not known."""
    own = sorted((one["firstDay"], one["id"], one) for one in production if one["product"].lower() == product.lower())
    amounts, unit = {}, own[-1][2]["unit"] if own else ""
    for first, _, body in own:
        first = datetime.date.fromisoformat(first)
        days = (datetime.date.fromisoformat(body["lastDay"]) - first).days + 1
        for day in range(days if days <= 7 and body["unit"] == unit else 0):
            name = first + datetime.timedelta(days=day)
            amounts[name] = None if name in amounts else body["amount"] / days
    return amounts, unit


# Statistics

def dot(left, right):
    return math.fsum(map(operator.mul, left, right))


def beta(a, b, x):
    """Regularised incomplete beta function, by its continued fraction (NIST Digital Library of Mathematical Functions, 8.17.22; Lentz's method)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - beta(b, a, 1 - x)
    c, d, total = 1.0, 1 / (1 - (a + b) * x / (a + 1)), 0.0
    total = d
    for m in range(1, 20_000):
        for factor in (m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))):
            d, c = 1 / (1 + factor * d), 1 + factor / c
            total *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)) * total / a


def student_tail(t, freedom):
    """Probability that |T| is at least |t|."""
    return beta(freedom / 2, 0.5, freedom / (freedom + t * t))


@functools.lru_cache(64)
def student_quantile(probability, freedom):
    """The t within which |T| stays with this probability, by halving."""
    low, high = 0.0, 1.0
    while student_tail(high, freedom) > 1 - probability:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if student_tail(middle, freedom) > 1 - probability else (low, middle)
    return (low + high) / 2


def chi_square_tail(x, freedom):
    total = math.erfc(math.sqrt(x / 2)) if freedom % 2 else math.exp(-x / 2)
    for k in range(3 if freedom % 2 else 4, freedom + 1, 2):
        total += math.exp((k / 2 - 1) * math.log(x / 2) - x / 2 - math.lgamma(k / 2)) if x > 0 else 0
    return total


def orthonormal(columns):
    """Orthonormal columns of the same span and the upper triangle, column by column (Gram and Schmidt, twice). A column that the ones before span is an empty one."""
    basis, upper = [], []
    for column in columns:
        rest, shares = column, [0.0] * len(basis)
        for _ in range(2):
            for place, other in enumerate(basis):
                share = dot(other, rest) if other else 0.0
                shares[place] += share
                rest = [x - share * y for x, y in zip(rest, other)] if other else rest
        length, about_mean = math.sqrt(dot(rest, rest)), math.sqrt(max(0.0, dot(column, column) - (shares[0] ** 2 if shares else 0)))
        kept = length > 1e-10 * about_mean
        basis.append([x / length for x in rest] if kept else [])
        upper.append(shares + [length if kept else 0.0])
    return basis, upper


def coordinates(upper, row):
    """A row in the basis that belongs to this triangle: the inverse of its transpose times the row."""
    z = []
    for j, shares in enumerate(upper):
        z.append((row[j] - sum(share * one for share, one in zip(shares, z))) / shares[j] if shares[j] else 0.0)
    return z


def correlate(column, steps, r):
    """The correlation matrix of a first-order autoregression, r to the power of the steps between two rows, times a column."""
    applied, past, future = [], 0.0, 0.0
    for x, step in zip(column, steps):
        past *= r ** step
        applied.append(x + past)
        past += x
    for place in range(len(column) - 1, -1, -1):
        applied[place] += future
        future = (future + column[place]) * r ** steps[place]
    return applied


def steps_of(rows):
    """Days since the row before; 0 for the first."""
    return [0] * bool(rows) + [min(max((right[0] - left[0] + DAY // 2) // DAY, 1), 1000) for left, right in zip(rows, rows[1:])]


def value_of(term, drivers):
    x, point = drivers[term["driver"]], term["breakpoint"]
    return {"linear": lambda: x, "below": lambda: min(0.0, x - point), "above": lambda: max(0.0, x - point), "product": lambda: x * drivers[term["second"]]}[term["kind"]]()


class Fit:
    """Least squares of use on the terms over rows of (start, use, drivers), with autocorrelated residuals of first order."""

    def __init__(self, terms, rows):
        self.terms, self.rows, self.n = terms, rows, len(rows)
        self.points = list(dict.fromkeys((term["driver"], term["breakpoint"]) for term in terms if term["kind"] in ("below", "above")))
        self.p, self.use = 1 + len(terms) + len(self.points), [row[1] for row in rows]
        columns = [[1.0] * self.n] + [[value_of(term, row[2]) for row in rows] for term in terms]
        basis, upper = orthonormal(columns)
        require(all(basis) and self.n > self.p, "the terms of the model cannot be told apart")
        self.mean, self.coefficients = math.fsum(self.use) / self.n, [dot(column, self.use) for column in basis]
        for j in range(len(terms), -1, -1):
            self.coefficients[j] = (self.coefficients[j] - sum(upper[k][j] * self.coefficients[k] for k in range(j + 1, len(upper)))) / upper[j][j]
        self.fitted = [self.predict(row[2]) for row in rows]
        self.residuals = [use - fitted for use, fitted in zip(self.use, self.fitted)]
        self.errors, self.total = dot(self.residuals, self.residuals), math.fsum((use - self.mean) ** 2 for use in self.use)
        self.variance, self.scales = self.errors / (self.n - self.p), [dot(column, column) - math.fsum(column) ** 2 / self.n for column in columns]
        self.basis, self.upper = orthonormal(columns + [[self.gradient(row[2])[j] for row in rows] for j in range(len(columns), self.p)])
        self.steps, pairs = steps_of(rows), list(zip(self.residuals[1:], self.residuals))
        near = [pair for pair, step in zip(pairs, self.steps[1:]) if step == 1]
        later, earlier = ([x - math.fsum(side) / len(side) for x in side] for side in zip(*(near if len(near) >= 8 else pairs)))
        squares = dot(later, later) * dot(earlier, earlier)
        self.lag1 = dot(later, earlier) / math.sqrt(squares) if squares > 0 else 0.0
        self.r = min(max(self.lag1 + (1 + 3 * self.lag1) * self.p / (2 * self.n) * max(1, 24 / self.n), 0), 0.985)
        self.worth = self.n * (1 - self.r) / (1 + self.r)
        self.freedom = max(self.worth - self.p, 3)
        applied = [correlate(column, self.steps, self.r) if column else [] for column in self.basis]
        self.cross = [[dot(left, right) if left and right else 0.0 for right in applied] for left in self.basis]
        self.noise = self.errors / max(self.n - sum(row[j] for j, row in enumerate(self.cross)), 1)

    def predict(self, drivers):
        return self.coefficients[0] + math.fsum(c * value_of(term, drivers) for c, term in zip(self.coefficients[1:], self.terms))

    def gradient(self, drivers):
        """1, the terms, and the derivatives of the model by its breakpoints: minus the slope of the side on which the row lies."""
        def is_active(term):
            return drivers[term["driver"]] < term["breakpoint"] if term["kind"] == "below" else drivers[term["driver"]] > term["breakpoint"]
        slopes = [-sum(c for c, term in zip(self.coefficients[1:], self.terms) if (term["driver"], term["breakpoint"]) == point and term["kind"] in ("below", "above") and is_active(term))
                  for point in self.points]
        return [1.0] + [value_of(term, drivers) for term in self.terms] + slopes

    def spread(self, z):
        """Variance of a sum of predictions with these coordinates, in units of the noise."""
        return sum(x * y * self.cross[j][k] for j, x in enumerate(z) for k, y in enumerate(z))

    def inverse(self, j):
        """Row j of the inverse triangle: of the terms alone its square is the diagonal of the inverse of their cross product."""
        return coordinates(self.upper, [float(k == j) for k in range(len(self.upper))])

    @functools.cached_property
    def ljung_box(self):
        """Probability of innovations this much correlated (Ljung and Box, Biometrika 65, 1978); None with too few rows."""
        new = [right - self.r ** step * left for left, right, step in zip(self.residuals, self.residuals[1:], self.steps[1:])]
        lags, new, squares = min(14, len(new) // 5), [x - math.fsum(new) / len(new) for x in new], 0.0
        squares = dot(new, new)
        if lags < 3 or squares <= 0:
            return None
        return chi_square_tail(len(new) * (len(new) + 2) * sum((dot(new[lag:], new) / squares) ** 2 / (len(new) - lag) for lag in range(1, lags + 1)), lags - 1)

    def blocks(self, weights):
        """Variance of the weighted sum of residuals when they are drawn in blocks of a week (Kuensch, Annals of Statistics 17, 1989)."""
        length, mean, total = min(7, self.n), math.fsum(self.residuals) / self.n, 0.0
        for begin in range(0, len(weights), length):
            part = weights[begin:begin + length]
            total += sum(sum(w * (e - mean) for w, e in zip(part, self.residuals[start:])) ** 2 for start in range(self.n - length + 1)) / (self.n - length + 1)
        return total


class Event:
    """A non-routine event that was decided, and how much of it acts in a row."""

    def __init__(self, body, end):
        event, lasts = body["event"], body["kind"] == "non-routine-permanent"
        self.start, self.end = event["fromUtc"], end if lasts or event["toUtc"] is None else event["toUtc"]
        self.grown, self.deviation = event["lastUtc"] if event["kind"] == "drift" else None, event["totalDateDeviation"] or 0.0

    def weight(self, at):
        if not self.start <= at < self.end:
            return 0.0
        return min(1.0, (at - self.start) / (self.grown - self.start)) if self.grown is not None and self.grown > self.start else 1.0


def avoided(fit, rows, late=(), between=0.0):
    """Avoided use over the rows: baseline of each row, sizes of the events, and where the variance comes from."""
    steps, gradients, use = steps_of(rows), [fit.gradient(row[2]) for row in rows], [row[1] for row in rows]
    z = [coordinates(fit.upper, gradient) for gradient in gradients]
    total, indicators, influences = [math.fsum(part) for part in zip(*z)], [[event.weight(row[0]) for row in rows] for event in late], []
    if late:
        columns = [list(column) for column in list(zip(*gradients))[1:len(fit.terms) + 1] if len(set(column)) > 1]
        basis, upper = orthonormal([[1.0] * len(rows)] + columns + indicators)
        for k in range(len(upper) - len(late), len(upper)):
            inverse = coordinates(upper, [float(j == k) for j in range(len(upper))])
            influences.append([sum(x * column[i] for x, column in zip(inverse, basis) if column) for i in range(len(rows))])
    sizes = [dot(influence, use) for influence in influences]
    weights = [1 - sum(math.fsum(indicator) * influence[i] for indicator, influence in zip(indicators, influences)) for i in range(len(rows))]
    variance = {"model": fit.noise * fit.spread(total), "breakpoints": 0.0, "reporting": fit.noise * dot(weights, correlate(weights, steps, fit.r)), "meterClass": 0.0, "estimated": 0.0,
                "betweenModels": between, "stipulated": 0.0, "eventDates": math.fsum(event.deviation ** 2 for event in late), "blocks": 0.0}
    if fit.points:
        terms = len(fit.terms) + 1
        variance["breakpoints"] = max(0.0, variance["model"] - fit.noise * fit.spread(total[:terms] + [0.0] * (len(total) - terms)))
    if fit.ljung_box is not None and fit.ljung_box < 0.01:
        pull = [sum(x * column[i] for x, column in zip(total, fit.basis) if column) for i in range(fit.n)]
        variance["blocks"] = max(0.0, fit.n / max(1, fit.n - fit.p) * (fit.blocks(pull) + fit.blocks(weights)) - variance["model"] - variance["reporting"])
    baseline = [fit.predict(row[2]) + sum(size * indicator[i] for size, indicator in zip(sizes, indicators)) for i, row in enumerate(rows)]
    return {"baseline": baseline, "counterfactual": math.fsum(baseline), "metered": math.fsum(use), "value": math.fsum(baseline) - math.fsum(use), "variance": variance,
            "error": math.sqrt(math.fsum(variance.values()) - variance["breakpoints"]), "rows": [fit.noise * (fit.spread(one) + 1) for one in z],
            "termMeans": [math.fsum(column) / len(rows) for column in list(zip(*gradients))[1:len(fit.terms) + 1]],
            "sizes": [(size, math.sqrt(fit.noise * dot(influence, correlate(influence, steps, fit.r)))) for size, influence in zip(sizes, influences)]}


# A result, figure by figure

def check_days(result, plan, decided, production, channels, tally):
    """Midnight, period, use, state and drivers of each day. Gives the days as (day, start, phase, state, use, drivers)."""
    project, zone, day_of = plan["project"], zoneinfo.ZoneInfo(plan["plant"]["zone"]), datetime.date.fromisoformat
    phases = [(phase, day_of(project[phase + "First"]), day_of(project[phase + "Last"])) for phase in ("baseline", "reporting", "installation")]
    days = [phases[0][1] + datetime.timedelta(days=place) for place in range((phases[1][2] - phases[0][1]).days + 1)]
    borders, sources, drivers = [midnight(day, zone) for day in days + [days[-1] + datetime.timedelta(days=1)]], [], []

    def of_counter(source):
        return source.days(borders) if source and source.kind == "counter" else [(None, "ahead")] * len(days)

    for driver in project["drivers"]:
        source, base = channels.get((driver["gateway"], driver["channel"])), driver["base"]
        kinds = {"workday": lambda _: [float(is_workday(day)) for day in days], "production": lambda one: [produced(one["product"], production)[0].get(day) for day in days],
                 "difference": lambda _: [use for use, _ in of_counter(source)], "mean": lambda _: source.means(borders, lambda value: value),
                 "above": lambda _: source.means(borders, lambda value: max(0.0, value - base)), "below": lambda _: source.means(borders, lambda value: max(0.0, base - value))}
        drivers.append(kinds[driver["kind"]](driver) if source and source.rows or driver["channel"] is None else [None] * len(days))
        sources.append("day" if driver["kind"] == "workday" else produced(driver["product"], production)[1] if driver["product"] is not None else source.unit if source else "")
    tally("driverUnits", result["driverUnits"], sources)
    require(len(result["days"]) == len(days), "the result has not every day of its periods")
    rows, faults = [], [body["event"] for body in decided if body["kind"] == "data-fault"]
    for place, (day, stated, (use, state)) in enumerate(zip(days, result["days"], of_counter(channels.get((project["gateway"], project["channel"]))))):
        own = [column[place] for column in drivers]
        state = "driver-missing" if use is not None and None in own else state
        if state != "ahead" and any(event["fromUtc"] <= borders[place] < (borders[-1] if event["toUtc"] is None else event["toUtc"]) for event in faults):
            state = "excluded"
        phase = next((name for name, begin, last in phases if begin <= day <= last), "outside")
        for key, computed in (("day", day.isoformat()), ("startUtc", borders[place]), ("phase", phase), ("state", state), ("use", use)):
            tally(f"{key} of {day}", stated[key], computed, 1e-6)
        tally.each(f"driver of {day}", stated["drivers"], own, 1e-6)
        rows.append((day, borders[place], phase, state, use, own))
    return rows, borders[-1]


def check_fit(model, fit, days, tally):
    """The model that was chosen, fitted anew."""
    freedom, scale = fit.n - fit.p, fit.mean if fit.mean > 0 else math.nan
    squares = [dot(row, row) for row in (fit.inverse(j)[:len(fit.terms) + 1] for j in range(len(fit.terms) + 1))]
    errors = [math.sqrt(fit.variance * square) for square in squares]
    t = [c / error if error else math.nan for c, error in zip(fit.coefficients, errors)]
    r2 = 1 - fit.errors / fit.total if fit.p > 1 and fit.total else 0.0
    f = (fit.total - fit.errors) / (fit.p - 1) / fit.variance if fit.p > 1 and fit.variance else math.nan
    tally.each("coefficients", model["coefficients"], fit.coefficients)
    tally.each("standardErrors", model["standardErrors"], errors)
    tally.each("tStatistics", model["tStatistics"], t)
    tally.each("pValues", model["pValues"], [student_tail(one, freedom) if math.isfinite(one) else one for one in t], 1e-200)
    tally.each("varianceInflation", model["varianceInflation"], [square * scale for square, scale in zip(squares[1:], fit.scales[1:])])
    tail = beta(freedom / 2, (fit.p - 1) / 2, freedom / (freedom + (fit.p - 1) * f)) if f > 0 else 1.0 if f <= 0 else math.nan
    for key, computed, size in (("n", fit.n, 0), ("p", fit.p, 0), ("meanUse", fit.mean, 0), ("sumOfSquaredErrors", fit.errors, 0), ("r2", r2, 1e-3), ("adjustedR2", 1 - (1 - r2) * (fit.n - 1) / freedom, 1e-3),
                                ("cvRmse", math.sqrt(fit.variance) / scale, 0), ("nmbe", math.fsum(fit.residuals) / (freedom * scale), 1e-3), ("f", f, 0), ("fProbability", tail, 1e-200),
                                ("lag1Autocorrelation", fit.lag1, 1e-3), ("coverage", min(1, fit.n / days), 0)):
        tally(key, model[key], computed, size)
    places, mean = {row[0]: row[3] for row in fit.rows}, math.fsum(fit.residuals) / fit.n
    by_day = {row[3]: residual - mean for row, residual in zip(fit.rows, fit.residuals)}
    spread, lags = math.fsum(one * one for one in by_day.values()) / fit.n, []
    for lag in range(1, min(28, fit.n - 1) + 1):
        pairs = [one * by_day[day - datetime.timedelta(days=lag)] for day, one in by_day.items() if day - datetime.timedelta(days=lag) in by_day]
        lags.append(math.fsum(pairs) / len(pairs) / spread if len(pairs) >= 2 and spread > 0 else None)
    tally.each("residualAutocorrelation", model["residualAutocorrelation"], lags, 1e-3)


def terms_of(names, drivers):
    """The terms of a model that is told by names: driver, driver<breakpoint, driver>breakpoint, driver*driver. A breakpoint has four digits behind the point."""
    kinds, terms = {"": "linear", "<": "below", ">": "above", "*": "product"}, []
    for name in names:
        driver = next(place for place, driver in enumerate(drivers) if name == driver or name[:len(driver) + 1] in (driver + "<", driver + ">") or name[:len(driver)] == driver and name[len(driver) + 1:] in drivers)
        sign, rest = name[len(drivers[driver]):][:1], name[len(drivers[driver]) + 1:]
        terms.append({"kind": kinds[sign], "driver": driver, "second": drivers.index(rest) if sign == "*" else None, "breakpoint": float(rest) if sign in ("<", ">") else None})
    return terms


def check_candidates(model, before, after, own, tally):
    """The models that were compared, each fitted anew; that their weights and the choice follow from their figures. Gives (weight, baseline of each reporting row, whether it is stated)."""
    candidates, fits = model["candidates"], []
    if not candidates:
        return []
    for one in candidates:
        fits.append(Fit(terms_of(one["terms"], model["drivers"]), before))
        tally(f"p of {one['terms']}", one["p"], fits[-1].p)
        tally(f"cvRmse of {one['terms']}", one["cvRmse"], math.sqrt(fits[-1].variance) / fits[-1].mean, 0, 1e-5 if fits[-1].points else 1e-6)
    rank = [math.exp(max(-700.0, (min(one["bic"] for one in candidates) - one["bic"]) / 2)) for one in candidates]
    tally.each("weight", [one["weight"] for one in candidates], [one / math.fsum(rank) for one in rank], 1e-3)
    n = len(before)

    def bics(worth):
        return [worth * math.log(fit.errors / n) + fit.p * math.log(worth) for fit in fits]
    require(any(all(abs(stated["bic"] - bic) < 1e-4 * abs(bic) for stated, bic in zip(candidates, bics(max(fit.worth, min(n, 8))))) for fit in fits), "the criterion of the models does not follow from their errors")
    sound = [one for one in candidates if one["crossValidatedCvRmse"] <= 1.05 * min(one["crossValidatedCvRmse"] for one in candidates)]
    near = [one for one in sound if one["bic"] <= min(one["bic"] for one in candidates) + 2]
    require(candidates[0] is (min(near, key=lambda one: (one["p"], one["bic"])) if near else min(sound, key=lambda one: one["bic"])), "another model than the first would have been chosen")
    tally("terms", [one["name"] for one in model["terms"]], candidates[0]["terms"])
    return [(one["weight"], [fit.predict(row[2]) for row in after], one["savings"], one["savingsPercent"]) for one, fit in zip(candidates, fits)]


def is_inside(terms, before, after, own):
    """Whether the drivers of a model stay inside what the baseline has seen, with a tenth of margin, in nineteen of twenty rows."""
    for driver in {place for term in terms for place in (term["driver"], term["second"]) if place is not None and place < own}:
        low, high = min(row[2][driver] for row in before), max(row[2][driver] for row in before)
        margin = (high - low) / 10
        if sum(not low - margin <= row[2][driver] <= high + margin for row in after) > 0.05 * len(after):
            return False
    return True


def recompute(result, plan, decided, production, shown):
    """Works out the result anew. Gives every figure that was, beside the one stated; a Fault where they differ."""
    tally, project, model, saving, channels = Tally(), plan["project"], result["model"], result["saving"], {}
    zone, day_of = zoneinfo.ZoneInfo(plan["plant"]["zone"]), datetime.date.fromisoformat
    span = (midnight(day_of(project["baselineFirst"]), zone) - 6 * HOUR, midnight(day_of(project["reportingLast"]) + datetime.timedelta(days=1), zone) + 6 * HOUR)
    for stated in result["channels"]:
        name = (stated["gateway"], stated["channel"])
        one = Channel(*shown[name], span, stated) if name in shown else None
        if one and one.rows:
            channels[name] = one
        for key, computed in (("readings", len(one.rows) if one else 0), ("version", one.version() if one and one.rows else "")):
            tally(f"{key} of {name[1]}", stated[key], computed)
        if one and one.rows:
            for key, computed in (("unit", one.unit), ("decimals", one.decimals), ("kind", one.kind), ("modulus", one.modulus), ("usable", len(one.good))):
                tally(f"{key} of {name[1]}", stated[key], computed)
    days, end = check_days(result, plan, decided, production, channels, tally)
    arrived = [day for day in days if day[3] != "ahead"]
    through = arrived[-1][0] if arrived and arrived[-1][2] == "reporting" else None
    tally("reportedThrough", result["reportedThrough"], through.isoformat() if through else None)
    tally("complete", result["complete"], through is not None and through.isoformat() == project["reportingLast"])
    possible = [day for day in arrived if day[2] in ("baseline", "reporting")]
    tally("validPercent", result["validPercent"], 100 * sum(day[3] in ("measured", "allocated") for day in possible) / len(possible) if possible else None)
    if model is None:
        require(saving is None and all(row["baseline"] is None and row["halfWidth"] is None for row in result["days"]), "there is a baseline, but no model")
        return tally.table
    events = [Event(body, end) for body in decided if body["kind"] in ("non-routine-permanent", "non-routine-temporary")]
    border = next(day[1] for day in days if day[2] != "baseline")
    early, late = [event for event in events if event.start < border], [event for event in events if event.start >= border]

    def usable(phase, events=early):
        return [(start, use, own + [event.weight(start) for event in events], day) for day, start, its, state, use, own in days if its == phase and use is not None and None not in own and state not in ("excluded", "ahead") and (phase == "baseline" or day <= through)]
    before, after = usable("baseline"), usable("reporting") if through else []
    fit = Fit(model["terms"], before)
    check_fit(model, fit, sum(day[2] == "baseline" for day in days), tally)
    others = check_candidates(model, before, after, len(project["drivers"]), tally)
    row_of = {row[0]: place for place, row in enumerate(after)}
    whole = avoided(fit, after, late) if saving else None
    factor = student_quantile(project["confidencePercent"] / 100, fit.freedom)
    for stated, (day, start, _, state, _, own) in zip(result["days"], days):
        known = state not in ("ahead", "excluded") and None not in own
        counts = whole is not None and start in row_of
        tally(f"baseline of {day}", stated["baseline"], (whole["baseline"][row_of[start]] if counts else fit.predict(own + [event.weight(start) for event in early])) if known else None, fit.mean)
        tally(f"halfWidth of {day}", stated["halfWidth"], factor * math.sqrt(whole["rows"][row_of[start]]) if counts else None)
    if saving:
        check_saving(result, fit, factor, (days, before, after, early, late, through), whole, others, usable, tally)
    return tally.table


def between(others, places):
    sums = [(weight, math.fsum(baseline[place] for place in places)) for weight, baseline, _, _ in others]
    return math.fsum(weight * (one - sums[0][1]) ** 2 for weight, one in sums) if sums else 0.0


def check_saving(result, fit, factor, rows, whole, others, usable, tally):
    """The saving with its interval, its parts, months, steps and indicators."""
    (days, before, after, early, late, through), saving, model, size = rows, result["saving"], result["model"], abs(whole["counterfactual"]) + abs(whole["metered"])
    shift = whole["value"] - (math.fsum(others[0][1]) - whole["metered"]) if others else 0.0
    for one, (weight, baseline, stated, percent) in zip(model["candidates"], others):
        inside = is_inside(terms_of(one["terms"], model["drivers"]), before, after, len(result["driverUnits"]))
        computed = math.fsum(baseline) - whole["metered"] + shift if inside else None
        tally(f"savings of {one['terms']}", stated, computed, whole["error"], 1e-3 if any(sign in name for name in one["terms"] for sign in "<>") else 1e-6)
        tally(f"savingsPercent of {one['terms']}", percent, 100 * stated / (stated + whole["metered"]) if inside else None)
    parts = dict(whole["variance"], betweenModels=math.fsum(weight * (stated - whole["value"]) ** 2 for weight, _, stated, _ in others if stated is not None))
    error = math.sqrt(whole["error"] ** 2 + parts["betweenModels"])
    for key in parts:
        tally(f"variance.{key}", saving["variance"][key], parts[key], error ** 2)
    for key, computed, least in (("value", whole["value"], 0), ("halfWidth", factor * error, 0), ("percent", 100 * whole["value"] / whole["counterfactual"], 0), ("counterfactual", whole["counterfactual"], 0),
                                 ("metered", whole["metered"], 0), ("days", len(after), 0), ("coveragePercent", 100 * min(1, len(after) / sum(day[2] == "reporting" and day[0] <= through for day in days)), 0),
                                 ("standardError", error, 0), ("degreesOfFreedom", fit.freedom, 0), ("autocorrelation", fit.r, 1e-3), ("ljungBoxProbability", fit.ljung_box, 1e-12)):
        tally(f"saving.{key}", saving[key], computed, least)
    tail = student_tail(whole["value"] / error, fit.freedom) / 2 if error else 0.0
    tally("probabilityOfSaving", saving["probabilityOfSaving"], 1 - tail if whole["value"] > 0 else tail, 1e-6)
    tally.each("termMeans", saving["termMeans"], whole["termMeans"])
    interval = (saving["value"] - saving["halfWidth"] > 0, saving["value"] + saving["halfWidth"] < 0)
    tally("verdict", result["verdict"], "saving" if interval[0] else "more-use" if interval[1] else "not-distinguishable")
    sizes = [(event, True, fit.coefficients[j], math.sqrt(fit.noise * fit.spread(fit.inverse(j)))) for j, event in enumerate(early, len(fit.coefficients) - len(early))]
    sizes += [(event, False, *size) for event, size in zip(late, whole["sizes"])]
    require(len(sizes) == len(saving["adjustments"]), "the events adjusted for are not those decided")
    for stated, (event, is_early, used, deviation) in zip(saving["adjustments"], sizes):
        for key, computed in (("fromUtc", event.start), ("toUtc", event.end), ("grownUtc", event.grown), ("inBaseline", is_early), ("usePerDay", used), ("standardError", deviation),
                              ("days", int(math.fsum(event.weight(row[0]) for row in after)))):
            tally(f"{key} of {stated['name']}", stated[key], computed)
    if early or late:
        fresh = Fit(model["terms"][:len(fit.terms) - len(early)], usable("baseline", []))
        alone = avoided(fresh, usable("reporting", []))
        tally("withoutEvents", result["withoutEvents"]["value"], alone["value"], size)
        tally("withoutEvents.halfWidth", result["withoutEvents"]["halfWidth"], student_quantile(saving["confidencePercent"] / 100, fresh.freedom) * alone["error"])
    else:
        tally("withoutEvents", result["withoutEvents"], None)
    for event in result["events"]:
        stated = event["with" if event["applied"] else "without"]
        for key in ("value", "halfWidth"):
            tally(f"{key} of the event at {event['fromUtc']}", stated[key], saving[key])
    for month in result["months"]:
        name = f"{month['year']:04}-{month['month']:02}"
        places = [place for place, row in enumerate(after) if row[3].isoformat()[:7] == name]
        own = avoided(fit, [after[place] for place in places], (), between(others, places)) if places else None
        half = math.hypot(factor * own["error"], *(factor * one[1] * math.fsum(event.weight(after[place][0]) for place in places) for event, one in zip(late, whole["sizes"]))) if own else None
        metered, baseline = (math.fsum(column[place] for place in places) for column in ([row[1] for row in after], whole["baseline"]))
        possible = sum(day[0].isoformat()[:7] == name and day[2] == "reporting" and day[0] <= through for day in days)
        for key, computed in (("metered", metered), ("baseline", baseline), ("saving", baseline - metered), ("days", len(places)), ("possibleDays", possible)):
            tally(f"{key} of {name}", month[key], computed, size)
        tally(f"halfWidth of {name}", month["halfWidth"], half if own and own["counterfactual"] > 0 else None, 0, 1e-4)
    tally("months", [f"{month['year']:04}-{month['month']:02}" for month in result["months"]], sorted({day[0].isoformat()[:7] for day in days if day[2] == "reporting" and day[0] <= through}))
    plain = math.fsum(fit.predict(row[2][:len(row[2]) - len(early)] + [0.0] * len(early)) for row in after)
    steps, usual = result["waterfall"], fit.mean * len(after)
    for key, computed in (("baseline", usual), ("routine", plain - usual), ("events", whole["counterfactual"] - plain), ("saving", whole["value"]), ("metered", whole["metered"])):
        tally(f"waterfall.{key}", steps[key], computed, size)


def main(path):
    import verify
    data = verify.bytes_of(path)
    table = verify.verify(data, verify.open_zip(data), set())[1]
    for what, stated, computed in table:
        print(f"{what}\t{stated}\t{computed}")


if __name__ == "__main__":
    main(sys.argv[1])
