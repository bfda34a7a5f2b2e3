#!/usr/bin/env python3
"""Which model is chosen, for the second verifier: all that a project's drivers allow, their breakpoints by exact least squares, and the choice among them. Python's
standard library only, and no code of the first verifier.

usage: models.py ROWS.csv               rows of day,use,driver,driver...: the models compared, the chosen one first

Written from cloud/Metering.Analytics/Baselines/README.md. Rows are (start in UTC milliseconds, use, drivers), those of events behind the project's own.
"""
import collections, csv, datetime, itertools, math, operator, sys
from regression import DAY, Fit, dot, orthonormal, value_of

FORMS = ("cooling", "heating", "two-lines")
MOST_DRIVERS, MOST_BESIDE, FEWEST_VALUES, SHOWN, LEAST_SINE = 10, 4, 8, 5, 1e-9
Candidate = collections.namedtuple("Candidate", "kind fit bic root mean weight")
Scored = collections.namedtuple("Scored", "terms errors p")
Knot = collections.namedtuple("Knot", "at gap norm gap_norm tilt e f u w")     # hinge at a knot: its direction u and length beside the linear drivers, e its
                                                                               # product with the use; a second direction w, f as the breakpoint moves inwards

def term(kind, driver, breakpoint=None, second=None):
    return {"kind": kind, "driver": driver, "breakpoint": breakpoint, "second": second}

def bic(scored, n, worth):
    return worth * math.log(max(scored.errors / n, 1e-290)) + scored.p * math.log(worth)

def errors_of(columns, use):
    """Sum of squared errors on these columns and an intercept; None where a column follows from the others."""
    basis, _ = orthonormal([[1.0] * len(use), *columns])
    rest = use
    for column in basis if all(basis) else ():
        share = dot(column, rest)
        rest = [y - share * x for x, y in zip(column, rest)]
    return dot(rest, rest) if all(basis) else None

# Breakpoints

def side(x, knots, rows, basis, rest, outward):
    """One side of a bent line, with its breakpoint at each knot: what of the hinge, and of the indicator of the rows beyond, lies beside the linear drivers."""
    found, ordered = [None] * len(knots), range(len(knots)) if outward < 0 else range(len(knots) - 1, -1, -1)
    points = hinge = square = of_hinge = of_rows = 0.0
    u, w, before = [0.0] * len(basis), [0.0] * len(basis), None
    for k in ordered:
        move = abs(knots[k] - knots[before]) if before is not None else 0.0
        square += 2 * move * hinge + move * move * points
        hinge, of_hinge, u, before = hinge + move * points, of_hinge + move * of_rows, [a + move * b for a, b in zip(u, w)], k
        points, of_rows = points + len(rows[k]), of_rows + math.fsum(rest[i] for i in rows[k])
        w = [b + math.fsum(column[i] for i in rows[k]) for b, column in zip(w, basis)]
        hh, hw, ww = square - dot(u, u), hinge - dot(u, w), points - dot(w, w)
        norm = math.sqrt(hh) if hh > 1e-10 * square else 0.0
        tilt = hw / hh if norm else 0.0
        left = ww - tilt * hw
        gap_norm = math.sqrt(left) if norm and left > 1e-10 * points else 0.0
        beyond = k + 1 if outward < 0 else k - 1
        gap = abs(knots[beyond] - knots[k]) if 0 <= beyond < len(knots) else 0.0
        unit = [a / norm for a in u] if norm else [0.0] * len(u)
        other = [(b - tilt * a) / gap_norm for a, b in zip(u, w)] if gap_norm else [0.0] * len(u)
        found[k] = Knot(knots[k], gap, norm, gap_norm, tilt, of_hinge / norm if norm else 0.0, (of_rows - tilt * of_hinge) / gap_norm if gap_norm else 0.0, unit, other)
    return found

def moved(knot, a, b, outward):
    """Where the breakpoint of a side stands, from the shares of its two directions; None outside of the gap inwards of its knot."""
    shift = b / knot.gap_norm if knot.gap_norm else 0.0
    slope = a / knot.norm - knot.tilt * shift if knot.norm else 0.0
    return knot.at - outward * shift / slope if slope and shift * (knot.gap * slope - shift) >= 0 else None

def one_sided(knots, outward):
    """(fall of the squares, breakpoint) of every place of one side: at a knot, and where the free line meets the level."""
    for knot in knots:
        yield knot.e ** 2, knot.at
        free = moved(knot, knot.e, knot.f, outward) if knot.gap else None
        if free is not None:
            yield knot.e ** 2 + knot.f ** 2, free

