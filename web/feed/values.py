"""What stands in a sentence of the feed: people by their names, places, words in the reader's language.

Rule: only what the Entry tells; who is not told is "somebody".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from controller.core.unseen import UNSEEN, Unseen
from controller.core.words import Reason
from web.feed.alarm_names import alarm_name
from web.feed.mark import N_
from web.feed.reason_texts import REASON_TEXTS

LEVELS = {
    "active": N_("active"),
    "normal": N_("normal"),
    "cut": N_("cut"),
    "short": N_("shorted"),
    "unknown": N_("not known"),
}
CONDITIONS = {
    "covered": N_("covered"),
    "moved": N_("moved"),
    "frozen": N_("picture frozen"),
    "looped": N_("picture looped"),
    "blinded": N_("blinded"),
    "defocused": N_("out of focus"),
    "lost": N_("lost"),
}
COUNTED = ("pictures", "occupancy", "missing", "absent")


class Values(dict[str, str]):
    """Values of a sentence by their names, worked out as they are asked for."""

    def __init__(
        self, entry: Mapping[str, Any], say: Callable[[str], str], named: Callable[[str], str]
    ) -> None:
        super().__init__()
        self._entry, self._say, self._named = entry, say, named

    def __missing__(self, key: str) -> str:
        told = self._entry.get(key, "")
        match key:
            case "who":
                return self._people(told) or self._say(N_("somebody"))
            case "visitors":
                return self._people(told or self._entry.get("visitor", "")) or self._say(N_("somebody"))
            case "person":
                person = told.get("id", "") if isinstance(told, Mapping) else told
                return self._named(str(person)) if person else self._say(N_("somebody"))
            case "n":
                return str(self._number())
            case "seconds":
                return str(round(int(self._entry.get("by_ms", 0)) / 1000))
        return self._word(key, str(told))

    def _word(self, key: str, told: str) -> str:
        """A stored word in the reader's language; one of another version stands for itself."""
        match key:
            case "why":
                return self._why(str(self._entry.get("reason", "")) or told)
            case "alarm":
                return alarm_name(told, self._say)
            case "level" if told in LEVELS:
                return self._say(LEVELS[told])
            case "condition" if told in CONDITIONS:
                return self._say(CONDITIONS[told])
            case "unseen":
                return self._unseen()
        return told

    def _why(self, reason: str) -> str:
        """A Reason in a few words, or why a picture is not there."""
        if reason in set(Reason):
            return self._say(REASON_TEXTS[Reason(reason)])
        return self._say(UNSEEN[Unseen(reason)]) if reason in set(Unseen) else reason

    def _people(self, ids: object) -> str:
        """Names with "and" before the last of them."""
        told: Sequence[object] = ids if isinstance(ids, list | tuple) else [ids] if ids else []
        names = [self._named(str(one)) for one in told]
        if len(names) < 2:
            return "".join(names)
        both = self._say(N_("{first} and {last}"))
        return both.format(first=self._say(N_(", ")).join(names[:-1]), last=names[-1])

    def _number(self) -> int:
        """How many an Entry counts: people, things that are missing, pictures."""
        for key in COUNTED:
            told = self._entry.get(key)
            if isinstance(told, int):
                return told
            if isinstance(told, list):
                return sum(not (isinstance(one, Mapping) and one.get("thumbnail")) for one in told)
        return 0

    def _unseen(self) -> str:
        """Why there is no picture: the reason of the first one that is missing."""
        missing = self._entry.get("missing") or [{}]
        return self._why(str(missing[0].get("why", "") or self._entry.get("reason", "")))
