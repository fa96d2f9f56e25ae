"""Holders, their badges and PINs: who belongs to the site, and who may change that."""

from __future__ import annotations

import json
from typing import Any

import pytest

from controller.core.events import Asking, Started
from controller.core.fold_people import holder_body, holder_from
from controller.core.people import Holder, pin_is_close, pin_says, pin_tag, shifted
from controller.core.site import Site
from controller.core.words import Reason
from tests.core.plans import START, example
from tests.core.room import Room


def test_a_site_is_founded_once_and_only_while_nobody_is_enrolled() -> None:
    room = Room()
    assert len(room.of("enrolled")) == 6
    room.ask("found", "", people={"mallory": {"badges": ["M"]}})
    assert room.reason is Reason.NOT_ALLOWED
    assert "mallory" not in room.state.people


def test_enrolling_takes_two_people_of_the_staff() -> None:
    room = Room()
    for second in ("", "li", "guest", "nobody"):
        room.ask("enrol", "li", second, person="sun", badges=["S"])
        assert room.reason == Reason.NEEDS_SECOND
    room.ask("enrol", "li", "wang", person="sun", badges=["S"])
    assert room.reason is None
    assert room.of("enrolled")[-1]["who"] == ["li", "wang"]
    assert room.state.badges["S"].holder == "sun"


def test_nobody_changes_his_own_rights_nor_agrees_to_it() -> None:
    room = Room()
    for by, second in (("li", "wang"), ("wang", "li")):
        room.ask("change_person", by, second, person="li", posts=["chief"])
        assert room.reason is Reason.ONESELF


def test_an_end_that_was_a_mistake_is_taken_away_again_and_so_is_the_limit_to_some_doors() -> None:
    room = Room()
    room.ask("change_person", "wang", "zhao", person="li", valid_until=START + 1_000, doors=[])
    assert not room.state.people["li"].in_force(START + 1_000)
    room.ask("change_person", "wang", "zhao", person="li", valid_until=None, doors=None, compartments=None)
    assert room.reason is None
    assert room.state.people["li"].valid_until is None
    assert room.state.people["li"].may_pass("anywhere")
    room.ask("change_person", "wang", "zhao", person="li", posts=None)
    assert room.reason is Reason.NOT_UNDERSTOOD


def test_a_badge_belongs_to_exactly_one_holder() -> None:
    room = Room()
    room.ask("enrol", "li", "wang", person="sun", badges=["B3"])
    assert room.reason == Reason.NOT_UNDERSTOOD
    room.ask("change_person", "li", "wang", person="zhao", badges=["B3"])
    assert room.reason == Reason.NOT_UNDERSTOOD
    assert room.state.badges["B3"].holder == "chen"


def test_the_end_of_a_person_ends_every_badge_at_once_and_names_what_must_come_back() -> None:
    room = Room()
    room.ask("move_carrier", "wang", "chen", carrier="K1", state="OUT", holder="li", reason="reading")
    outcome = room.ask("end_person", "zhao", person="li")
    assert outcome.answer
    assert outcome.answer.more == {"must_come_back": ["K1"]}
    for badge in ("B1", "B1b"):
        room.tap("main.in", badge)
        assert room.reason == Reason.BADGE_BLOCKED
    room.ask("lockdown", "li")
    assert room.reason == Reason.NOT_ALLOWED
    room.ask("end_person", "zhao", person="li")
    assert room.reason == Reason.NOTHING_TO_DO


def test_a_lost_badge_is_dead_and_the_holders_other_badge_is_not() -> None:
    room = Room()
    room.ask("block_badge", "zhao", badge="B1")
    room.tap("main.in", "B1")
    assert room.reason == Reason.BADGE_BLOCKED
    room.tap("main.in", "B1b")
    assert room.reason is None


def test_a_change_keeps_what_it_does_not_name() -> None:
    room = Room()
    before = room.state.people["li"]
    room.ask("change_person", "zhao", "chen", person="li", department="audit")
    after = room.state.people["li"]
    assert after.department == "audit"
    assert (after.pin, after.posts) == (before.pin, before.posts)


STRANGE: list[dict[str, Any]] = [
    {"shoe": 43},
    {"name": 1},
    {"name": "x" * 201},
    {"posts": "custodian"},
    {"posts": [1]},
    {"posts": [["custodian"]]},
    {"badges": [None]},
    {"doors": ["cellar"]},
    {"doors": {"main": True}},
    {"compartments": ["c1.z"]},
    {"compartments": ["a"]},
    {"hours": "never heard"},
    {"visitor": "yes"},
    {"pledged": 1},
    {"valid_until": "tomorrow"},
    {"valid_until": "2026-03-02T09:00:00"},  # no offset: whose nine o'clock?
    {"valid_until": True},
    {"valid_until": [1]},
    {"excluded_with": ["x"] * 501},
    {"pin": "12"},
]


