"""Iron cabinets: two confirmed inside, one compartment, and authorisers: behaviour 39 and 40."""

from __future__ import annotations

from typing import Any

import pytest

from controller.core.effects import Release, Secure
from controller.core.plan import Together
from controller.core.state import BoxPhase
from controller.core.words import Reason
from tests.core.plans import example
from tests.core.room import Room

MINUTES_15 = 15 * 60


def _inside(*badges: str, plan: Any = None, people: dict[str, dict[str, Any]] | None = None) -> Room:
    """People who came in long ago, the first two as a pair."""
    room = Room(plan or example(), **people or {})
    room.enter(*(badges or ("B1", "B2"))[:2])
    for badge in badges[2:]:
        room.enter(badge)
    room.wait(20)
    return room


def _pair(room: Room, *badges: str) -> None:
    for badge in badges or ("B1", "B2"):
        room.tap("c1", badge)


def _opened(room: Room | None = None, box: str = "c1.a") -> Room:
    """Two have just opened a compartment."""
    room = room or _inside()
    room.ask("open_compartment", "li", compartment=box)
    _pair(room)
    room.open(box)
    return room


def _ask(room: Room, what: str, by: str, /, **given: Any) -> Reason | None:
    room.ask(what, by, **given)
    return room.outcome.answer.reason if room.outcome.answer else None


def _tap(room: Room, badge: str) -> Reason | None:
    room.tap("c1", badge)
    return room.outcome.answer.reason if room.outcome.answer else None


def test_b39_two_inside_open_the_compartment_asked_for_and_no_other() -> None:
    room = _inside()
    room.ask("open_compartment", "li", compartment="c1.b")
    _pair(room)
    assert [e.lock for e in room.outcome.effects if isinstance(e, Release)] == ["c1.b"]
    assert not any(room.is_open(f"c1.{k}") for k in "acd")


def test_b39_session_of_the_room_around_session_of_the_cabinet_around_the_compartment() -> None:
    room = _opened()
    room.shut("c1.a")
    room.wait(60)
    room.leave("B1", "B2")
    wanted = ("room_opened", "cabinet_opened", "cabinet_closed", "room_closed")
    assert tuple(e["kind"] for e in room.entries if e["kind"] in wanted) == wanted
    assert room.of("cabinet_opened")[0]["who"] == room.of("cabinet_closed")[0]["who"] == ["li", "wang"]


def test_b39_nobody_inside_opens_no_cabinet() -> None:
    room = Room()
    assert _ask(room, "open_compartment", "li", compartment="c1.a") is Reason.NOT_INSIDE
    assert _tap(room, "B1") is Reason.NOT_INSIDE
    room.wait(60)
    room.enter("B1", "B2")
    assert _tap(room, "B3") is Reason.NOT_INSIDE


def test_b39_with_fewer_than_two_confirmed_no_cabinet_opens() -> None:
    room = _inside()
    room.leave("B2")
    assert _tap(room, "B1") is Reason.TOO_FEW_INSIDE
    assert _ask(room, "open_compartment", "li", compartment="c1.a") is Reason.TOO_FEW_INSIDE
    room = Room(example(door={"confirm_by_reader": True}))
    room.enter("B1", "B2")
    assert _tap(room, "B1") is Reason.TOO_FEW_INSIDE


def test_b39_a_released_compartment_is_locked_when_one_of_the_two_goes() -> None:
    room = _inside()
    room.ask("open_compartment", "li", compartment="c1.a")
    _pair(room)
    room.wait(2)
    assert room.is_open("c1.a")
    room.tap("main.out", "B2")
    assert not room.is_open("c1.a")
    assert Secure("c1.a") in room.outcome.effects


def test_b39_one_person_is_not_two_however_many_badges() -> None:
    room = _inside()
    room.ask("open_compartment", "li", compartment="c1.a")
    _pair(room, "B1", "B1b", "B1")
    assert room.reason is Reason.SAME_HOLDER
    assert not room.is_open("c1.a")


def test_b39_people_a_recount_finds_inside_are_in_a_session_too() -> None:
    room = Room()
    room.open()
    room.shut()
    room.ask("recount", "chen", "zhao", room="vault", inside=["li", "wang"])
    session = room.state.room("vault").session
    assert session
    assert session.openers == ("li", "wang", "chen", "zhao"), "who counts is answerable too"
    _opened(room)
    assert room.state.compartment("c1.a").phase is BoxPhase.OPEN


def test_b39_the_only_compartment_both_are_entitled_to_needs_no_asking() -> None:
    room = _inside(people={"li": _person("B1", ["c1.a", "c1.b"]), "wang": _person("B2", ["c1.b", "c1.c"])})
    _pair(room)
    assert room.is_open("c1.b")


def test_b39_without_a_compartment_in_common_nothing_opens() -> None:
    room = _inside(people={"li": _person("B1", ["c1.a"]), "wang": _person("B2", ["c1.c"])})
    _pair(room)
    assert room.reason is Reason.NOT_ENTITLED
    assert _ask(room, "open_compartment", "li", compartment="c1.c") is Reason.NOT_ENTITLED


