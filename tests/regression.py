#!/usr/bin/env python3
"""Least squares with autocorrelated residuals, for the second verifier: Python's standard library only, and no code of the first verifier.

usage: regression.py ROWS.csv           rows of day,use,driver,driver...: the fit of use on all drivers

Written from the formulas and sources named in cloud/Metering.Analytics; knows nothing of bundles, plans or meters.
Rows are (start in UTC milliseconds, use, drivers, ...), a day apart; terms and breakpoints as a result names them.
"""
import csv, datetime, functools, math, operator, sys

DAY = 86_400_000

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
    """Orthonormal columns of the same span and the upper triangle by columns (Gram and Schmidt, twice). A column that those before span gives an empty one."""
    basis, upper = [], []
    for column in columns:
        rest, shares = column, [0.0] * len(basis)
        for _ in range(2):
            for place, other in enumerate(basis):
                share = dot(other, rest) if other else 0.0
                shares[place] += share
                rest = [x - share * y for x, y in zip(rest, other)] if other else rest
        length, about_mean = math.sqrt(dot(rest, rest)), math.sqrt(max(0.0, dot(column, column) - (shares[0] ** 2 if shares else 0)))
        kept = length > max(1e-10 * about_mean, 1e-13 * math.sqrt(dot(column, column)))
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

def terms_of(names, drivers):
    """The terms of a model that is told by names: driver, driver<breakpoint, driver>breakpoint (with four digits behind the point), driver*driver."""
    terms, kinds = [], {"<": "below", ">": "above", "*": "product"}
    for name in names:
        driver = next(place for place, one in enumerate(drivers)
                      if name == one or name.startswith(one) and (name[len(one)] in "<>" or name[len(one) + 1:] in drivers))
        sign, rest = name[len(drivers[driver]):][:1], name[len(drivers[driver]) + 1:]
        terms.append({"kind": kinds.get(sign, "linear"), "driver": driver, "second": drivers.index(rest) if sign == "*" else None,
                      "breakpoint": float(rest) if sign and sign in "<>" else None})
    return terms

def value_of(term, drivers):
    x, kind = drivers[term["driver"]], term["kind"]
    if kind in ("below", "above"):
        return (min if kind == "below" else max)(0.0, x - term["breakpoint"])
    return x * drivers[term["second"]] if kind == "product" else x

class Fit:
    """Least squares of use on the terms over rows of (start, use, drivers), with autocorrelated residuals of first order."""

    def __init__(self, terms, rows):
        self.terms, self.rows, self.n = terms, rows, len(rows)
        self.points = list(dict.fromkeys((term["driver"], term["breakpoint"]) for term in terms if term["kind"] in ("below", "above")))
        self.p, self.use = 1 + len(terms) + len(self.points), [row[1] for row in rows]
        columns = [[1.0] * self.n] + [[value_of(term, row[2]) for row in rows] for term in terms]
        basis, upper = orthonormal(columns)
        if not all(basis) or self.n <= self.p:
            raise ValueError("the terms of the model cannot be told apart")
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
        values = [value_of(term, drivers) for term in self.terms]
        bent = [(c if value else 0.0, (term["driver"], term["breakpoint"])) for c, term, value in zip(self.coefficients[1:], self.terms, values)]
        return [1.0] + values + [-sum(c for c, its in bent if its == point) for point in self.points]

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

    def standard_errors(self):
        return [math.sqrt(self.variance * dot(row, row)) for row in (self.inverse(j)[:len(self.terms) + 1] for j in range(len(self.terms) + 1))]

    def statistics(self):
        """What is told of a fit; None, or not finite, what is not known. Standard errors are those of independent residuals."""
        freedom, errors, scale = self.n - self.p, self.standard_errors(), self.mean if self.mean > 0 else math.nan
        t = [c / error if error else math.nan for c, error in zip(self.coefficients, errors)]
        r2 = 1 - self.errors / self.total if self.p > 1 and self.total else 0.0
        f = (self.total - self.errors) / (self.p - 1) / self.variance if self.p > 1 and self.variance else math.nan
        tail = beta(freedom / 2, (self.p - 1) / 2, freedom / (freedom + (self.p - 1) * f)) if f > 0 else 1.0 if f <= 0 else math.nan
        inflation = [error ** 2 / self.variance * length if self.variance else math.nan for error, length in zip(errors[1:], self.scales[1:])]
        return {"coefficients": self.coefficients, "standardErrors": errors, "tStatistics": t, "varianceInflation": inflation,
                "pValues": [student_tail(one, freedom) if math.isfinite(one) else one for one in t],
                "n": self.n, "p": self.p, "meanUse": self.mean, "sumOfSquaredErrors": self.errors, "r2": r2, "lag1Autocorrelation": self.lag1, "f": f,
                "adjustedR2": 1 - (1 - r2) * (self.n - 1) / freedom, "fProbability": tail,
                "cvRmse": math.sqrt(self.variance) / scale, "nmbe": math.fsum(self.residuals) / (freedom * scale)}

    def autocorrelation(self, days):
        """Correlation of residuals so many days apart, for up to four weeks; `days` are the ordinals of the rows."""
        mean = math.fsum(self.residuals) / self.n
        by_day, lags = {day: residual - mean for day, residual in zip(days, self.residuals)}, []
        spread = math.fsum(one * one for one in by_day.values()) / self.n
        for lag in range(1, min(28, self.n - 1) + 1):
            pairs = [one * by_day[day - lag] for day, one in by_day.items() if day - lag in by_day]
            lags.append(math.fsum(pairs) / len(pairs) / spread if len(pairs) >= 2 and spread > 0 else None)
        return lags

    def left_out(self):
        """Root mean square and mean of the errors in blocks of a month left out of the fit: e + Q (I - Q'Q)^-1 Q'e, Q its rows of the basis (Allen's PRESS)."""
        length, errors, basis = 1 if self.n <= 24 else max(1, math.floor(min(30.436875, self.n / 12) + 0.5)), [], [column for column in self.basis if column]
        for begin in range(0, self.n, length):
            rows, own = list(zip(*(column[begin:begin + length] for column in basis))), self.residuals[begin:begin + length]
            order = range(len(basis))
            system = [[float(j == k) - math.fsum(row[j] * row[k] for row in rows) for k in order] for j in order]
            system = [line + [math.fsum(row[j] * e for row, e in zip(rows, own))] for j, line in enumerate(system)]
            lost = 1e-9 * max(system[j][j] for j in order)
            known = []
            for j in order:                                # a direction that only the block itself saw is left out
                known.append(system[j][j] > lost)
                for k in range(j + 1, len(system)) if known[j] else ():
                    factor = system[k][j] / system[j][j]
                    system[k] = [x - factor * y for x, y in zip(system[k], system[j])]
            solved = [0.0] * len(system)
            for j in reversed(order):
                rest = system[j][-1] - sum(system[j][k] * solved[k] for k in range(j + 1, len(system)))
                solved[j] = rest / system[j][j] if known[j] else 0.0
            errors += [e + dot(row, solved) for row, e in zip(rows, own)]
        return math.sqrt(dot(errors, errors) / self.n), math.fsum(errors) / self.n

    def blocks(self, weights):
        """Variance of the weighted sum of residuals when they are drawn in blocks of a week (Kuensch, Annals of Statistics 17, 1989)."""
        length, mean, total = min(7, self.n), math.fsum(self.residuals) / self.n, 0.0
        for begin in range(0, len(weights), length):
            part = weights[begin:begin + length]
            total += sum(sum(w * (e - mean) for w, e in zip(part, self.residuals[start:])) ** 2 for start in range(self.n - length + 1)) / (self.n - length + 1)
        return total

