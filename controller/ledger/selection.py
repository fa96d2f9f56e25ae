"""Which entries a reader asks for, as SQL. Rule: fixed words and parameters; no text of a caller."""

import json
from collections.abc import Collection
from dataclasses import dataclass

_NO_END = 2**63 - 1  # SQLite's largest integer
_SELECT = "SELECT n, body FROM entry WHERE n > ? AND n < ?"
_ASCENDING = " ORDER BY n LIMIT ?"
_DESCENDING = " ORDER BY n DESC LIMIT ?"
_CONDITIONS = {
    "kind": " AND kind = ?",
    "place": " AND place = ?",
    "kinds": " AND kind IN (SELECT value FROM json_each(?))",
    "places": " AND place IN (SELECT value FROM json_each(?))",
    "since": " AND time >= ?",
    "until": " AND time < ?",
    "who": " AND EXISTS (SELECT 1 FROM json_each(CASE body WHEN x'' THEN '{}' ELSE CAST(body AS TEXT) END, "
    "'$.who') WHERE value = ?)",  # the body of a pruned entry is empty, which is no JSON
}


@dataclass(frozen=True, slots=True)
class Selection:
    """Entries with counters strictly between two, of one kind, place and person where given, in one order.

    `kinds` and `places`: of any of these, empty for all. `since` and `until`: not earlier, and earlier than
    this, in milliseconds since 1970 UTC. The log's columns tell, so that nothing else is unpacked.
    """

    after: int = -1
    before: int | None = None
    kind: str | None = None
    place: str | None = None
    who: str | None = None
    newest_first: bool = False
    kinds: Collection[str] = ()
    places: Collection[str] = ()
    since: int | None = None
    until: int | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether an entry's being in the answer says something about its content."""
        return bool(self._wanted())

    def page(self, last: int | None, size: int) -> tuple[str, tuple[object, ...]]:
        """The SELECT of (n, body) for `size` entries behind counter `last`, None for the first page."""
        after, before = self.after, self.before
        if last is not None:
            after, before = (after, last) if self.newest_first else (last, before)
        wanted = self._wanted()
        words = [_SELECT, *(_CONDITIONS[name] for name in wanted)]
        words.append(_DESCENDING if self.newest_first else _ASCENDING)
        return "".join(words), (after, _NO_END if before is None else before, *wanted.values(), size)

    def _wanted(self) -> dict[str, str | int]:
        asked = {
            "kind": self.kind,
            "place": self.place,
            "kinds": json.dumps(sorted(self.kinds)) if self.kinds else None,
            "places": json.dumps(sorted(self.places)) if self.places else None,
            "since": _held(self.since),
            "until": _held(self.until),
            "who": self.who,
        }
        return {name: value for name, value in asked.items() if value is not None}


def _held(millis: int | None) -> int | None:
    """A time within what SQLite reckons with."""
    return None if millis is None else max(-_NO_END, min(millis, _NO_END))
