"""Texts that read otherwise than they stand: nobody says them, and nobody is called so."""

from __future__ import annotations

import pytest

from controller.core.console_roles import Via
from controller.core.events import Asking, ConsoleNews
from controller.core.legible import deceives, is_plain_id, legible, undeceiving
from controller.core.words import Kind, Reason
from tests.core.room import Room
from tests.core.test_console import CHIEFS, ready, sign

DECEIVING = ["\u202e", "\u2066", "\u200f", "\u200b", "\u2060", "\ufeff", "\x00", "\x1b", "\x9b", "\U000e0041"]
LOOKALIKES = [
    "zh\u0430o",  # Cyrillic
    "\uff5ahao",  # full width
    "zhao\u200d",
    " zhao",
    "zhao ",
    "C1",  # beside c1
    "zh\u0251o",  # Latin alpha
    "\u03bfli",  # Greek
    "e\u0301va",  # two signs that look like one
]


@pytest.fixture
def room() -> Room:
    return ready(Room(None, **CHIEFS))


@pytest.mark.parametrize("sign_", DECEIVING, ids=ascii)
def test_nobody_says_what_reads_otherwise_than_it_stands(room: Room, sign_: str) -> None:
    said = f"open {sign_}niam"
    signed = [
        sign(room, "release_door", "c1", "c2", door="main", seconds=5, reason=said),
        sign(room, "enrol", "c1", "c2", person="new", name=said),
        sign(room, "sign_command", "c1", ask="erase_person", fields={"person": "li", "reason": said}),
    ]
    assert {*signed} == {Reason.NOT_UNDERSTOOD}
    for fields in ({"reason": said}, {said: "x"}, {"reason": ["x", {"deep": said}]}):
        room.step(Asking(room.now, "lockdown", "g1", "", fields, Via.SESSION))
        assert room.reason is Reason.NOT_UNDERSTOOD
    assert room.state.lockdown is None


@pytest.mark.parametrize("person", LOOKALIKES, ids=ascii)
def test_nobody_new_is_called_what_looks_like_somebody_else(room: Room, person: str) -> None:
    assert sign(room, "enrol", "c1", "c2", person=person) is Reason.NOT_UNDERSTOOD
    assert person not in room.state.people


@pytest.mark.parametrize("person", ["zhang", "王建国", "v-17", "Jürgen", "o'neill", "guest 2", "li.wei@desk"])
def test_ordinary_ids_are_taken(room: Room, person: str) -> None:
    assert is_plain_id(person)
    assert sign(room, "enrol", "c1", "c2", person=person) is None


@pytest.mark.parametrize("text", ["张伟\n第二行", "Zoë\tO'Brien", "👩\u200d🔧", "שלום", "ok", ""])
def test_ordinary_texts_are_what_they_are(text: str) -> None:
    assert not deceives(text)
    assert undeceiving(text) == text


def test_a_name_that_somebody_types_at_the_sign_in_deceives_no_guard(room: Room) -> None:
    fields = {"how": "password", "why": "wrong", "seat": "", "times": 1, "wait_s": 0}
    room.step(ConsoleNews(room.now, Kind.SIGN_IN_REFUSED, ("\u202eoahz", "plain ghost"), fields))
    (entry,) = room.of("sign_in_refused")
    assert entry["asked_by"] == [legible("\u202eoahz"), "plain ghost"]
    assert entry["asked_by"][0].startswith("?")
    assert undeceiving("blue\u202e key\x00") == "blue key"
