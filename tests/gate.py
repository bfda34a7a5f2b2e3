#!/usr/bin/env python3
"""What stands between data and a number, for the second verifier: reasons why none is given, notes beside one, and the tests of the usual protocols.
Python's standard library only, and no code of the first verifier.

usage: gate.py BUNDLE.mevb              reasons, warnings and acceptance tests of its result

Written from cloud/Metering.Analytics/Baselines/README.md and cloud/Metering.Analytics/Acceptance/README.md.
"""
import collections, decimal, itertools, math, sys
from models import MOST_DRIVERS, choose, strongest
from regression import DAY, avoided, dot, orthonormal, value_of

Judged = collections.namedtuple("Judged", "reasons warnings told")
FEWEST_ROWS, LEAST_COVERAGE, GOOD_COVERAGE, MARGIN, MOST_OUTSIDE, MOST_NEGATIVE, MOST_ALIKE = 30, 0.5, 0.9, 0.1, 0.05, 0.01, 0.95

def rounded(value, decimals):
    """A number with so many decimals, halves away from zero."""
    return str(decimal.Decimal(f"{value:.15g}").quantize(decimal.Decimal(1).scaleb(-decimals), decimal.ROUND_HALF_UP))

def shortest(value):
    """The shortest text that gives the number back; with an exponent from 1E+15 on and below 1E-05."""
    sign, digits, exponent = decimal.Decimal(repr(float(value))).normalize().as_tuple()
    place = len(digits) + exponent - 1
    if value and not -5 <= place < 15:
        text = "".join(map(str, digits))
        return "-" * sign + text[0] + ("." + text[1:] if text[1:] else "") + f"E{'+' if place > 0 else '-'}{abs(place):02}"
    return f"{decimal.Decimal(repr(float(value))).normalize():f}" if value else "0"

# Reasons and warnings ahead of a model

def check_rows(rows, expected, period, reasons, warnings):
    """Whether a period has rows; how many of its days they cover, and whether use is below zero in some."""
    n = len(rows)
    if not n:
        reasons.append(("empty-period", f"The {period} period has no row with use and all drivers. Check its dates and the columns."))
        return False
    coverage, negative = min(1, n / expected), sum(row[1] < 0 for row in rows)
    text = f"Usable rows cover {rounded(100 * coverage, 1)} % of the {period} period ({n} of {expected})"
    if coverage < LEAST_COVERAGE:
        reasons.append(("low-coverage", f"{text}; the limit is 50 %. Fill the gaps from the meter, or shorten the period."))
    elif coverage < GOOD_COVERAGE:
        warnings.append(("low-coverage", f"{text}; nothing is claimed for the rest."))
    text = f"Use is below zero in {negative} of {n} rows of the {period} period"
    if negative > MOST_NEGATIVE * n:
        reasons.append(("negative-use", f"{text}; the limit is 1 %. Give imported and exported use as separate columns."))
    elif negative:
        warnings.append(("negative-use", f"{text}."))
    return True

def check_drivers(names, rows, reasons):
    """Too few rows, a use or a driver that stands still, two drivers that move together."""
    columns, use, found = list(zip(*(row[2][:len(names)] for row in rows))), [row[1] for row in rows], []
    if len(rows) < FEWEST_ROWS:
        found.append(("too-few-points", f"The baseline has {len(rows)} usable rows; a model with 1 parameters on rows of this length needs {FEWEST_ROWS}. "
                      "Lengthen the baseline, or use fewer drivers."))
    if min(use) == max(use) and len(rows) > 1:
        found.append(("constant-use", f"Use is {shortest(use[0])} in every row of the baseline. A meter that stands still cannot carry a baseline; check the column."))
    for name, column in zip(names, columns):
        if min(column) == max(column):
            found.append(("constant-driver", f"The driver '{name}' is {shortest(column[0])} throughout the baseline, so that its effect cannot be seen. "
                          "Leave it out, or choose a baseline in which it varies."))
    reasons += found
    if reasons:
        return
    centred = [[x - math.fsum(column) / len(column) for x in column] for column in columns]
    for j, k in ((j, k) for j in range(len(names)) for k in range(j)):
        correlation = dot(centred[k], centred[j]) / math.sqrt(dot(centred[k], centred[k]) * dot(centred[j], centred[j]))
        if abs(correlation) > MOST_ALIKE:
            reasons.append(("collinear", f"The drivers '{names[k]}' and '{names[j]}' move together (correlation {rounded(correlation, 3)}, limit 0.95), "
                            "so that their effects cannot be told apart. Keep one of them."))