def _person(badge: str, compartments: list[str]) -> dict[str, Any]:
    return {"badges": [badge], "compartments": compartments}


def test_b39_a_pair_that_waits_to_be_told_is_judged_again_when_it_is() -> None:
    for lost in ("end_person", "change_person"):
        room = _inside("B1", "B2", "B3")
        _pair(room)
        assert room.signal("c1") == "wait"
        room.ask(lost, "zhao", "chen", person="wang", **({} if lost == "end_person" else {"trained": False}))
        assert _ask(room, "open_compartment", "chen", compartment="c1.a") is Reason.FIRST_NO_LONGER_VALID
        assert not room.is_open("c1.a")
        assert room.state.cabinet("c1").pending is None


@pytest.mark.parametrize(("wait", "opens"), [(14_999, True), (15_000, False)])
def test_b39_the_window_at_a_cabinet_is_the_pairs(wait: int, opens: bool) -> None:
    room = _inside()
    room.ask("open_compartment", "li", compartment="c1.a")
    room.tap("c1", "B1")
    room.wait_ms(wait)
    room.tap("c1", "B2")
    assert room.is_open("c1.a") is opens


LOCKS = [("B1", "B2", True), ("B1", "B3", False), ("B2", "B1", True)]


@pytest.mark.parametrize(("first", "second", "opens"), LOCKS)
def test_b39_a_cabinet_with_two_locks_takes_one_of_each_group(first: str, second: str, opens: bool) -> None:
    together = Together(groups=("custodian", "supervisor"))
    room = _inside("B1", "B2", "B3", plan=example(cabinet={"together": together}))
    room.ask("open_compartment", "li", compartment="c1.a")
    _pair(room, first, second)
    assert room.is_open("c1.a") is opens
    assert room.reason is (None if opens else Reason.SAME_GROUP)


@pytest.mark.parametrize("needed", [0, 1, 2, 3])
def test_b40_a_cabinet_takes_its_number_of_authorisers_and_not_one_fewer(needed: int) -> None:
    more = {f"chief{n}": {"badges": [f"C{n}"], "posts": ["chief"]} for n in range(3)}
    room = _inside(plan=example(cabinet={"authorisers": needed, "authoriser_post": "chief"}), people=more)
    for count in range(needed + 1):
        room.ask("open_compartment", "li", compartment="c1.a")
        _pair(room)
        assert room.is_open("c1.a") is (count == needed)
        assert room.reason is (None if count == needed else Reason.NEEDS_AUTHORISER)
        room.wait(16)
        if count < needed:
            assert _ask(room, "authorise", f"chief{count}", cabinet="c1") is None
            assert _ask(room, "authorise", f"chief{count}", cabinet="c1") is None  # twice is once
    names = [f"chief{n}" for n in range(needed)]
    assert [e["authorised_by"] for e in room.of("granted") if e["place"] == "c1.a"] == [names]


def test_b40_nobody_authorises_himself() -> None:
    room = _inside(plan=example(cabinet={"authorisers": 1}))
    room.ask("authorise", "wang", cabinet="c1")
    room.ask("open_compartment", "li", compartment="c1.a")
    _pair(room)
    assert room.reason is Reason.ONESELF
    assert _ask(room, "authorise", "li", cabinet="c1") is Reason.ONESELF
    assert _ask(room, "authorise", "chen", cabinet="c1") is None
    assert _tap(room, "B2") is None
    assert room.is_open("c1.a")
    assert room.of("granted")[-1]["authorised_by"] == ["chen"]


def test_b40_only_the_group_named_authorises_and_no_visitor() -> None:
    room = _inside(plan=example(cabinet={"authorisers": 1, "authoriser_post": "duty"}))
    assert _ask(room, "authorise", "chen", cabinet="c1") is Reason.NOT_ALLOWED
    assert _ask(room, "authorise", "guest", cabinet="c1") is Reason.NOT_ALLOWED
    assert _ask(room, "authorise", "zhao", cabinet="c9") is Reason.NOT_UNDERSTOOD
    assert _ask(room, "authorise", "zhao", cabinet="c1") is None


def test_b40_returning_takes_an_agreement_of_its_own() -> None:
    room = _inside(plan=example(cabinet={"authorisers": 1}))
    room.ask("authorise", "chen", cabinet="c1")
    _opened(room)
    room.shut("c1.a")
    room.wait(20)
    room.ask("open_compartment", "li", compartment="c1.a")
    _pair(room)
    assert room.reason is Reason.NEEDS_AUTHORISER


@pytest.mark.parametrize(("wait", "opens"), [(MINUTES_15 * 1_000 - 1, True), (MINUTES_15 * 1_000, False)])
def test_b40_an_agreement_dies_after_its_time_also_over_a_restart(wait: int, opens: bool) -> None:
    room = _inside(plan=example(cabinet={"authorisers": 1}))
    room.ask("authorise", "chen", cabinet="c1")
    room.restart()
    room.wait_ms(wait - 1_000)
    room.ask("open_compartment", "li", compartment="c1.a")
    room.tap("c1", "B1")
    room.wait_ms(1_000)
    room.tap("c1", "B2")
    assert room.is_open("c1.a") is opens