def together(left, right, both_left, both_right):
    """Fall of the squares with the directions of a left and a right side, one or both of each, and the shares (a, b) of either."""
    lefts, rights = [left.u, left.w][:1 + both_left], [right.u, right.w][:1 + both_right]
    e, g = [left.e, left.f][:len(lefts)], [right.e, right.f][:len(rights)]
    inner = [[-dot(one, other) for other in rights] for one in lefts]
    p = [b - math.fsum(row[j] * a for row, a in zip(inner, e)) for j, b in enumerate(g)]
    s = [[float(j == k) - math.fsum(row[j] * row[k] for row in inner) for k in range(len(g))] for j in range(len(g))]
    sine = s[0][0] * s[1][1] - s[0][1] ** 2 if both_right else s[0][0]
    if sine <= LEAST_SINE:
        return None
    of_right = [(s[1][1] * p[0] - s[0][1] * p[1]) / sine, (s[0][0] * p[1] - s[0][1] * p[0]) / sine] if both_right else [p[0] / sine]
    of_left = [a - dot(row, of_right) for a, row in zip(e, inner)]
    return dot(e, e) + dot(p, of_right), (of_left + [0.0])[:2], (of_right + [0.0])[:2]

def meetings(left, right, first, last):
    """(fall, breakpoint) of two lines that meet: at a knot, or between two."""
    for k in range(first, last + 1):
        found = together(left[k], right[k], False, False)
        if found:
            yield found[0], left[k].at
        found = together(left[k], right[k + 1], True, False) if k < last else None
        if found:
            shift = found[1][1] / left[k].gap_norm if left[k].gap_norm else 0.0
            slope = found[1][0] / left[k].norm - left[k].tilt * shift if left[k].norm else 0.0
            other = found[2][0] / right[k + 1].norm if right[k + 1].norm else 0.0
            at = (slope * left[k].at + shift + other * right[k + 1].at) / (slope + other) if slope + other else math.nan
            if left[k].at <= at <= right[k + 1].at:
                yield found[0], at

def pairs(left, right, first, last, least):
    """(fall, lower, upper) of the pairs of breakpoints whose fall is more than `least` and than those before."""
    for i in range(first, last):
        e, f, u, w = left[i].e, left[i].f, left[i].u, left[i].w
        own = e * e + f * f
        for r in range(i + 1, last + 1):
            its = right[r]
            m = -sum(map(operator.mul, u, its.u))
            q = -sum(map(operator.mul, w, its.u))
            n = -sum(map(operator.mul, u, its.w))
            o = -sum(map(operator.mul, w, its.w))
            p, t, a, c, b = its.e - m * e - q * f, its.f - n * e - o * f, 1 - m * m - q * q, 1 - n * n - o * o, m * n + q * o
            sine = a * c - b * b
            if sine > LEAST_SINE and own + (c * p * p + 2 * b * p * t + a * t * t) / sine <= least:      # all four directions: no place in these gaps is better
                continue
            for both_left, both_right in ((False, False), (False, True), (True, False), (True, True)):
                found = together(left[i], its, both_left, both_right) if r > i + 1 or not (both_left and both_right) else None
                if found and found[0] > least:
                    lower = moved(left[i], *found[1], -1) if both_left else left[i].at
                    upper = moved(its, *found[2], 1) if both_right else its.at
                    if lower is not None and upper is not None:
                        least = found[0]
                        yield least, lower, upper

