"""The steps of a drill and what is expected of each, checked against the tables of words.

Rule: nothing is skipped silently. An unknown word, a field that does not belong and a field that is missing
are faults, each with its line and with the words that are known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from controller.drill import Expectation, Step
from controller.drill_times import duration
from controller.drill_values import known_are
from controller.drill_words import ANSWERED, Field, Words
from controller.site_faults import Faults, Path, shown

MOST = 10_000
WITHIN = "within"


class Steps:
    """Reads steps one after the other; ``now`` is the time of the last."""

    def __init__(self, deeds: Words, expectations: Words, faults: Faults) -> None:
        self._deeds, self._expectations, self._faults = deeds, expectations, faults
        self._now = 0

    def read(self, raw: Any) -> tuple[Step, ...]:
        """Every step of the list; what is wrong is noted and left out."""
        if not isinstance(raw, list) or not raw or len(raw) > MOST:
            self._faults.add(("step",), "is no list of steps", f"write 1 to {MOST} tables [[step]]")
            return ()
        steps = [self._step(number, one) for number, one in enumerate(raw)]
        return tuple(step for step in steps if step is not None)

    def _step(self, number: int, raw: Any) -> Step | None:
        at: Path = ("step", number)
        if not isinstance(raw, dict):
            self._faults.add(at, f"{shown(raw)} is no step", "write [[step]] and its fields below")
            return None
        given = dict(raw)
        expected = given.pop("expect", [])
        word = given.pop("do", None)
        self._time(given, at, place=isinstance(word, str) and "at" in self._deeds.get(word, {}))
        if word is None:
            self._faults.missing((*at, "do"), known_are("", self._deeds))
        elif not isinstance(word, str) or word not in self._deeds:
            self._faults.add((*at, "do"), f"{shown(word)} is nothing to do", known_are(word, self._deeds))
        else:
            fields = taken(given, at, self._deeds[word], self._faults)
            return Step(number + 1, self._now, word, fields, self._expect(expected, at, word))
        self._expect(expected, at, "ask")
        return None

    def _time(self, given: dict[str, Any], at: Path, *, place: bool) -> None:
        """Take ``at`` or ``after`` out of a step; a step with neither follows at once."""
        keys = [k for k in ("at", "after") if k in given and not (k == "at" and place and _is_text(given[k]))]
        values = {key: duration().take(given.pop(key), (*at, key), self._faults) for key in keys}
        if len(values) > 1:
            self._faults.add((*at, "after"), "stands beside at", "write one of the two")
        elif (since := values.get("after")) is not None:
            self._now += since
        elif (then := values.get("at")) is not None and then < self._now:
            last = f"the step before is at {self._now / 1000:g} s"
            self._faults.add((*at, "at"), "runs backwards", f"{last}; write that time or a later one")
        elif then is not None:
            self._now = then

    def _expect(self, raw: Any, at: Path, deed: str) -> tuple[Expectation, ...]:
        listed = [raw] if isinstance(raw, dict) else raw
        if not isinstance(listed, list):
            self._faults.add((*at, "expect"), f"{shown(raw)} is no list", "write expect = [{ … }]")
            return ()
        found = [self._expectation(one, (*at, "expect", n), deed) for n, one in enumerate(listed)]
        return tuple(one for one in found if one is not None)

    def _expectation(self, raw: Any, at: Path, deed: str) -> Expectation | None:
        if not isinstance(raw, dict):
            self._faults.add(at, f"{shown(raw)} is no expectation", "write { lock = …, is = … } and the like")
            return None
        words = [word for word in self._expectations if word in raw]
        if len(words) != 1:
            wrong = f"names {' and '.join(words)}" if words else "names nothing that can be expected"
            self._faults.add(
                at, wrong, f"write one of them; {known_are(next(iter(raw), ''), self._expectations)}"
            )
            return None
        word, given = words[0], dict(raw)
        within = given.pop(WITHIN, None)
        limit = None if within is None else duration().take(within, (*at, WITHIN), self._faults)
        fields = taken(given, at, self._expectations[word], self._faults, also=(WITHIN,))
        if word in {"refused", "accepted"} and deed not in ANSWERED:
            self._faults.add(at, f"nobody answers to {deed}", f"expect it of {', '.join(sorted(ANSWERED))}")
        return Expectation(word, fields.pop(word, None), fields, limit)


def _is_text(raw: object) -> bool:
    return isinstance(raw, str)


def taken(
    given: Mapping[str, Any], at: Path, known: Mapping[str, Field], faults: Faults, also: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Check the fields of one word; what is wrong is noted and left out."""
    fields = {}
    for key, raw in given.items():
        if key not in known:
            faults.add((*at, key), "does not belong here", known_are(key, (*known, *also)))
        elif (value := known[key].value.take(raw, (*at, key), faults)) is not None:
            fields[key] = value
    for key, field in known.items():
        if key not in given and not field.optional:
            faults.missing((*at, key), f"write {field.value.right}")
    return fields
