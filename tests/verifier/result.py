"""The result in the second verifier: what can be recomputed without the statistics."""
import datetime, hashlib, math, struct, zoneinfo

from verifier.signatures import require

def close(left, right, size=0.0):
    return left is None and right is None or left is not None and right is not None and abs(left - right) <= 1e-9 * max(abs(left), abs(right), size)


def midnight(day, zone):
    """First instant of a local day: where the clock skips midnight, the first after the change."""
    local = datetime.datetime(day.year, day.month, day.day)
    for minute in range(1440):
        moment = (local + datetime.timedelta(minutes=minute)).replace(tzinfo=zone)
        utc = moment.astimezone(datetime.timezone.utc)
        if utc.astimezone(zone).replace(tzinfo=None) == moment.replace(tzinfo=None):
            return int(utc.timestamp()) * 1000
    return None


def span_of(plan):
    """The time whose readings count: the days of baseline to reporting period, and six hours on either side."""
    zone, project = zoneinfo.ZoneInfo(plan["plant"]["zone"]), plan["project"]
    last = datetime.date.fromisoformat(project["reportingLast"]) + datetime.timedelta(days=1)
    return midnight(datetime.date.fromisoformat(project["baselineFirst"]), zone) - 21_600_000, midnight(last, zone) + 21_600_000


def check_channel(about, rows, stated):
    """Content hash over the readings of the span, their number, and how many may be used at most."""
    name = stated["channel"]
    digest = hashlib.sha256(f"metering/v1/version {about.unit} {about.decimals} {len(rows)}\n".encode())
    digest.update(struct.pack(f"<{len(rows)}q", *(row[0] for row in rows)) + struct.pack(f"<{len(rows)}q", *(row[1] or 0 for row in rows)))
    digest.update(bytes(row[2] for row in rows) + bytes(row[1] is not None for row in rows))
    require(digest.hexdigest() == stated["version"] and len(rows) == stated["readings"], f"the readings of {name} are not those of the result")
    kind, _, modulus = about.kind.partition(" ")
    require((stated["unit"], stated["decimals"], stated["kind"], stated["modulus"]) == (about.unit, about.decimals, kind, int(modulus) if modulus not in ("", "-") else None), f"{name} is another kind of channel than the result says")
    good = [row for row in rows if row[1] is not None and row[2] >> 6 == 0]
    require(stated["usable"] <= len(good), f"more readings of {name} are said to be usable than there are")
    values = {row[0]: row[1] for row in good}
    for point in stated["registers"]:
        require(point["utc"] in values and close(point["value"], values[point["utc"]] / 10 ** int(about.decimals)), f"a register of {name} is not the one that was read")
    return values


def check_days(plan, result, values, about):
    """Phase, midnight and use of each day. Where the register was read at both midnights, its difference is the use, to the last digit."""
    project, zone = plan["project"], zoneinfo.ZoneInfo(plan["plant"]["zone"])
    day_of = datetime.date.fromisoformat
    phases = [(phase, day_of(project[phase + "First"]), day_of(project[phase + "Last"])) for phase in ("baseline", "reporting", "installation")]
    first, recomputed = phases[0][1], 0
    begun_anew = {finding["utc"] for channel in result["channels"][:1] for finding in channel["findings"]}
    require(len(result["days"]) == (phases[1][2] - first).days + 1, "the result has not every day of its periods")
    for place, row in enumerate(result["days"]):
        day = first + datetime.timedelta(days=place)
        start, end = midnight(day, zone), midnight(day + datetime.timedelta(days=1), zone)
        phase = next((name for name, begin, last in phases if begin <= day <= last), "outside")
        require((day_of(row["day"]), row["startUtc"], row["phase"]) == (day, start, phase), f"{row['day']}: not its place, midnight or period")
        require((row["use"] is not None) >= (row["state"] in ("measured", "allocated")) and (row["use"] is None) >= (row["state"] in ("missing", "ahead")), f"{row['day']}: its state and use contradict each other")
        if row["state"] == "measured" and start in values and end in values and values[start] <= values[end] and not any(start <= at <= end for at in begun_anew):
            require(close(row["use"], (values[end] - values[start]) / 10 ** int(about.decimals), 1e-6), f"{row['day']}: the use is not the difference of the register")
            recomputed += 1
    return recomputed