def is_inside(terms, before, after, own):
    """Whether the drivers of a model stay inside what the baseline has seen, with a tenth of margin, in nineteen of twenty rows."""
    for driver in {place for term in terms for place in (term["driver"], term["second"]) if place is not None and place < own}:
        low, high = min(row[2][driver] for row in before), max(row[2][driver] for row in before)
        margin = (high - low) / 10
        if sum(not low - margin <= row[2][driver] <= high + margin for row in after) > 0.05 * len(after):
            return False
    return True

class Event:
    """A change of use from start to end that is estimated together with a model: how much of it acts in a row. One that grows has its size from `grown` on."""

    def __init__(self, name, start, end, grown, deviation):
        self.name, self.start, self.end, self.grown, self.deviation = name, start, end, grown, deviation

    def weight(self, at):
        if not self.start <= at < self.end:
            return 0.0
        return min(1.0, (at - self.start) / (self.grown - self.start)) if self.grown is not None and self.grown > self.start else 1.0

# A result, figure by figure

def avoided(fit, rows, late=()):
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
    variance = {"model": fit.noise * fit.spread(total), "breakpoints": 0.0, "reporting": fit.noise * dot(weights, correlate(weights, steps, fit.r)),
                "meterClass": 0.0, "estimated": 0.0, "betweenModels": 0.0, "stipulated": 0.0,
                "eventDates": math.fsum(event.deviation ** 2 for event in late), "blocks": 0.0}
    if fit.points:
        terms = len(fit.terms) + 1
        variance["breakpoints"] = max(0.0, variance["model"] - fit.noise * fit.spread(total[:terms] + [0.0] * (len(total) - terms)))
    if fit.ljung_box is not None and fit.ljung_box < 0.01:
        pull = [sum(x * column[i] for x, column in zip(total, fit.basis) if column) for i in range(fit.n)]
        variance["blocks"] = max(0.0, fit.n / max(1, fit.n - fit.p) * (fit.blocks(pull) + fit.blocks(weights)) - variance["model"] - variance["reporting"])
    baseline = [fit.predict(row[2]) + sum(size * indicator[i] for size, indicator in zip(sizes, indicators)) for i, row in enumerate(rows)]
    return {"baseline": baseline, "counterfactual": math.fsum(baseline), "metered": math.fsum(use), "value": math.fsum(baseline) - math.fsum(use),
            "variance": variance, "error": math.sqrt(math.fsum(variance.values()) - variance["breakpoints"]),
            "rows": [fit.noise * (fit.spread(one) + 1) for one in z],
            "termMeans": [math.fsum(column) / len(rows) for column in list(zip(*gradients))[1:len(fit.terms) + 1]],
            "sizes": [(size, math.sqrt(fit.noise * dot(influence, correlate(influence, steps, fit.r)))) for size, influence in zip(sizes, influences)]}

def main(path):
    with open(path, encoding="utf-8", newline="") as file:
        _, *names = next(lines := csv.reader(file))
        days = [(datetime.date.fromisoformat(day).toordinal() * DAY, float(use), [float(x) for x in drivers]) for day, use, *drivers in lines]
    fit = Fit([{"kind": "linear", "driver": place, "second": None, "breakpoint": None} for place in range(len(names) - 1)], days)
    for name, coefficient, error in zip(["intercept", *names[1:]], fit.coefficients, fit.standard_errors()):
        print(name, coefficient, error, student_tail(coefficient / error, fit.n - fit.p), sep="\t")
    print("lag-1 correlation", fit.r, "rows they are worth", fit.worth, sep="\t")

if __name__ == "__main__":
    main(sys.argv[1])
