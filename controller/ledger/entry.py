"""What every Entry carries, and in which form. Rule: plain values in, a sentence out; no storage.

    n       counter of the log, from 0 without gaps (the log gives it)
    at      room time: milliseconds since the log's beginning, never decreasing
    time    UTC to the millisecond, "2026-03-02T01:00:00.000Z"
    clock   a word for the quality of that clock
    policy  the version of the policy the entry was decided under
    kind    a stable word of docs/words.md
    place   optional: a door, window, cabinet, compartment or room
    who     optional: the people concerned, a list of names
    reason  optional: a stable word of docs/words.md
    sealed  optional: true for what only the chief and the auditor may see (duress)

Further names hold any JSON value without fractions. Behaviour 58.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from controller.errors import EntryRefused

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_is_minute = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:").fullmatch
_SECONDS = {f"{second:02}.": second * 1000 for second in range(60)}
_MILLIS = {f"{millis:03}Z": millis for millis in range(1000)}


def check(entry: Mapping[str, object]) -> int:
    """Check the names above and answer the entry's `time` in milliseconds since 1970-01-01 UTC.

    Raises EntryRefused with what is wrong and what would be right.
    """
    for name in ("n", "at"):
        number = entry.get(name)
        if type(number) is not int or number < 0:
            raise EntryRefused(f"an entry's `{name}` is {number!r}, it must be an integer from 0")
    for name in ("clock", "policy", "kind"):
        word = entry.get(name)
        if not (isinstance(word, str) and word):
            raise EntryRefused(f"an entry's `{name}` is {word!r}, it must be a word")
    _check_optional(entry)
    return utc_millis(entry.get("time"))


def _check_optional(entry: Mapping[str, object]) -> None:
    for name in ("place", "reason"):
        word = entry.get(name, "-")
        if not (isinstance(word, str) and word):
            raise EntryRefused(f"an entry's `{name}` is {word!r}, it must be a word or be left out")
    who = entry.get("who", ())
    if not isinstance(who, (list, tuple)) or not all(isinstance(name, str) and name for name in who):
        raise EntryRefused(f"an entry's `who` is {who!r}, it must be a list of names or be left out")
    if entry.get("sealed", True) is not True:
        raise EntryRefused(f"an entry's `sealed` is {entry['sealed']!r}, it must be true or be left out")


def utc_millis(time: object) -> int:
    """Milliseconds since 1970-01-01 UTC of a time such as "2026-03-02T01:00:00.000Z".

    Raises EntryRefused for every other spelling and for days and hours that do not exist.
    """
    try:
        text = time if isinstance(time, str) else ""
        return _minute_millis(text[:17]) + _SECONDS[text[17:20]] + _MILLIS[text[20:]]
    except (KeyError, ValueError):
        raise EntryRefused(
            f'an entry\'s `time` is {time!r}, it must read like "2026-03-02T01:00:00.000Z"'
        ) from None


@lru_cache(maxsize=1024)
def _minute_millis(minute: str) -> int:
    """Of "2026-03-02T01:00:"; entries come many to a minute, which makes a million of them quick to check."""
    if not _is_minute(minute):
        raise ValueError(minute)
    return (datetime.fromisoformat(f"{minute}00Z") - _EPOCH) // _MILLISECOND