@pytest.mark.parametrize("given", STRANGE)
def test_what_is_strange_in_a_person_is_refused_whole(given: dict[str, Any]) -> None:
    room = Room()
    before = dict(room.state.people)
    for name, person in (("enrol", "sun"), ("change_person", "li")):
        room.ask(name, "zhao", "chen", person=person, department="audit", **given)
        assert room.reason is Reason.NOT_UNDERSTOOD
    assert room.state.people == before


NOBODY: tuple[Any, ...] = (
    None,
    [],
    {"a": 1},
    {"": {}},
    {"a": {"doors": ["cellar"]}},
    {"x" * 201: {}},
    {"a": {"badges": ["A"]}, "b": {"badges": ["A"]}},
    {"a": {"badges": ["A"], "pin": "4821"}, "b": {"pin": "4822"}},
)


@pytest.mark.parametrize("people", NOBODY)
def test_a_founding_with_one_strange_person_enrols_nobody_and_can_be_repeated(people: Any) -> None:
    site = Site(example(), b"pepper")
    site.step(Started(0, START, "policy-1"))
    refused = site.step(Asking(0, "found", "", fields={"people": people}))
    assert refused.answer
    assert refused.answer.reason in {Reason.NOT_UNDERSTOOD, Reason.PIN_TOO_CLOSE}
    assert not site.state.people
    assert not site.state.badges
    site.step(Asking(0, "found", "", fields={"people": {"a": {}, "b": {}}}))
    assert set(site.state.people) == {"a", "b"}


def test_instants_are_taken_with_their_offset() -> None:
    room = Room()
    room.ask("change_person", "zhao", "chen", person="li", valid_until="2026-03-02T09:00:01+08:00")
    assert room.state.people["li"].valid_until == 1_772_413_201_000
    room.tap("main.in", "B1")
    assert room.reason is None
    room.wait(1)
    room.tap("main.in", "B1")
    assert room.reason is Reason.EXPIRED


def test_a_holder_written_down_and_read_again_is_the_same() -> None:
    for holder in (
        Holder("a"),
        Holder("b", "dep", ("x", "y"), frozenset(), frozenset({"c1.a"}), 1, 2, 3, 4, pledged=False),
        Holder("c", excluded_with=frozenset({"a"}), hours="office", visitor=True, host="a", pin="f" * 64),
        Holder("d", doors=frozenset({"main"}), trained=False, ended=True),
    ):
        body = json.loads(json.dumps(holder_body(holder) | {"id": holder.id}))
        assert holder_from(body) == holder


def test_none_of_the_doors_is_not_every_door() -> None:
    assert Holder("a").may_pass("main")
    assert not Holder("a", doors=frozenset()).may_pass("main")
    assert not Holder("a", compartments=frozenset()).may_open("c1.a")


def test_a_tag_depends_on_pepper_holder_and_digits() -> None:
    tags = {pin_tag(p, h, d) for p in (b"", b"p") for h in ("a", "b") for d in ("1234", "1235")}
    assert len(tags) == 8


@pytest.mark.parametrize(
    ("digits", "by", "becomes"), [("1234", 1, "1235"), ("1239", 1, "1230"), ("1230", -1, "1239")]
)
def test_the_last_digit_moves_modulo_ten(digits: str, by: int, becomes: str) -> None:
    assert shifted(digits, by) == becomes


def test_of_ten_thousand_pins_exactly_one_is_right_and_one_is_duress() -> None:
    holder = Holder("a", pin=pin_tag(b"p", "a", "4829"))
    said = {f"{n:04}": pin_says(b"p", holder, f"{n:04}") for n in range(10_000)}
    assert {d for d, (normal, _) in said.items() if normal} == {"4829"}
    assert {d for d, (_, duress) in said.items() if duress} == {"4820"}


def test_no_pin_that_is_allowed_beside_another_shares_a_meaning_with_it() -> None:
    holder = Holder("a", pin=pin_tag(b"p", "a", "4829"))
    meanings = {"4829", "4820"}
    for n in range(10_000):
        digits = f"{n:04}"
        if not pin_is_close(b"p", digits, [holder]):
            assert not meanings & {digits, shifted(digits, 1)}
            assert abs(n - 4829) > 2
