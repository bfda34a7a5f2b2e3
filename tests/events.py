#!/usr/bin/env python3
"""What events do to a saving, for the second verifier: the saving with and without each of them, by all that the others are decided to be. Python's standard library
only, and no code of the first verifier.

usage: events.py BUNDLE.mevb            every event of its result with what it does

Written from cloud/Metering.Analytics/Events/README.md, "In a result". Which events the data propose is not searched again: tests/README.md says why.
"""
import math, sys
from gate import judge
from readings import require
from regression import DAY, Event, avoided, is_inside, student_quantile

CHANGES_NOTHING = ("project-effect", "ignored")

def events_of(decided, end):
    """What decisions make of a project: events to be estimated, in their order, and spans that are left out."""
    events, faults = [], []
    for body in decided:
        event, to = body["event"], body["event"]["toUtc"]
        if body["kind"] == "data-fault":
            faults.append((event["fromUtc"], end if to is None else to))
        elif body["kind"] not in CHANGES_NOTHING:
            last = end if body["kind"] == "non-routine-permanent" or to is None else to
            events.append(Event(f"event-{len(events) + 1}", event["fromUtc"], last, event["lastUtc"] if event["kind"] == "drift" else None, event["totalDateDeviation"] or 0.0))
    return events, faults

def rows_of(days, early, faults):
    """Usable rows of baseline and reporting period, indicators of the events of the baseline behind the drivers."""
    return [[(start, use, own + [event.weight(start) for event in early], day) for day, start, its, _, use, own in days
             if its == phase and use is not None and None not in own and not any(begin <= start < last for begin, last in faults)] for phase in ("baseline", "reporting")]

def saving_of(names, days, expected, decided, end, confidence):
    """Saving and half-width by these decisions; None where it is refused."""
    events, faults = events_of(decided, end)
    border = next(row[1] for row in days if row[2] != "baseline")
    early, late = [event for event in events if event.start < border], [event for event in events if event.start >= border]
    before, after = rows_of(days, early, faults)
    judged = judge(names, before, after, expected, late)
    if judged.reasons:
        return None
    whole, sums = avoided(judged.told[0].fit, after, late), [math.fsum(one.fit.predict(row[2]) for row in after) for one in judged.told]
    between = math.fsum(one.weight * (total - sums[0]) ** 2 for one, total in zip(judged.told, sums) if is_inside(one.fit.terms, before, after, len(names)))
    return whole["value"], student_quantile(confidence, judged.told[0].fit.freedom) * math.hypot(whole["error"], math.sqrt(between))

def preview(event):
    """What an event would be decided to be, to show what it does: an outlier as a fault of the data, what has no end as lasting."""
    kind = "data-fault" if event["kind"] == "outlier-days" else "non-routine-permanent" if event["toUtc"] is None else "non-routine-temporary"
    return {"kind": kind, "event": dict(event, totalDateDeviation=event.get("totalDateDeviation"))}

def span_of(event):
    return event["fromUtc"], max(event["fromUtc"] + 1, event["lastUtc"] + DAY if event["toUtc"] is None else event["toUtc"])

def is_same(left, right):
    """Whether two events are one: of one period, and sharing more than half of the shorter one's time."""
    (begin, last), (first, end) = span_of(left), span_of(right)
    return left["period"] == right["period"] and min(last, end) - max(begin, first) > 0.5 * min(last - begin, end - first)

def check_events(result, names, days, expected, decided, end, confidence, size, tally):
    """The events of a result: those decided and the others, in order of time, and what each of them does to the saving."""
    told, plain = result["events"], (result["saving"]["value"], result["saving"]["halfWidth"])
    own = [event for event in told if event["decision"] is not None]
    open_ = [event for event in told if event["decision"] is None]
    keys = ("fromUtc", "toUtc", "lastUtc", "kind", "period", "sizeHalfWidth", "total")
    known = [[body["event"][key] for key in keys] + [body["event"]["sizePerInterval"], body["kind"], body["reason"]] for body in decided]
    shown = [[event[key] for key in (*keys, "sizePerDay", "decision", "reason")] for event in own]
    require(len(own) == len(known) and all(one in known for one in shown), "the result tells other decisions than those in the log")
    require([event["fromUtc"] for event in told] == sorted(event["fromUtc"] for event in told), "the events are not in order of time")
    require(len(open_) <= max(0, 20 - len(own)), "more events are told than twenty")
    require(not any(is_same(body["event"], event) for body in decided for event in open_), "an event is proposed that is decided already")
    for event in told:
        place = known.index([event[key] for key in (*keys, "sizePerDay", "decision", "reason")]) if event["decision"] is not None else None
        others = decided if place is None else decided[:place] + decided[place + 1:]
        applied = place is not None and decided[place]["kind"] not in CHANGES_NOTHING
        shown_as = preview(event if place is None else decided[place]["event"])
        other = saving_of(names, days, expected, others if applied else others + [shown_as], end, confidence)
        require(event["applied"] == applied, f"the event at {event['fromUtc']} is applied, or not, against its decision")
        for name, saving in (("with", plain if applied else other), ("without", other if applied else plain)):
            stated, what = event[name], f"the saving {name} the event at {event['fromUtc']}"
            require((stated is None) == (saving is None), f"{what} is stated where it is refused, or not where it is known")
            if saving is not None:
                tally(what, stated["value"], saving[0], size)
                # Of what is only proposed the result does not say how sure its dates are; that makes the interval wider in the reporting period.
                is_sure = place is not None or saving is plain or shown_as["kind"] == "data-fault" or event["period"] == "baseline"
                tally(f"half-width of {what}", stated["halfWidth"], saving[1] if is_sure else max(stated["halfWidth"], saving[1]))

def main(path):
    import verify
    print(*("\t".join(map(str, row)) for row in verify.verify(verify.bytes_of(path))[1] if " the event at " in row[0]), sep="\n")

if __name__ == "__main__":
    main(sys.argv[1])
