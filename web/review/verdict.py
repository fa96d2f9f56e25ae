"""One sentence on the log: whole or not, since when that is known, how far outsiders have it.

Rule: it says no more than was looked at.
What is said comes from the newest verification of this console, which is kept until it is started anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from web.i18n import _
from web.review.proof_state import Heads
from web.review.verifying import Checked


@dataclass(frozen=True, slots=True)
class Verdict:
    """A tone of badge (markup.py), a word, and the sentence."""

    tone: str
    word: str
    sentence: str


def verdict(heads: Heads, size: int, checked: Checked | None, troubles: Sequence[str]) -> Verdict:
    """What can be said of a log of so many entries now."""
    wrong = (heads.wrong if heads.damaged else "") or _since(checked, size)
    if wrong:
        return Verdict(
            "alarm",
            _("Not whole"),
            _(
                "The log is not as it was written: %(wrong)s. Change nothing, call the installer.",
                wrong=wrong,
            ),
        )
    outside, doubts = _outside(heads, size), [*filter(None, (heads.wrong,)), *troubles]
    if doubts:
        said = _("There is trouble with the log: %(troubles)s.", troubles=", ".join(doubts))
        return Verdict("warn", _("In doubt"), f"{said} {outside}")
    if checked is None:
        said = _("Nobody has verified the log here since the console was started: press Verify.")
        return Verdict("none", _("Not verified"), f"{said} {outside}")
    return Verdict("good", _("Whole"), f"{_whole(checked, size)} {outside}")


def _since(checked: Checked | None, size: int) -> str:
    """What was wrong when it was verified, or is since."""
    if checked and size <= checked.found.last:
        return _("it had %(n)s entries when it was verified, and has fewer now", n=checked.found.last + 1)
    return checked.found.wrong if checked else ""


def _whole(checked: Checked, size: int) -> str:
    found, later = checked.found, size - 1 - checked.found.last
    span = {"first": found.first, "last": found.last}
    what = (
        _("its newest entries, %(first)s to %(last)s", **span)
        if found.first
        else _("all %(n)s entries", n=found.last + 1)
    )
    said = _("The log is whole: verified at %(time)s, %(what)s.", time=checked.at, what=what)
    if later <= 0:
        return said
    return f"{said} " + _("Written since then: %(n)s.", n=later)


def _outside(heads: Heads, size: int) -> str:
    """How far log witnesses have it."""
    if not heads.witnessed:
        return _("No log witness has cosigned it: only the log itself signs.")
    left = max(size - heads.witnessed, 0)
    if not left:
        return _("Log witnesses have cosigned all of it.")
    return _(
        "Log witnesses have cosigned its first %(n)s entries, %(left)s not yet.", n=heads.witnessed, left=left
    )
