"""A shift handed over, notes on Entries, and what a chief signs off."""

from __future__ import annotations

import json
from typing import Any

import pytest

from controller.core.events import Asking, CameraSeen, DeviceLost, Level
from controller.core.words import Reason
from controller.ledger.batch import compose
from controller.ledger.tree import Frontier
from tests.core.desk import Desk

DIGEST = "ab" * 32
SET: dict[str, Any] = {"digest": DIGEST, "ranges": [[0, 1], [3, 3]]}


def troubled() -> Desk:
    """Somebody is inside, a window's glass is broken, a camera covered and a device lost."""
    room = Desk()
    room.enter("B1", "B2")
    room.input("north.glass", Level.ACTIVE)
    room.step(CameraSeen(room.now, "door", "covered"))
    room.step(DeviceLost(room.now, "mains", "silent"))
    return room


def test_a_shift_is_handed_over_with_everything_that_is_open() -> None:
    room = troubled()
    room.says("hand_over", "sun", to="qian", note="the fitter comes at nine")
    assert room.why() is None
    (written,) = room.of("shift_handed_over")
    assert written["who"] == ["sun", "qian"]
    assert written["note"] == "the fitter comes at nine"
    assert sorted(written["alarms"]) == ["camera_fault@door", "device_lost@mains", "intrusion@north"]
    assert (written["rooms"], written["visitors"]) == (["vault"], [])
    assert written["faults"] == ["door", "mains"]


def test_visitors_inside_are_handed_over() -> None:
    room = Desk()
    room.tap("main.in", "V1")
    room.enter("B1", "B2")
    room.says("hand_over", "sun", to="qian")
    assert room.of("shift_handed_over")[0]["visitors"] == ["guest"]


def test_alarms_that_were_taken_go_to_who_takes_over() -> None:
    room = troubled()
    room.says("take_alarm", "sun", alarm="intrusion")
    room.wait(600)
    room.says("hand_over", "sun", to="qian")
    taken = [a.taken_by for a in room.state.alarms.values() if a.kind == "intrusion"]
    assert taken == ["qian"]
    assert room.of("alarm_taken")[-1]["handed_over_by"] == "sun"
    assert {a.taken_by for a in room.state.alarms.values()} == {"qian", ""}
    room.says("acknowledge", "sun", alarm="intrusion", reason="seen", outcome="true")
    assert room.why() == Reason.TAKEN


def test_b33c_an_alarm_is_not_handed_over_to_who_opened_its_room() -> None:
    room = Desk()
    room.enter("G2", "B2")
    room.input("north.glass", Level.ACTIVE)
    room.says("take_alarm", "sun", alarm="intrusion")
    room.says("hand_over", "sun", to="qian")
    assert room.why() is None
    assert [a.taken_by for a in room.state.alarms.values()] == ["sun"]


def test_b35_of_duress_the_open_entry_of_a_hand_over_says_nothing() -> None:
    room = Desk()
    room.tap("main.in", "B1")
    room.pin("main.in", "4822")
    room.says("take_alarm", "sun", alarm="duress")
    room.says("hand_over", "sun", to="qian")
    assert [a.taken_by for a in room.state.alarms.values()] == ["qian"]
    open_entries = [e for e in room.entries if not e.get("sealed")]
    assert "duress" not in json.dumps(open_entries)


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("sun", Reason.ONESELF),
        ("li", Reason.NOT_ALLOWED),
        ("zheng", Reason.NOT_ALLOWED),
        ("guest", Reason.NOT_ALLOWED),
        ("nobody", Reason.NOT_UNDERSTOOD),
        (7, Reason.NOT_UNDERSTOOD),
    ],
)
def test_a_shift_is_handed_over_to_another_guard_or_chief(to: Any, reason: Reason) -> None:
    room = Desk()
    room.says("hand_over", "sun", to=to)
    assert room.why() == reason


def test_however_much_is_open_every_entry_of_a_hand_over_is_lawful() -> None:
    room = Desk()
    for n in range(400):
        room.site.step(DeviceLost(room.now, f"device-{n}-" + "\x1f" * 60, "silent"))
    outcome = room.site.step(Asking(room.now, "hand_over", "sun", "", {"to": "qian"}))
    parts = [e for e in outcome.entries if e["kind"] == "shift_handed_over"]
    assert len(compose(parts, Frontier(), 0).rows) == len(parts) > 1
    assert sum(len(e["alarms"]) for e in parts) == sum(len(e["faults"]) for e in parts) == 400


