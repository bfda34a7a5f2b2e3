#!/usr/bin/env python3
"""The second verifier's arithmetic: works a result out anew from readings and plan, by Python's standard library and no code of the first verifier.

usage: recompute.py BUNDLE.mevb         every figure that was worked out anew, beside the one stated

Written from cloud/Metering.Evidence/README.md and the sources that it names. `verify.py` sees to it that readings, plan, production and decisions are the
signed ones, and calls `recompute` with them; `regression.py` has the statistics. What is not worked out anew stands in tests/README.md.
"""
import datetime, itertools, math, sys
from events import check_events, events_of, rows_of
from gate import Judged, beside, judge, tests_of
from readings import Channel, midnight, periods_of, require
from regression import Fit, avoided, is_inside, student_quantile, student_tail, terms_of

QUARTER = 900_000
ACTIONS = {rule: action for action, rules in {
    "dropped": "transient-low spike duplicate conflict out-of-range unusable unconfirmed clock-jump", "kept": "fast-rise", "carried-on": "rollover",
    "cut": "truncated", "parted": "reset replacement recorded-replacement", "laid-out": "gap stuck-then-caught-up",
    "sorted": "out-of-order"}.items() for rule in rules.split()}
PARAMETERS = [{"name": name, "value": float(value)} for name, value in (pair.split("=") for pair in (
    "usual-quantile=0.995 minimum-rises=8 gap-spacings=2 plausible-factor=8 catch-up-factor=3 impossible-factor=400 look-ahead=96 quick-return=2 "
    "confirmations=2 stuck-readings=4 rollover-from=0.9 clock-spacings=3 clock-stretch=5000 maximum-findings=10000 maximum-replacements=1000 "
    "read-gap-ms=7200000 longest-midnight-gap-ms=10800000 minimum-completeness=0.5 ").split())]
OUTPUTS = ("t", "kg", "m2", "pieces", "hides", "vehicles", "guest-nights", "bed-days")

class Tally:
    """Holds what is stated against what was computed: whole numbers exactly, others to a millionth of the larger one, or of a size where figures cancel out."""

    def __init__(self):
        self.table = []

    def __call__(self, what, stated, computed, size=0.0, tolerance=1e-6):
        if isinstance(computed, (list, tuple)):
            require(len(stated) == len(computed), f"of {what} there are {len(stated)} and not {len(computed)}")
            for place, pair in enumerate(zip(stated, computed)):
                self(f"{what}[{place}]", *pair, size, tolerance)
            return
        computed = None if isinstance(computed, float) and not math.isfinite(computed) else computed     # what is no number is stated as null
        is_number = isinstance(computed, float) and isinstance(stated, (int, float)) and not isinstance(stated, bool)
        holds = abs(stated - computed) <= tolerance * max(abs(stated), abs(computed), size) if is_number else stated == computed
        require(holds, f"computed anew, {what} is {computed} and not {stated}")
        self.table.append((what, stated, computed))

    def all(self, what, stated, computed, size=0.0, tolerance=1e-6):
        for key, one in computed.items():
            self(f"{key} of {what}", stated[key], one, size, tolerance)

# Days, drivers

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