def check_drivers(plan, result, readings, production):
    """Days of the drivers that stand on production records, or on a register that was read at both midnights."""
    rows, checked = result["days"], 0
    for place, driver in enumerate(plan["project"]["drivers"]):
        if driver["product"] is not None:
            own = sorted((body["firstDay"], body["id"], body) for body in production if body["product"].lower() == driver["product"].lower())
            amounts = {}
            for first, _, body in own:
                days = (datetime.date.fromisoformat(body["lastDay"]) - datetime.date.fromisoformat(first)).days + 1
                for day in range(days if days <= 7 and body["unit"] == own[-1][2]["unit"] else 0):
                    name = (datetime.date.fromisoformat(first) + datetime.timedelta(days=day)).isoformat()
                    amounts[name] = None if name in amounts else body["amount"] / days
            for row in rows:
                require(close(row["drivers"][place], amounts.get(row["day"])), f"{row['day']}: the driver {driver['id']} is not what the production records say")
                checked += 1
        elif driver["kind"] == "difference" and (driver["gateway"], driver["channel"]) in readings:
            values, its, begun_anew = readings[driver["gateway"], driver["channel"]]
            for row, following in zip(rows, rows[1:]):
                start, end, stated = row["startUtc"], following["startUtc"], row["drivers"][place]
                if stated is not None and start in values and end in values and values[start] <= values[end] and not any(start <= at <= end for at in begun_anew):
                    require(close(stated, (values[end] - values[start]) / 10 ** int(its.decimals), 1e-6), f"{row['day']}: the driver {driver['id']} is not the difference of its register")
                    checked += 1
    return checked


def check_decisions(result, decisions):
    """What was decided stands beside each event of a result that has a number, and days of wrong data are left out."""
    def shape(event, kind, reason):
        return (event["fromUtc"], event["toUtc"] or 0, event["lastUtc"], event["kind"], event["period"], kind, reason)
    if result["saving"] is not None:
        told = sorted(shape(event, event["decision"], event["reason"]) for event in result["events"] if event["decision"] is not None)
        require(told == sorted(shape(body["event"], body["kind"], body["reason"]) for body in decisions), "the result tells other decisions than those in the log")
    faults = [body["event"] for body in decisions if body["kind"] == "data-fault"]
    for row in result["days"]:
        within = any(event["fromUtc"] <= row["startUtc"] < (event["toUtc"] if event["toUtc"] is not None else event["lastUtc"] + 1) for event in faults)
        require(row["state"] != "excluded" or faults, f"{row['day']} is left out without a decision")
        require(not within or row["state"] in ("excluded", "ahead"), f"{row['day']} lies in data that were decided to be wrong, and is not left out")


def check_sums(result):
    saving, model, rows = result["saving"], result["model"], result["days"]
    counted = [row for row in rows if row["phase"] == "reporting" and row["use"] is not None and row["baseline"] is not None]
    if saving is not None:
        metered, baseline = math.fsum(row["use"] for row in counted), math.fsum(row["baseline"] for row in counted)
        size = abs(metered) + abs(baseline)
        require(close(saving["metered"], metered, size) and close(saving["counterfactual"], baseline, size), "use and baseline of the saving are not the sums of its days")
        require(close(saving["value"], baseline - metered, size) and len(counted) == saving["days"], "the saving is not the sum of its days")
        require(close(saving["percent"], 100 * saving["value"] / saving["counterfactual"], 100) if saving["counterfactual"] else True, "the saving in percent is another share")
        for key in ("metered", "baseline", "saving"):
            require(close(math.fsum(month[key] for month in result["months"]), {"metered": metered, "baseline": baseline, "saving": baseline - metered}[key], size), "the months are not the sum of the days")
        for month in result["months"]:
            own = [row for row in counted if row["day"][:7] == f"{month['year']:04}-{month['month']:02}"]
            require(len(own) == month["days"] and close(month["saving"], math.fsum(row["baseline"] - row["use"] for row in own), size) and close(month["metered"], math.fsum(row["use"] for row in own), size)
                    and close(month["baseline"], math.fsum(row["baseline"] for row in own), size), f"month {month['year']}-{month['month']} is not the sum of its days")
        steps = result["waterfall"]
        require(steps is None or (close(steps["saving"], saving["value"], size) and close(steps["metered"], metered, size) and close(steps["baseline"] + steps["routine"] + steps["events"] - steps["saving"], steps["metered"], size)), "the steps from baseline to use do not add up")
    if model is None or len(model["drivers"]) != len(result["driverUnits"]) or (saving is not None and saving["adjustments"]):
        return 0
    predicted = 0
    for row in rows:
        if row["baseline"] is not None:
            require(None not in row["drivers"], f"{row['day']}: a baseline without its drivers")
            require(close(row["baseline"], predict(model, row["drivers"]), abs(model["meanUse"])), f"{row['day']}: the baseline is not the model's")
            predicted += 1
    return predicted


def predict(model, drivers):
    total = model["coefficients"][0]
    for term, coefficient in zip(model["terms"], model["coefficients"][1:]):
        x = drivers[term["driver"]]
        value = {"linear": lambda: x, "below": lambda: min(0.0, x - term["breakpoint"]), "above": lambda: max(0.0, x - term["breakpoint"]), "product": lambda: x * drivers[term["second"]]}[term["kind"]]()
        total += coefficient * value
    return total
