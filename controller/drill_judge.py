"""Whether an expectation is met by what can be seen now, and what was found instead.

Rule: a finding is made of the stage and of the Entries alone; the same words give the same verdict on paper
and on wires.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from controller.core.effects import Answer, Body
from controller.drill import Expectation
from controller.stage import Stage

NEVER = frozenset({"no_entry", "no_alarm"})  # met when it has not become false until its time has passed


@dataclass(frozen=True, slots=True)
class Sight:
    """What can be seen of a step now: the room, the step's answer, its Entries, and the alarms that stand."""

    stage: Stage
    answer: Answer | None
    entries: Sequence[Body]
    alarms: Iterable[tuple[str, str]]  # kind and place


Judgement = tuple[bool, str]


def judge(expectation: Expectation, sight: Sight) -> Judgement:
    """Whether the expectation is met now, and what was found."""
    return JUDGES[expectation.word](expectation, sight)


def _lock(wanted: Expectation, sight: Sight) -> Judgement:
    return _is(wanted, "unlocked" if sight.stage.unlocked(wanted.value) else "locked")


def _signal(wanted: Expectation, sight: Sight) -> Judgement:
    return _is(wanted, sight.stage.signal(wanted.value))


def _is(wanted: Expectation, found: str) -> Judgement:
    return found == wanted.fields["is"], f"it is {found}"


def _occupancy(wanted: Expectation, sight: Sight) -> Judgement:
    rooms = sight.stage.view()["rooms"]
    room = rooms[wanted.fields.get("room") or next(iter(rooms))]
    names = ", ".join((*room["inside"], *room["visitors"])) or "nobody"
    return room["occupancy"] == wanted.value, f"it is {room['occupancy']} ({names})"


def _entry(wanted: Expectation, sight: Sight) -> Judgement:
    found = [entry for entry in sight.entries if _fits(entry, wanted)]
    count = wanted.fields.get("count")
    return len(found) == count if count is not None else bool(found), f"{len(found)} were written"


def _no_entry(wanted: Expectation, sight: Sight) -> Judgement:
    found = [entry for entry in sight.entries if _fits(entry, wanted)]
    return not found, f"{len(found)} were written"


def _fits(entry: Body, wanted: Expectation) -> bool:
    fields = wanted.fields
    people = {*entry.get("who", ()), *entry.get("visitors", ())}
    return (
        entry["kind"] == wanted.value
        and fields.get("reason", entry.get("reason")) == entry.get("reason")
        and fields.get("place", entry.get("place")) == entry.get("place")
        and people >= set(fields.get("who", ()))
    )


def _alarm(wanted: Expectation, sight: Sight) -> Judgement:
    return any(_rings(wanted, *alarm) for alarm in sight.alarms), _standing(sight)


def _no_alarm(wanted: Expectation, sight: Sight) -> Judgement:
    return not any(_rings(wanted, *alarm) for alarm in sight.alarms), _standing(sight)


def _rings(wanted: Expectation, kind: str, place: str) -> bool:
    return wanted.value in {True, kind} and wanted.fields.get("place", place) == place


def _standing(sight: Sight) -> str:
    alarms = ", ".join(f"{kind} at {place}" for kind, place in sight.alarms)
    return f"alarms are {alarms}" if alarms else "there is no alarm"


def _carrier(wanted: Expectation, sight: Sight) -> Judgement:
    now = sight.stage.view()["carriers"].get(wanted.value)
    if now is None:
        return False, "nothing is known of it"
    fits = {"state": wanted.fields.get("is")} | {k: v for k, v in wanted.fields.items() if k != "is"}
    found = " ".join(filter(None, (now["state"], now["at"] and f"at {now['at']}", now["holder"])))
    return all(now[key] == value for key, value in fits.items()), f"it is {found}"


def _refused(wanted: Expectation, sight: Sight) -> Judgement:
    reason = sight.answer.reason if sight.answer else None
    met = reason is not None and wanted.value in {True, reason.value}
    return met, _answered(sight.answer)


def _accepted(_wanted: Expectation, sight: Sight) -> Judgement:
    return sight.answer is not None and sight.answer.accepted, _answered(sight.answer)


def _answered(answer: Answer | None) -> str:
    if answer is None:
        return "there was no answer"
    return f"refused: {answer.reason}, it needs {answer.need}" if answer.reason else "it was accepted"


def _egress(wanted: Expectation, sight: Sight) -> Judgement:
    free = bool(sight.stage.view()["doors"][wanted.value]["egress"])
    return free, "a person inside can leave" if free else "a person inside cannot leave now"


JUDGES: dict[str, Callable[[Expectation, Sight], Judgement]] = {
    "lock": _lock,
    "signal": _signal,
    "occupancy": _occupancy,
    "entry": _entry,
    "no_entry": _no_entry,
    "alarm": _alarm,
    "no_alarm": _no_alarm,
    "carrier": _carrier,
    "refused": _refused,
    "accepted": _accepted,
    "egress": _egress,
}
