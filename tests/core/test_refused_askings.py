"""Who asked for what is in the log, even where nobody of that name is known: evidence, and no secret."""

from __future__ import annotations

from typing import Any

import pytest

from controller.core.words import Reason
from tests.core.cards import LI, Proved


def test_names_that_are_nobodys_are_kept_as_they_were_claimed() -> None:
    room = Proved()
    room.ask("issue_badge", "zhao", "mallory", person="chen", level="desfire")
    no = room.of("refused")[-1]
    assert (no["who"], no["asked_by"]) == (["zhao"], ["mallory"])
    assert (no["person"], no["level"]) == ("chen", "desfire")
    room.ask("issue_badge", "mallory", "\ud800", person="chen", level="desfire")
    asked_by = room.of("refused")[-1]["asked_by"]
    assert asked_by[0] == "mallory"
    assert asked_by[1].startswith("?")
    assert "who" not in room.of("refused")[-1]


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("block_badge", {"badge": LI}),
        ("pair_reader", {"device": "main.in"}),
        ("end_person", {"person": "li"}),
        ("set_site_key", {"check": "00C0FFEE"}),
    ],
)
def test_what_a_stranger_asked_for_is_told(name: str, given: dict[str, str]) -> None:
    room = Proved()
    room.ask(name, "mallory", "zhao", **given)
    assert room.reason is Reason.NOT_ALLOWED
    assert room.of("refused")[-1] | given == room.of("refused")[-1]


@pytest.mark.parametrize("odd", ["x" * 5000, ["chen"], {"id": "chen"}, 7, None, "\ud800"])
def test_what_is_no_name_or_too_long_a_one_stays_out(odd: Any) -> None:
    room = Proved()
    room.ask("end_person", "mallory", person=odd)
    assert len(str(room.of("refused")[-1].get("person", ""))) < 20


def test_pins_and_personal_claims_of_a_refused_asking_are_nowhere() -> None:
    room = Proved()
    claims = {"pin": "918273", "name": "Anna Berg", "document": "D-77", "company": "Berg AG"}
    room.ask("enrol", "zhao", "mallory", person="berg", **claims)
    told = str(room.outcome.entries)
    assert "berg" in told
    assert not [claim for claim in claims.values() if claim in told]


def test_who_is_known_and_refused_is_who_asked_and_nobody_else() -> None:
    room = Proved()
    room.ask("end_person", "zhao", person="nobody")
    no = room.of("refused")[-1]
    assert (no["who"], no["person"], "asked_by" in no) == (["zhao"], "nobody", False)