class Bends:
    """The breakpoints of one driver beside linear ones, exactly: between two of its values the best place has a closed form."""

    def __init__(self, x, linear, use):
        fewest = max(2, len(x) // 10) if len(x) < 60 else 5
        basis, _ = orthonormal([[1.0] * len(x), *linear])
        self.is_known = all(basis) and len(linear) <= 8
        if not self.is_known:
            return
        rest = use
        for _ in range(2):
            for column in basis:
                share = dot(column, rest)
                rest = [y - share * z for z, y in zip(column, rest)]
        knots = sorted(set(x))
        rows = [[] for _ in knots]
        place = {knot: k for k, knot in enumerate(knots)}
        for i, value in enumerate(x):
            rows[place[value]].append(i)
        self.left, self.right = (side(x, knots, rows, basis, rest, outward) for outward in (-1, 1))
        self.squares, counts = dot(rest, rest), list(itertools.accumulate(len(own) for own in rows))
        self.first = next((k for k in range(1, len(knots) - 1) if counts[k] >= fewest), len(knots) - 1)       # of the knots that may end a side
        self.last = next((k for k in range(len(knots) - 2, 0, -1) if len(x) - counts[k - 1] >= fewest), 0)    # of those that may begin one

    def best(self, form, least=0.0):
        """(sum of squared errors, breakpoints) of a form; None where a simpler one is as good, or no breakpoint leaves enough rows."""
        left, right, found = self.left, self.right, []
        if form in ("cooling", "both") and self.last >= 1:
            found += [(fall, (None, at)) for fall, at in one_sided(right[:self.last + 1], 1)]
        if form in ("heating", "both") and self.first <= len(left) - 2:
            found += [(fall, (at, None)) for fall, at in one_sided(left[self.first:], -1)]
        if form in ("two-lines", "both") and self.first < self.last:
            found += [(fall, (at, at)) for fall, at in meetings(left, right, self.first, self.last)]
        if form == "both" and self.first < self.last:
            simpler = max([fall for fall, _ in found], default=0.0)
            found += [(fall, (lower, upper)) for fall, lower, upper in pairs(left, right, self.first, self.last, max(simpler, least))]
        fall, (lower, upper) = max(found, key=lambda one: one[0], default=(0.0, (None, None)))
        attained = {(True, True): "two-lines" if lower == upper else "both", (True, False): "heating" if lower != left[-1].at else None,
                    (False, True): "cooling" if upper != right[0].at else None, (False, False): None}[lower is not None, upper is not None]
        return (max(self.squares - fall, 0.0), (lower, upper)) if attained == form else None

# All models, and the choice

def linear_designs(columns, use, usable, events):
    """Every subset of the drivers beside all events; and for the best four a slope of its own for each segment."""
    n, found = len(use), []
    for mask in range(1 << len(usable)):
        chosen = [driver for place, driver in enumerate(usable) if mask >> place & 1]
        errors = errors_of([columns[driver] for driver in chosen + events], use)
        if errors is not None:
            found.append(Scored([term("linear", driver) for driver in chosen + events], errors, 1 + len(chosen) + len(events)))
    is_segment = [len(set(column)) <= 2 for column in columns]
    for scored in sorted(found, key=lambda one: bic(one, n, n))[:4]:
        own = [its["driver"] for its in scored.terms[:len(scored.terms) - len(events)]]
        for first, second in itertools.product(own, own):
            if is_segment[second] and not is_segment[first]:
                product = [x * y for x, y in zip(columns[first], columns[second])]
                errors = errors_of([columns[driver] for driver in own] + [product] + [columns[driver] for driver in events], use)
                if errors is not None:
                    terms = [term("linear", driver) for driver in own] + [term("product", first, None, second)] + [term("linear", driver) for driver in events]
                    found.append(Scored(terms, errors, 1 + len(terms)))
    return found

def bent(driver, places, linear, errors):
    lower, upper = places
    sides = [term("below", driver, lower)] * (lower is not None) + [term("above", driver, upper)] * (upper is not None)
    terms = sides + [term("linear", other) for other in linear]
    return Scored(terms, errors, 1 + len(terms) + len({at for at in places if at is not None}))

def bent_designs(columns, use, usable, events, found, ranked):
    """A change point in every driver of eight different values or more, beside every subset of the others; two of them where one does best."""
    n = len(use)
    for driver in usable:
        if len(set(columns[driver])) < FEWEST_VALUES:
            continue
        others, tried = strongest(columns, use, [other for other in usable if other != driver], MOST_BESIDE), []
        for mask in range(1 << len(others)):
            linear = [other for place, other in enumerate(others) if mask >> place & 1] + events
            bends, own = Bends(columns[driver], [columns[other] for other in linear], use), []
            for form in FORMS if bends.is_known else ():
                best = bends.best(form)
                own += [bent(driver, best[1], linear, best[0])] if best else []
            tried += [(min([bic(one, n, n) for one in own], default=math.inf), len(tried), bends, linear)] if bends.is_known else []
            found += own
        for _, _, bends, linear in sorted(tried, key=lambda one: one[:2])[:2]:
            p = 1 + 2 + len(linear) + 2
            least = bends.squares - max(ranked(found, p), 0.0)
            best = bends.best("both", least)
            found += [bent(driver, best[1], linear, best[0])] if best else []
    return found

def strongest(columns, use, drivers, most):
    """Of more drivers than `most` those that explain most by themselves, in their order."""
    def explained(column):
        x, y = ([one - math.fsum(side) / len(side) for one in side] for side in (column, use))
        return dot(x, y) ** 2 / (dot(x, x) * dot(y, y))
    return drivers if len(drivers) <= most else sorted(sorted(drivers, key=lambda driver: -explained(columns[driver]))[:most])

def is_told_apart(fit, events):
    """Whether no linear term nearly follows from the others; those of products and of events are not judged."""
    in_product = {place for one in fit.terms if one["kind"] == "product" for place in (one["driver"], one["second"])}
    judged = [one["kind"] == "linear" and one["driver"] not in in_product for one in fit.terms[:len(fit.terms) - events]]
    return not any(is_judged and dot(row := fit.inverse(j + 1)[:len(fit.terms) + 1], row) * fit.scales[j + 1] > 10 for j, is_judged in enumerate(judged))

def fit_of(scored, rows):
    try:
        return Fit(scored.terms, rows)
    except ValueError:
        return None

def choose(rows, own):
    """The five best models by the criterion, the chosen one first; [] where none can be fitted. Drivers from `own` on are events, which each model has."""
    n, columns, use = len(rows), [list(column) for column in zip(*(row[2] for row in rows))], [row[1] for row in rows]
    events = list(range(own, len(columns)))
    usable = strongest(columns, use, list(range(own)), MOST_DRIVERS)
    most = n - 5                                           # parameters: five rows are left over

    def top(found):
        plain = fit_of(min(found, key=lambda one: bic(one, n, n)), rows)
        worth = max(plain.worth, min(n, 8))
        best = []
        for scored in sorted(found, key=lambda one: (bic(one, n, worth), one.p)):
            fit = fit_of(scored, rows)
            best += [(scored, fit)] if fit and is_told_apart(fit, len(events)) else []
            if len(best) == SHOWN:
                break
        return worth, best

    def ranked(found, p):
        """Squares below which a model of p parameters would be the plainly best, or one of the five."""
        allowed = [one for one in found if one.p <= most]
        worth, best = top(allowed)
        plain = n * math.exp((min(bic(one, n, n) for one in allowed) - p * math.log(n)) / n)
        last = bic(best[-1][0], n, worth) if len(best) == SHOWN else math.inf
        return max(plain, n * math.exp(min((last - p * math.log(worth)) / worth, 700))) * (1 + 1e-6)

    found = bent_designs(columns, use, usable, events, linear_designs(columns, use, usable, events), ranked)
    found = [one for one in found if one.p <= most]
    worth, best = top(found) if found else (n, [])
    if not best:
        return []
    scores, blocks = [bic(scored, n, worth) for scored, _ in best], [fit.left_out() for _, fit in best]
    lowest, least = min(scores), min(root for root, _ in blocks)
    weights = [math.exp(max(-700.0, (lowest - score) / 2)) for score in scores]
    told = [Candidate("change-point" if fit.points else "mean" if not [one for one in fit.terms if one["driver"] < own] else "ols", fit, score, *block,
                      weight / math.fsum(weights)) for (_, fit), score, block, weight in zip(best, scores, blocks, weights)]
    sound = [one for one in told if one.root <= 1.05 * least]
    near = [one for one in sound if one.bic <= lowest + 2]
    first = min(near, key=lambda one: one.fit.p) if near else sound[0]
    return [first] + [one for one in told if one is not first]

def name_of(its, drivers):
    sign = {"linear": "", "below": "<", "above": ">", "product": "*"}[its["kind"]]
    point = f"{its['breakpoint']:.4f}".rstrip("0").rstrip(".") if its["breakpoint"] is not None else drivers[its["second"]] if sign else ""
    return f"{drivers[its['driver']]}{sign}{point}"

def main(path):
    with open(path, encoding="utf-8", newline="") as file:
        _, *names = next(lines := csv.reader(file))
        rows = [(datetime.date.fromisoformat(day).toordinal() * DAY, float(use), [float(x) for x in drivers]) for day, use, *drivers in lines]
    for one in choose(rows, len(names) - 1):
        print(one.kind, " + ".join(name_of(its, names[1:]) for its in one.fit.terms), one.bic, one.root, one.weight, sep="\t")

if __name__ == "__main__":
    main(sys.argv[1])