def check_range(name, before, after, reasons, warnings):
    """Whether a driver stays inside what the baseline has seen."""
    low, high = min(before), max(before)
    margin = MARGIN * (high - low)
    outside = sum(value < low - margin or value > high + margin for value in after)
    text = (f"The driver '{name}' is outside the baseline's range {shortest(low)} to {shortest(high)} by more than 10 % of it in {outside} of {len(after)} "
            f"reporting rows (it reaches {shortest(min(after))} to {shortest(max(after))}).")
    if outside / len(after) > MOST_OUTSIDE:
        reasons.append(("extrapolation", f"{text} The limit is 5 % of the rows: the model has not seen such conditions. Choose a baseline that has."))
    elif outside:
        warnings.append(("extrapolation", text))

def is_estimable(fit, after, late):
    """Whether the events of the reporting period can be told from the terms and from each other."""
    columns = [[value_of(its, row[2]) for row in after] for its in fit.terms]
    basis, _ = orthonormal([[1.0] * len(after)] + [column for column in columns if len(set(column)) > 1] + [[event.weight(row[0]) for row in after] for event in late])
    return not late or len(after) > len(basis) and all(basis)

def judge(names, before, after, expected, late=()):
    """Reasons and warnings of a baseline, and with rows of a reporting period (None before there is one) of a saving; and the models compared. `names` are those of
    the project's drivers, behind which rows have the events of the baseline; `expected` the days of either period."""
    reasons, warnings, told, own = [], [], [], len(names)
    if check_rows(before, expected[0], "baseline", reasons, warnings):
        check_drivers(names, before, reasons)
        if not reasons:
            columns, use = list(zip(*(row[2] for row in before))), [row[1] for row in before]
            kept = strongest(columns, use, list(range(own)), MOST_DRIVERS)
            warnings += [("driver-left-out", f"Of {own} columns the {MOST_DRIVERS} that explain most by themselves were tried; '{names[j]}' was left out.")
                         for j in range(own) if j not in kept]
            told = choose(before, own)
            if not told and len(before[0][2]) > own:
                reasons.append(("event-not-estimable", "An event of the baseline covers all of its rows or none, or cannot be told from the drivers. "
                                "Correct its dates, or exclude its days."))
            elif not told:
                reasons.append(("model-unsuitable", "None of the models asked for can be fitted to these rows. A change point needs a driver with enough different values "
                                "on both of its sides; let the model be chosen, or take other drivers."))
        used = {place for its in told[0].fit.terms for place in (its["driver"], its["second"])} if told else set(range(own))
        if after is not None and check_rows(after, expected[1], "reporting", reasons, warnings):
            for j in sorted(used & set(range(own))):
                check_range(names[j], [row[2][j] for row in before], [row[2][j] for row in after], reasons, warnings)
    if not reasons and after is not None and not is_estimable(told[0].fit, after, late):
        reasons.append(("event-not-estimable", "An event cannot be told from the model: it covers all rows or none of the reporting period, or two events cover the "
                        "same rows. Correct its dates."))
    if not reasons and after is not None and avoided(told[0].fit, after, late)["counterfactual"] <= 0:
        reasons.append(("no-counterfactual", "The model predicts no use in the reporting period, so that there is nothing to save from. "
                        "Check the use column and the drivers."))
    return Judged(reasons, warnings, told)

# Warnings beside a number, by the figures that are stated and were worked out anew

def beside(result, before, after, events):
    """What a reader should know beside a saving; `events` of the baseline are the last terms."""
    model, saving, found = result["model"], result["saving"], []
    if model["cvRmse"] is not None and model["cvRmse"] > 0.25:
        found.append(("wide-scatter", f"CV(RMSE) is {rounded(100 * model['cvRmse'], 1)} %; above 25 % (ASHRAE Guideline 14, whole building) a driver is probably missing."))
    for j, its in enumerate(model["terms"][:len(model["terms"]) - events]):
        column, name = [row[2][its["driver"]] for row in before], model["drivers"][its["driver"]]
        is_level = its["kind"] == "linear" and min(column) >= 0 and max(column) > 1 and not name.lower().startswith("temp")
        if is_level and model["coefficients"][j + 1] < 0 and (model["pValues"][j + 1] or 0) < 0.05 and model["pValues"][j + 1] is not None:
            found.append(("unphysical-sign", f"Use falls as '{its['name']}' rises. If that is production or degree days, a driver is missing or a column is mistaken."))
    if model["n"] <= 24:
        found.append(("indicative", f"The baseline has {model['n']} rows; the interval is indicative."))
    if abs(saving["value"]) <= saving["halfWidth"]:
        found.append(("not-significant", "The interval holds zero: at this confidence the data show neither a saving nor a loss."))
    span = after[-1][0] - after[0][0]
    days = (span + span / (len(after) - 1)) / DAY if len(after) > 1 else 0.0
    if days < 340:
        found.append(("part-year", f"The reporting period has {rounded(days, 0)} days; the saving is stated for these alone. It is not carried over to a year, whose other "
                      "seasons were not seen."))
    if saving["ljungBoxProbability"] is not None and saving["ljungBoxProbability"] < 0.01:
        found.append(("autoregression-rejected", "What is left after a first-order autoregression is still correlated (Ljung-Box p "
                      f"{saving['ljungBoxProbability']:.2g}".replace("e-", "E-") + "): a weekly pattern or a driver may be missing. The interval uses moving blocks of a week "
                      "where they are wider."))
    if saving["variance"]["betweenModels"] > saving["standardError"] ** 2 / 2:
        found.append(("models-disagree", "The best models disagree about the saving by more than the data scatter; look at the candidates."))
    return found