def test_an_entry_is_noted_and_called_an_exception() -> None:
    room = Desk()
    room.says("note_entry", "sun", n=3, text="the fitter again", exception=True)
    assert room.why() is None
    (written,) = room.of("noted")
    assert (written["of"], written["note"], written["exception"]) == (3, "the fitter again", True)
    assert written["who"] == ["sun"]


def test_a_note_about_somebody_is_personal_and_theirs() -> None:
    room = Desk()
    room.says("note_entry", "zhou", n=3, text="Anna Berg lost her way", about="guest")
    (written,) = room.of("noted")
    assert written["personal"] == {"guest": {"note": "Anna Berg lost her way"}}
    assert "note" not in written
    (row,) = compose([written], Frontier(), 0).rows
    assert b"Anna" not in row[6]


def test_a_note_on_a_sealed_entry_is_sealed() -> None:
    room = Desk()
    room.says("note_entry", "zhou", n=3, text="police told", sealed=True)
    assert room.of("noted")[0]["sealed"] is True


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"n": 3}, Reason.NOT_UNDERSTOOD),
        ({"n": 3, "text": ""}, Reason.NOT_UNDERSTOOD),
        ({"n": 3, "text": "x" * 501}, Reason.NOT_UNDERSTOOD),
        ({"n": True, "text": "x"}, Reason.NOT_UNDERSTOOD),
        ({"n": "3", "text": "x"}, Reason.NOT_UNDERSTOOD),
        ({"n": 3, "text": "x", "exception": 1}, Reason.NOT_UNDERSTOOD),
        ({"n": 3, "text": "x", "about": "nobody"}, Reason.NOT_UNDERSTOOD),
        ({"n": 10_000, "text": "x"}, Reason.NOTHING_TO_DO),
        ({"n": -1, "text": "x"}, Reason.NOTHING_TO_DO),
    ],
)
def test_what_is_no_note_on_an_entry_is_not_written(given: dict[str, Any], reason: Reason) -> None:
    room = Desk()
    room.says("note_entry", "sun", **given)
    assert room.why() == reason
    assert not room.of("noted")


@pytest.mark.parametrize("who", ["li", "zheng"])
def test_who_only_reads_notes_nothing(who: str) -> None:
    room = Desk()
    room.says("note_entry", who, n=3, text="x")
    assert room.why() == Reason.NOT_ALLOWED


def test_a_chief_signs_entries_off() -> None:
    room = Desk()
    room.ask("sign_off", "zhou", **SET, exceptions=[1])
    assert room.why() is None
    (written,) = room.of("signed_off")
    assert (written["from"], written["to"], written["count"]) == (0, 3, 3)
    assert (written["digest"], written["ranges"], written["exceptions"]) == (DIGEST, SET["ranges"], [1])
    assert (written["who"], written["own"]) == (["zhou"], False)


def test_ones_own_entries_take_a_second_chief() -> None:
    room = Desk()
    for second in ("", "zhou", "guest", "nobody"):
        room.ask("sign_off", "zhou", second, **SET, own=True)
        assert room.why() == Reason.ONESELF
    room.ask("sign_off", "zhou", "wu", **SET, own=True)
    assert room.why() is None
    assert room.of("signed_off")[0]["who"] == ["zhou", "wu"]


def test_a_sign_off_is_signed() -> None:
    room = Desk()
    room.says("sign_off", "zhou", **SET)
    assert room.why() == Reason.NEEDS_SIGNATURE


@pytest.mark.parametrize(
    "wrong",
    [
        {"digest": "ab"},
        {"digest": DIGEST.upper()},
        {"digest": 7},
        {"ranges": []},
        {"ranges": [[0, 10_000]]},
        {"ranges": [[1, 0]]},
        {"ranges": [[0, 1], [2, 3]]},
        {"ranges": [[3, 3], [0, 1]]},
        {"ranges": [[0, True]]},
        {"ranges": [[0]]},
        {"ranges": [0, 1]},
        {"ranges": [[-1, 1]]},
        {"ranges": "all"},
        {"exceptions": [2]},
        {"exceptions": [1, 0]},
        {"exceptions": [True]},
        {"exceptions": "1"},
        {"own": 1},
    ],
)
def test_what_is_no_set_of_entries_is_not_signed_off(wrong: dict[str, Any]) -> None:
    room = Desk()
    room.ask("sign_off", "zhou", "wu", **(SET | wrong))
    assert room.why() == Reason.NOT_UNDERSTOOD
    assert not room.of("signed_off")