def check_days(result, project, zone, phases, decided, production, channels, tally):
    """Midnight, period, use, state and drivers of each day. Gives the days as (day, start, phase, state, use, drivers), and the end of the last."""
    days = [phases[0][1] + datetime.timedelta(days=place) for place in range((phases[1][2] - phases[0][1]).days + 1)]
    borders, units, drivers = [midnight(day, zone) for day in days + [days[-1] + datetime.timedelta(days=1)]], [], []

    def of_counter(source):
        return source.days(borders) if source and source.kind == "counter" else [(None, "ahead")] * len(days)
    for driver in project["drivers"]:
        source, kind, base = channels.get((driver["gateway"], driver["channel"])), driver["kind"], driver["base"]
        amounts, unit = produced(driver["product"], production) if kind == "production" else ({}, source.unit if source else "")
        shapes = {"mean": lambda value: value, "above": lambda value: max(0.0, value - base), "below": lambda value: max(0.0, base - value)}
        if kind in shapes:
            drivers.append(source.means(borders, shapes[kind]) if source else [None] * len(days))
        elif kind == "difference":
            drivers.append([use for use, _ in of_counter(source)])
        else:
            drivers.append([amounts.get(day) if kind == "production" else float(is_workday(day)) for day in days])
        units.append("day" if kind == "workday" else unit)
    tally("driverUnits", result["driverUnits"], units)
    require(len(result["days"]) == len(days), "the result has not every day of its periods")
    rows, faults = [], [body["event"] for body in decided if body["kind"] == "data-fault"]
    for place, (use, state) in enumerate(of_counter(channels.get((project["gateway"], project["channel"])))):
        day, start, own = days[place], borders[place], [column[place] for column in drivers]
        state = "driver-missing" if use is not None and None in own else state
        if state != "ahead" and any(event["fromUtc"] <= start < (borders[-1] if event["toUtc"] is None else event["toUtc"]) for event in faults):
            state = "excluded"
        phase = next((name for name, begin, last in phases if begin <= day <= last), "outside")
        computed = {"day": day.isoformat(), "startUtc": start, "phase": phase, "state": state, "use": use, "drivers": own}
        tally.all(f"{day}", result["days"][place], computed, 1e-6, 1e-9)
        rows.append((day, start, phase, state, use, own))
    return rows, borders[-1]