# Acceptance tests

UNKNOWN = "The value is not known, or not finite; the test counts as failed."

def test(standard, name, value, comparison, threshold):
    passes = value is not None and {"at-most": value <= threshold, "below": value < threshold, "at-least": value >= threshold}[comparison]
    return standard, name, value, comparison, threshold, "pass" if passes else "fail", "" if value is not None else UNKNOWN

def without(standard, name, value, note):
    return standard, name, value, "at-most", None, "not-applicable", note

def distance(its, before, applied):
    """0 where the mean of a term lies in the range that was fitted, else how many standard deviations from its mean."""
    column, factors = [value_of(its, row[2]) for row in before], [row[2][its["second"]] for row in before] if its["second"] is not None else [1.0]
    values, mean = [row[2][its["driver"]] for row in before], math.fsum(column) / len(column)
    ends = [value * factor if its["second"] is not None else value_of(dict(its, driver=0), [value])
            for value, factor in itertools.product((min(values), max(values)), (min(factors), max(factors)))]
    if applied is None:
        return None
    spread = math.sqrt(math.fsum((x - mean) ** 2 for x in column) / (len(column) - 1))
    return 0.0 if min(ends) <= applied <= max(ends) else abs(applied - mean) / spread if spread else None

def tests_of(model, saving, before, events):
    """(standard, name, value, comparison, threshold, verdict, note) of every test; `saving` is None before there is one. Without one nobody leaves out the events."""
    names, means = [its["name"] for its in model["terms"]], saving["termMeans"] if saving else [None] * len(model["terms"])
    judged = range(len(names) - (events if saving else 0))
    cv, nmbe = (100 * value if value is not None else None for value in (model["cvRmse"], model["nmbe"]))
    n, p, p_values = model["n"], model["p"], [model["pValues"][j + 1] for j in judged]
    nmbe = abs(nmbe) if nmbe is not None else None
    bias, known = nmbe * (n - p) / n if nmbe is not None else None, [one for one in p_values if one is not None]
    starts = [row[0] for row in before]
    is_daily, none = not saving or (starts[-1] - starts[0]) / (n - 1) <= 2 * DAY, "The guideline gives limits for months and hours, none for days."
    unit, left_out = "% of the saving", model["candidates"][0]["crossValidatedNmbe"] if saving else None
    half = 100 * saving["standardError"] / saving["value"] if saving and saving["value"] > 0 else None
    guideline = [(without("ashrae14-model", name, value, none) if is_daily else test("ashrae14-model", name, value, "at-most", limit))
                 for name, value, limit in (("CV(RMSE), %", cv, 15), ("|NMBE| with n - p, %", nmbe, 5))]
    alone = "The fit is not part of a portfolio."
    return [
        *guideline, test("ashrae14-whole-building", "CV(RMSE), %", cv, "at-most", 25), test("ashrae14-whole-building", "|net bias| of use, %", bias, "at-most", 0.005),
        test("ashrae14-whole-building", f"Half-width of the 68 % interval, {unit}", half, "at-most", 50),
        test("sep", "p value of the F test", model["fProbability"], "below", 0.1),
        *(test("sep", f"p value of '{names[j]}'", p_values[j], "below", 0.2) for j in judged),
        test("sep", "Smallest p value of a driver", min(known, default=None), "below", 0.1), test("sep", "R2", model["r2"], "at-least", 0.5),
        *(test("sep", f"Mean of '{names[j]}': inside the range, or standard deviations away", distance(model["terms"][j], before, means[j]), "at-most", 3) for j in judged),
        test("cal-track", "CV(RMSE) of a site, %", cv, "at-most", 100),
        without("cal-track", f"Portfolio uncertainty, non-wires alternative, {unit}", None, alone),
        without("cal-track", f"Portfolio uncertainty, pay for performance, {unit}", None, alone),
        test("nmec", "CV(RMSE), %", cv, "below", 25), test("nmec", "|NMBE| with n - p, %", nmbe, "below", 0.5),
        test("out-of-sample", "|NMBE| of use in blocks left out, %", abs(100 * left_out) if left_out is not None else None, "at-most", 5)]

def main(path):
    import verify
    for row in verify.verify(verify.bytes_of(path))[1]:
        if row[0].split()[0].rstrip("s") in ("reason", "warning", "test"):
            print(*row[:2], sep="\t")

if __name__ == "__main__":
    main(sys.argv[1])
