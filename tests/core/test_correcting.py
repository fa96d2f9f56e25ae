"""Behaviour 54: a correction is a new Entry that points at the old one, with a reason and a second person."""

from __future__ import annotations

from typing import Any

import pytest

from controller.core.console_roles import Via
from controller.core.events import Asking
from controller.core.words import Reason
from tests.core.desk import Desk


def corrected(room: Desk, **given: Any) -> Any:
    """Ask for a correction; why it was refused."""
    room.ask(
        "correct_entry", "sun", "qian", **({"n": 3, "text": "it was the fitter", "reason": "misread"} | given)
    )
    return room.reason


def test_b54_a_correction_points_at_the_old_entry_with_a_reason_and_two_people() -> None:
    room = Desk()
    before = list(room.entries)
    assert corrected(room, fields={"purpose": "repair"}) is None
    (written,) = room.of("corrected")
    assert (written["of"], written["text"], written["note"]) == (3, "it was the fitter", "misread")
    assert (written["right"], written["who"]) == ({"purpose": "repair"}, ["sun", "qian"])
    assert room.entries[: len(before)] == before


def test_b54_a_correction_changes_no_right_lock_or_count() -> None:
    room = Desk()
    before = room.state.copy()
    corrected(room)
    before.size, before.at = room.state.size, room.state.at
    assert before == room.state


def test_what_is_right_about_somebody_is_personal_and_theirs() -> None:
    room = Desk()
    assert corrected(room, about="guest", fields={"company": "North"}, sealed=True) is None
    (written,) = room.of("corrected")
    assert written["personal"] == {"guest": {"text": "it was the fitter", "company": "North"}}
    assert "text" not in written
    assert "right" not in written
    assert written["sealed"] is True


@pytest.mark.parametrize("second", ["", "sun", "guest"])
def test_b54_a_correction_takes_a_second_person(second: str) -> None:
    room = Desk()
    room.ask("correct_entry", "sun", second, n=1, text="even", reason="misread")
    assert room.reason is Reason.NEEDS_SECOND
    assert not room.of("corrected")


def test_at_the_console_a_correction_is_signed() -> None:
    room = Desk()
    given = {"n": 1, "text": "even", "reason": "misread"}
    room.step(Asking(room.now, "correct_entry", "sun", "qian", given, via=Via.SESSION))
    assert room.reason is Reason.NEEDS_SIGNATURE


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"reason": " "}, Reason.NOT_UNDERSTOOD),
        ({"reason": None}, Reason.NOT_UNDERSTOOD),
        ({"reason": "x" * 301}, Reason.NOT_UNDERSTOOD),
        ({"text": " "}, Reason.NOT_UNDERSTOOD),
        ({"text": "x" * 501}, Reason.NOT_UNDERSTOOD),
        ({"fields": {"text": "x"}}, Reason.NOT_UNDERSTOOD),
        ({"fields": {"_sd": "x"}}, Reason.NOT_UNDERSTOOD),
        ({"fields": {"name": ""}}, Reason.NOT_UNDERSTOOD),
        ({"fields": {f"a{n}": "x" for n in range(21)}}, Reason.NOT_UNDERSTOOD),
        ({"fields": ["name"]}, Reason.NOT_UNDERSTOOD),
        ({"n": True}, Reason.NOT_UNDERSTOOD),
        ({"sealed": 1}, Reason.NOT_UNDERSTOOD),
        ({"about": "nobody"}, Reason.NOT_UNDERSTOOD),
        ({"n": 10**6}, Reason.NOTHING_TO_DO),
        ({"n": -1}, Reason.NOTHING_TO_DO),
    ],
)
def test_what_is_no_correction_is_refused(fields: dict[str, Any], reason: Reason) -> None:
    room = Desk()
    assert corrected(room, **fields) is reason
    assert not room.of("corrected")