def check_load(result, source, days, end, tally):
    """The quarters of an hour whose use is known, in order of size, for each period."""
    loads, longest = [], max(2 * source.spacing, QUARTER)
    stops = [row[1] for row in days[1:]] + [end]
    slots = [(row[1] + QUARTER * slot, slot, row[2]) for row, stop in zip(days, stops) for slot in range(min(96, (stop - row[1]) // QUARTER))]
    borders = sorted({at for start, _, _ in slots for at in (start, start + QUARTER)})
    known = dict(zip(borders, source.at_borders(borders)))
    for phase in ("baseline", "reporting"):
        values = []
        for start, slot, its in slots:
            left, right = known[start], known[start + QUARTER]
            if its == phase and left and right and left[0] == right[0] and max(left[2], right[2]) <= longest:
                values.append(((right[1] - left[1]) / source.power, slot))
        if values:
            ordered, night, count = sorted(value for value, _ in values), [value for value, slot in values if slot < 20], len(values)
            exceeded = [ordered[round((count - 1) * (1 - step / 100))] for step in range(101)]
            loads.append({"phase": phase, "base": ordered[round((count - 1) * 0.05)], "night": math.fsum(night) / len(night) if night else None,
                          "mean": math.fsum(ordered) / count, "quarters": count, "exceeded": exceeded})
    require(len(loads) == len(result["load"]), "load is told of other periods than those with readings")
    for stated, load in zip(result["load"], loads):
        tally.all(f"load of the {load['phase']}", stated, load)

def check_indicators(result, plan, days, whole, tally):
    """Use a day and use per output, before and after, over the days on which both are known; and as adjusted by the model."""
    def ratio(phase, driver):
        known = [(day[4], 1.0 if driver is None else day[5][driver]) for day in days if day[2] == phase and day[4] is not None]
        use, output = (math.fsum(column) for column in zip((0.0, 0.0), *(one for one in known if one[1] is not None)))
        return use / output if output > 0 else None
    told = [("use-per-day", None, "d", ratio("baseline", None), ratio("reporting", None))]
    for place, driver in enumerate(plan["project"]["drivers"]):
        unit = result["driverUnits"][place]
        if driver["kind"] in ("production", "difference") and unit in OUTPUTS:
            told.append(("use-per-output", driver["id"], unit, ratio("baseline", place), ratio("reporting", place)))
    if whole:
        told.append(("adjusted-use-per-day", None, "d", whole["counterfactual"] / len(whole["baseline"]), whole["metered"] / len(whole["baseline"])))
    require(len(told) == len(result["indicators"]), "there are other indicators than those known")
    for stated, (name, driver, unit, before, after) in zip(result["indicators"], told):
        change = 100 * (after / before - 1) if before and before > 0 and after is not None else None
        tally.all(name, stated, {"name": name, "driver": driver, "unit": f"{result['unit']}/{unit}", "baseline": before, "reporting": after,
                                 "changePercent": change}, 1e-6)

def nudged(fit, rows):
    """The fit, and where a breakpoint may stand on a row, the same with the row on either side of it."""
    yield fit
    for signs in itertools.product((-1, 1), repeat=len(fit.points)) if fit.points else ():
        move = {point: sign * 1e-12 * max(1, abs(point[1])) for point, sign in zip(fit.points, signs)}
        yield Fit([dict(term, breakpoint=term["breakpoint"] + move[term["driver"], term["breakpoint"]]) if term["breakpoint"] is not None else term
                   for term in fit.terms], rows)

def is_same(left, right, tolerance):
    """Whether terms are the same, breakpoints as near as that."""
    return len(left) == len(right) and all(
        all(one[key] == other[key] for key in ("kind", "driver", "second")) and (one["breakpoint"] is None) == (other["breakpoint"] is None)
        and abs((one["breakpoint"] or 0) - (other["breakpoint"] or 0)) <= tolerance * max(1, abs(one["breakpoint"] or 0)) for one, other in zip(left, right))

def check_candidates(model, found, before, tally):
    """The models that were worth comparing, their figures, and that the choice follows. Gives their fits in the order in which they are told."""
    told, fits, rest = model["candidates"], [], list(found)
    require(len(told) == len(found), f"{len(told)} models are told, and {len(found)} were worth comparing")
    for one in told:
        terms = terms_of(one["terms"], model["drivers"])
        its = next((other for other in rest if is_same(terms, other.fit.terms, 1e-4)), None)
        require(its, f"the model {one['terms']} is none of those that were worth comparing")
        rest.remove(its)
        fits.append(its.fit)
        tally.all(f"candidate {one['terms']}", one, {"kind": its.kind, "p": its.fit.p, "bic": its.bic, "cvRmse": its.fit.statistics()["cvRmse"], "weight": its.weight})
        blocks = [(root / its.fit.mean, mean / its.fit.mean) for root, mean in (fit.left_out() for fit in nudged(its.fit, before))]
        near = min(blocks, key=lambda pair: abs(pair[0] - one["crossValidatedCvRmse"]))
        tally.all(f"candidate {one['terms']}", one, dict(zip(("crossValidatedCvRmse", "crossValidatedNmbe"), near)), 1e-3)
    lowest, least = min(one["bic"] for one in told), min(one["crossValidatedCvRmse"] for one in told)
    sound = [one for one in told if one["crossValidatedCvRmse"] <= 1.05 * least]
    near = [one for one in sound if one["bic"] <= lowest + 2]
    require(told[0] is min(near or sound, key=lambda one: (one["p"] if near else 0, one["bic"])), "another model than the first would have been chosen")
    require([one["bic"] for one in told[1:]] == sorted(one["bic"] for one in told[1:]), "the models are told in another order")
    tally("terms", [one["name"] for one in model["terms"]], told[0]["terms"])
    require(is_same(model["terms"], fits[0].terms, 1e-6), "the model has other terms or breakpoints than the first")
    require(model["kind"] == told[0]["kind"], "the model is of another kind than the first")
    return fits

SIZES = {"pValues": 1e-200, "fProbability": 1e-200, "r2": 1e-3, "adjustedR2": 1e-3, "nmbe": 1e-3, "lag1Autocorrelation": 1e-3, "residualAutocorrelation": 1e-3}

def check_saving(result, plan, days, rows, early, late, found, tally):
    """Fit, candidates, saving with its interval and its parts, months and steps. Gives the saving."""
    saving, model, confidence = result["saving"], result["model"], plan["project"]["confidencePercent"] / 100
    (before, after), events = rows, early + late
    fit = Fit(model["terms"], before)
    told = dict(fit.statistics(), coverage=min(1, fit.n / sum(day[2] == "baseline" for day in days)))
    told["residualAutocorrelation"] = fit.autocorrelation([row[3].toordinal() for row in before])
    for key, computed in told.items():
        tally(f"{key} of the model", model[key], computed, SIZES.get(key, 0))
    fits, factor = check_candidates(model, found, before, tally), student_quantile(confidence, fit.freedom)
    tests = tests_of(model, saving, before, len(early))
    tally("tests", [[test[key] for key in ("standard", "name", "comparison", "threshold", "verdict", "note")] for test in model["tests"]], [[*one[:2], *one[3:]] for one in tests])
    tally("values of the tests", [test["value"] for test in model["tests"]], [one[2] for one in tests], 1e-3)
    place_of, whole = {row[0]: place for place, row in enumerate(after)}, avoided(fit, after, late) if saving else None
    for stated, (day, start, _, state, _, own) in zip(result["days"], days):
        place, known = place_of.get(start) if saving else None, state not in ("ahead", "excluded") and None not in own
        baseline = fit.predict(own + [event.weight(start) for event in early]) if known and place is None else whole["baseline"][place] if known else None
        tally(f"baseline of {day}", stated["baseline"], baseline, fit.mean, 1e-9)
        tally(f"halfWidth of {day}", stated["halfWidth"], factor * math.sqrt(whole["rows"][place]) if place is not None else None)
    if not saving:
        return None
    size, possible = 1e-4 * (abs(whole["counterfactual"]) + abs(whole["metered"])), [day for day in days if day[2] == "reporting" and day[3] != "ahead"]
    others = [[one.predict(row[2]) for row in after] for one in fits]
    for one, other, its in zip(model["candidates"], others, fits):
        inside, value = is_inside(its.terms, before, after, len(result["driverUnits"])), whole["value"] + math.fsum(other) - math.fsum(others[0])
        tally(f"savings of {one['terms']}", one["savings"], value if inside else None, whole["error"])
        tally(f"savingsPercent of {one['terms']}", one["savingsPercent"], 100 * one["savings"] / (one["savings"] + whole["metered"]) if inside else None)
    parts = whole["variance"]
    parts["betweenModels"] = math.fsum(one["weight"] * (one["savings"] - whole["value"]) ** 2 for one in model["candidates"] if one["savings"] is not None)
    error = math.hypot(whole["error"], math.sqrt(parts["betweenModels"]))
    tail = student_tail(whole["value"] / error, fit.freedom) / 2 if error else 0.0
    tally.all("variance", saving["variance"], parts, error ** 2)
    sums = {key: whole[key] for key in ("value", "counterfactual", "metered")}
    tally.all("the saving", saving, dict(sums, days=len(after), halfWidth=factor * error, standardError=error), size)
    tally.all("the saving", saving, {
        "percent": 100 * whole["value"] / whole["counterfactual"], "coveragePercent": 100 * min(1, len(after) / len(possible)), "degreesOfFreedom": fit.freedom,
        "autocorrelation": fit.r, "ljungBoxProbability": fit.ljung_box, "probabilityOfSaving": 1 - tail if whole["value"] > 0 else tail,
        "confidencePercent": 100 * confidence, "termMeans": whole["termMeans"]}, 1e-2)
    low, high = saving["value"] - saving["halfWidth"], saving["value"] + saving["halfWidth"]
    tally("verdict", result["verdict"], "saving" if low > 0 else "more-use" if high < 0 else "not-distinguishable")
    of_terms = range(len(fit.coefficients) - len(early), len(fit.coefficients))
    sizes = [(fit.coefficients[j], math.sqrt(fit.noise * fit.spread(fit.inverse(j)))) for j in of_terms] + whole["sizes"]
    require(len(sizes) == len(saving["adjustments"]), "the events adjusted for are not those decided")
    for stated, event, (used, deviation) in zip(saving["adjustments"], early + late, sizes):
        acted = int(math.fsum(event.weight(row[0]) for row in after))
        tally.all(stated["name"], stated, {"name": event.name, "fromUtc": event.start, "toUtc": event.end, "grownUtc": event.grown, "usePerDay": used,
                                           "inBaseline": event in early, "standardError": deviation, "days": acted})
    if events:
        bare = Fit(model["terms"][:len(fit.terms) - len(early)], before)
        plain = avoided(bare, after)
        half = student_quantile(confidence, bare.freedom) * plain["error"]
        tally.all("the saving without events", result["withoutEvents"], {"value": plain["value"], "halfWidth": half}, size)
    require(events or result["withoutEvents"] is None, "a saving without events is told, and there are none")
    names = sorted({day[0].isoformat()[:7] for day in possible})
    tally("months", [f"{month['year']:04}-{month['month']:02}" for month in result["months"]], names)
    for name, month in zip(names, result["months"]):
        places = [place for place, row in enumerate(after) if row[3].isoformat()[:7] == name]
        own = avoided(fit, [after[place] for place in places]) if places else None
        sums = [math.fsum(other[place] for place in places) for other in others]
        errors = [one[1] * math.fsum(event.weight(after[place][0]) for place in places) for event, one in zip(late, whole["sizes"])]
        errors += [math.sqrt(one["weight"]) * (total - sums[0]) for one, total in zip(model["candidates"], sums)]
        metered, baseline = math.fsum(after[place][1] for place in places), math.fsum(whole["baseline"][place] for place in places)
        passed = sum(day[0].isoformat()[:7] == name for day in possible)
        half = factor * math.hypot(own["error"], *errors) if own and own["counterfactual"] > 0 else None
        tally.all(name, month, {"metered": metered, "baseline": baseline, "saving": baseline - metered, "days": len(places), "possibleDays": passed}, size)
        tally(f"halfWidth of {name}", month["halfWidth"], half)
    usual, plain = fit.mean * len(after), math.fsum(fit.predict(row[2][:len(row[2]) - len(early)] + [0.0] * len(early)) for row in after)
    tally.all("waterfall", result["waterfall"], {
        "baseline": usual, "routine": plain - usual, "events": whole["counterfactual"] - plain, "saving": whole["value"], "metered": whole["metered"]}, size)
    return whole

def expected_of(phases, arrived):
    """Days of the baseline, and those of the reporting period that have passed."""
    return [(phases[0][2] - phases[0][1]).days + 1, (arrived[-1][0] - phases[1][1]).days + 1 if arrived else 0]

def check_gate(result, project, phases, arrived, use, rows, late, tally):
    """Why there is no number, and what is said beside one."""
    judged, (_, _, last), begun = Judged([], [], []), phases[0], phases[1][1]
    if use and use.kind == "gauge":
        judged.reasons.append(("use-is-no-counter", f"{project['channel']} is a momentary value in {use.unit}, not a counter: its differences are no use. Choose a counter."))
    elif arrived and arrived[-1][0] >= last:
        judged = judge([driver["id"] for driver in project["drivers"]], rows[0], rows[1] if arrived[-1][0] >= begun else None, expected_of(phases, arrived), late)
    saving, verdict = result["saving"], "refused" if judged.reasons else "waiting"
    require(bool(saving) == bool(not judged.reasons and arrived and arrived[-1][0] >= begun), "there is a saving where none can be, or none where one is")
    tally("verdict", result["verdict"] if not saving else verdict, verdict)
    warnings = judged.warnings + (beside(result, rows[0], rows[1], len(rows[0][0][2]) - len(project["drivers"])) if saving else [])
    for what, found in (("reasons", judged.reasons), ("warnings", warnings)):
        tally(what, [[one["kind"], one["detail"]] for one in result[what]], [list(one) for one in found])
    return judged

def recompute(result, validation, plan, decided, production, shown):
    """Works a result out anew from `shown`, {(gateway, channel): (what it is, [(log index, [(instant, value, quality)])])}, and from what people stated.
    Gives what was stated beside what was computed; a Fault where they differ."""
    tally, project, channels, (zone, phases, span) = Tally(), plan["project"], {}, periods_of(plan)
    runs = validation["channels"] if validation else [{"findings": [dict(one, rule=one["kind"]) for one in its["findings"]]} for its in result["channels"]]
    for stated, run in zip(result["channels"], runs):
        one = Channel(*shown.get((stated["gateway"], stated["channel"]), (None, [])), span, run["findings"])
        told = {"readings": len(one.rows), "version": one.version(), "kind": one.kind, "usable": len(one.good)}
        tally.all(stated["channel"], stated, dict(told, unit=one.unit, decimals=one.decimals, modulus=one.modulus, registers=one.ends(phases, zone)))
        plain = sorted((finding["rule"], finding["utc"]) for finding in run["findings"] if finding["rule"] in ("gap", "unusable", "out-of-range"))
        tally(f"findings of {stated['channel']}", plain, one.found() if one.kind == "counter" else [])
        if validation:
            tally.all(f"validation of {run['channel']}", run, dict(told, intervals=one.intervals(zone) if one.kind == "counter" else None))
            require(all(finding["action"] == ACTIONS[finding["rule"]] for finding in run["findings"]), "a finding has another action than its rule")
        if one.rows:
            channels[stated["gateway"], stated["channel"]] = one
    if validation:
        tally.all("the validation", validation, {"validation": 1, "project": project["id"], "rules": "register-days", "rulesVersion": 1,
                                                 "zone": plan["plant"]["zone"], "firstDay": project["baselineFirst"], "lastDay": project["reportingLast"],
                                                 "parameters": PARAMETERS})
    days, end = check_days(result, project, zone, phases, decided, production, channels, tally)
    arrived, use = [day for day in days if day[3] != "ahead"], channels.get((project["gateway"], project["channel"]))
    through = arrived[-1][0].isoformat() if arrived and arrived[-1][2] == "reporting" else None
    possible = [day[3] in ("measured", "allocated") for day in arrived if day[2] in ("baseline", "reporting")]
    valid = 100 * sum(possible) / len(possible) if possible else None
    tally.all("the result", result, {"reportedThrough": through, "complete": through == project["reportingLast"], "validPercent": valid})
    whole, (events, faults) = None, events_of(decided, end)
    border = next(row[1] for row in days if row[2] != "baseline")
    early, late = [event for event in events if event.start < border], [event for event in events if event.start >= border]
    rows = rows_of(days, early, faults)
    judged = check_gate(result, project, phases, arrived, use, rows, late, tally)
    require(bool(result["model"]) == bool(judged.told and not judged.reasons), "there is a model where none can be, or none where one is")
    if result["model"]:
        whole = check_saving(result, plan, days, rows, early, late, judged.told, tally)
    require(result["model"] or all(row["baseline"] is row["halfWidth"] is None for row in result["days"]), "there is a baseline without a model")
    if whole:
        expected, confidence = expected_of(phases, arrived), project["confidencePercent"] / 100
        check_events(result, [driver["id"] for driver in project["drivers"]], days, expected, decided, end, confidence, 1e-4 * abs(whole["counterfactual"]), tally)
    require(whole or not result["events"], "events are told without a saving")
    if use and use.kind == "counter":
        check_load(result, use, days, end, tally)
    if whole:
        points = [point["value"] for point in result["channels"][0]["registers"] if point["phase"] == "reporting"]
        anew = {"reset", "rollover", "replacement", "recorded-replacement"} & {finding["rule"] for finding in runs[0]["findings"]}
        tally("register of the waterfall", result["waterfall"]["register"], points[1] - points[0] if len(points) == 2 and not anew else None)
    check_indicators(result, plan, days, whole, tally)
    return tally.table

def main(path):
    import verify
    data = verify.bytes_of(path)
    print(*("\t".join(map(str, row)) for row in verify.verify(data)[1]), sep="\n")

if __name__ == "__main__":
    main(sys.argv[1])
