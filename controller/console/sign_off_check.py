"""Whether a set to be signed off is what the log says it is. Rule: the web process is believed nothing.

The digest is made anew from the log, whose Entries are the signer's own and which were called exceptions is
looked up there, at the proposal and once more before the core judges. What nobody can check is that the
signer's eyes were on the screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from controller.console.refusals import NoError
from controller.core.words import Reason
from controller.errors import IronroomError
from controller.ledger.reading import LogReader
from controller.ledger.sign_off import NotASetError, SignOffSet, covered, exceptions_in

SIGN_OFF = "sign_off"


def require_true_set(log: Path, signer: str, ask: str, fields: Mapping[str, Any]) -> None:
    """Raise NoError where ``ask`` is a sign-off and its fields are not what the log says of its ranges.

    ``not_understood``: no set, or another digest; ``not_seen``: it holds Entries of which nothing is left to
    see, or leaves exceptions out; ``oneself``: it holds the signer's own and says that it does not.
    """
    if ask != SIGN_OFF:
        return
    ranges = _ranges(fields.get("ranges"))
    try:
        with LogReader(log) as reader:
            found, excepted = covered(reader, ranges, signer), exceptions_in(reader, ranges)
    except NotASetError as error:
        raise NoError(Reason.NOT_UNDERSTOOD, str(error)) from None
    except IronroomError:
        raise NoError("no_answer") from None
    if reason := _wrong(found, list(excepted), fields):
        raise NoError(reason)


def _wrong(found: SignOffSet, excepted: list[int], fields: Mapping[str, Any]) -> Reason | None:
    if fields.get("digest") != found.digest:
        return Reason.NOT_UNDERSTOOD
    if found.gone or fields.get("exceptions", []) != excepted:
        return Reason.NOT_SEEN
    return Reason.ONESELF if fields.get("own", False) is not bool(found.own) else None


def _ranges(given: object) -> list[tuple[int, int]]:
    """Ranges as they were said; raises NoError for another shape."""
    if not isinstance(given, list) or not all(map(_is_range, given)):
        raise NoError(Reason.NOT_UNDERSTOOD)
    return [(first, last) for first, last in given]


def _is_range(one: object) -> bool:
    return isinstance(one, list) and len(one) == 2 and all(type(n) is int for n in one)
