"""Erasing what is personal, and the legal holds that forbid it: behaviour 60."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.core.events import Asking, Level, Started
from controller.core.fold import replay
from controller.core.freeze import to_json
from controller.core.people import PERSONAL
from controller.core.site import Site
from controller.core.words import Reason
from tests.core import histories as h
from tests.core import histories_rooms as rooms
from tests.core.plans import START, example
from tests.core.room import Room
from tests.core.test_laws import LAWFUL

CLAIMS = {"name": "Anna Berg", "document": "P-4711", "company": "Berg AG", "contact": "anna@berg"}


def gone() -> Room:
    """A room whose visitor has come and gone, and is checked out."""
    room = Room()
    room.ask("change_person", "zhao", "chen", person="guest", **CLAIMS)
    room.enter("V1", "B1", "B2")
    room.wait(20)
    room.leave("V1", "B1", "B2")
    room.wait(20)
    assert "guest" in room.state.ended_visits
    return room


def erase(
    room: Room, by: str = "zhao", second: str = "chen", person: str = "guest", why: str = "asked"
) -> Any:
    room.ask("erase_person", by, second, person=person, reason=why)
    return room.reason


def hold(room: Room, person: str = "", by: str = "li", name: str = "case 7") -> Any:
    room.ask("set_hold", by, hold=name, person=person, reason="a court asks")
    return room.reason


def test_what_is_personal_stands_in_one_part_of_the_entry_by_person_and_claim() -> None:
    room = Room()
    room.ask("enrol", "li", "wang", person="v17", visitor=True, host="li", badges=["W"], **CLAIMS)
    (entry,) = room.of("enrolled")[-1:]
    assert entry["personal"] == {"v17": CLAIMS}
    assert entry["person"] == {"id": "v17", "visitor": True, "host": "li"}


def test_a_change_says_again_only_what_was_given() -> None:
    room = Room()
    room.ask("change_person", "zhao", "chen", person="li", name="Li Wei")
    assert room.of("person_changed")[-1]["personal"] == {"li": {"name": "Li Wei"}}
    room.ask("change_person", "zhao", "chen", person="li", department="audit")
    assert "personal" not in room.of("person_changed")[-1]


@LAWFUL
@given(rooms.plans, h.histories, st.sampled_from(PERSONAL))
def test_no_state_holds_a_claim_and_no_entry_but_in_its_personal_part(
    plan: Any, history: Any, claim: str
) -> None:
    secret = "Zebedäus Quark"  # in no other text of a history
    site = Site(plan, b"pepper")
    people = {p: {**fields, claim: f"{secret} {p}"} for p, fields in rooms.PEOPLE.items()}
    outcomes = [
        site.step(Started(0, START, "policy-1")),
        site.step(Asking(0, "found", "", fields={"people": people})),
    ]
    outcomes += [site.step(event) for event in h.timed(history)]
    entries = h.written(outcomes)
    assert sum(secret in json.dumps(e, ensure_ascii=False) for e in entries) == len(people)
    assert secret not in json.dumps([{**e, "personal": 0} for e in entries], ensure_ascii=False)
    assert secret not in json.dumps(to_json(site.state), ensure_ascii=False)


def test_an_entry_of_a_former_version_that_names_its_person_still_folds_and_the_name_is_not_kept() -> None:
    entry = {
        "at": 0,
        "kind": "enrolled",
        "person": {"id": "li", "name": "Li Wei", "posts": ["clerk"]},
        "badges": [],
    }
    state = replay([entry])
    assert state.people["li"].posts == ("clerk",)
    assert "Li Wei" not in json.dumps(to_json(state))


def test_two_others_erase_a_visitor_who_has_gone_and_say_why() -> None:
    room = gone()
    assert erase(room) is None
    (entry,) = room.of("erased")
    assert (entry["who"], entry["person"], entry["note"]) == (["zhao", "chen"], "guest", "asked")
    assert entry["erases"][0] == "guest"
    assert room.state.people["guest"].erased


def test_an_erased_pass_is_dead_and_the_room_goes_on_without_the_person() -> None:
    room = gone()
    erase(room)
    room.tap("main.in", "V1")
    assert room.reason is Reason.BADGE_BLOCKED
    room.restart()
    room.enter("V2", "B1", "B2")
    assert room.state.room("vault").visitors == ("guest2",)


@pytest.mark.parametrize("asking", ["enrol", "change_person"])
def test_an_erased_id_is_never_used_again(asking: str) -> None:
    room = gone()
    erase(room)
    room.ask(asking, "zhao", "chen", person="guest", badges=["W9"], name="Somebody else")
    assert room.reason is Reason.NOTHING_TO_DO
    assert room.state.people["guest"].erased


def test_erasing_again_finds_nothing_to_do() -> None:
    room = gone()
    erase(room)
    assert erase(room) is Reason.NOTHING_TO_DO
    assert erase(room, person="nobody") is Reason.NOTHING_TO_DO
    assert len(room.of("erased")) == 1


def test_nobody_erases_oneself_alone_or_without_a_reason() -> None:
    room = gone()
    assert erase(room, "zhao", "") is Reason.NEEDS_SECOND
    assert erase(room, "zhao", "guest2") is Reason.NEEDS_SECOND
    assert erase(room, person="chen") is Reason.ONESELF
    assert erase(room, person="zhao") is Reason.ONESELF
    assert erase(room, why="") is Reason.NOT_UNDERSTOOD


def test_who_belongs_here_still_or_is_about_is_not_erased() -> None:
    room = Room()
    assert erase(room, person="li") is Reason.NOT_ENDED
    assert erase(room, person="guest") is Reason.NOT_ENDED  # has not come yet
    room.enter("V1", "B1", "B2")
    room.ask("check_out", "zhao", visitor="guest")
    assert erase(room) is Reason.NOT_ENDED  # checked out, and inside
    room.tap("main.out", "V1")
    room.tap("main.out", "B1")
    room.tap("main.out", "B2")
    room.through()
    assert erase(room) is None


def test_whoever_ended_is_erased_only_without_a_carrier_in_hand() -> None:
    room = Room()
    room.ask("move_carrier", "wang", "chen", carrier="K1", state="OUT", holder="li", reason="reading")
    room.ask("end_person", "zhao", person="li")
    assert erase(room, person="li") is Reason.NOT_ENDED
    room.ask("move_carrier", "wang", "chen", carrier="K1", state="IN", at="c1.a", reason="back")
    assert erase(room, person="li") is None


def test_while_nobody_knows_who_is_inside_nobody_is_erased() -> None:
    room = gone()
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    room.restart()  # in the middle of an opening
    assert room.state.room("vault").unknown
    assert erase(room) is Reason.OCCUPANCY_UNKNOWN
    room.ask("recount", "zhao", "chen", room="vault", inside=[])
    assert erase(room) is None


@pytest.mark.parametrize("person", ["", "guest"])
def test_a_hold_on_the_person_or_on_everything_stops_erasing_until_two_others_lift_it(person: str) -> None:
    room = gone()
    assert hold(room, person) is None
    room.restart()
    assert erase(room) is Reason.UNDER_HOLD
    room.ask("lift_hold", "zhao", "chen", hold="case 7", reason="closed")
    assert room.reason is None
    assert erase(room) is None


def test_a_hold_on_somebody_else_stops_nothing() -> None:
    room = gone()
    hold(room, "wang")
    assert erase(room) is None


def test_a_hold_is_set_by_one_who_gives_it_a_name_of_its_own_a_known_person_and_a_reason() -> None:
    room = Room()
    assert hold(room, by="guest") is Reason.NOT_ALLOWED
    assert hold(room, "nobody") is Reason.NOT_UNDERSTOOD
    assert hold(room, name="") is Reason.NOT_UNDERSTOOD
    assert hold(room, name="x" * 201) is Reason.NOT_UNDERSTOOD
    room.ask("set_hold", "li", hold="case 7")
    assert room.reason is Reason.NOT_UNDERSTOOD
    assert hold(room) is None
    assert hold(room, "wang") is Reason.NOTHING_TO_DO
    assert room.of("hold_set")[-1]["who"] == ["li"]


def test_who_set_a_hold_or_is_held_by_it_does_not_lift_it() -> None:
    room = Room()
    hold(room, "wang")
    for by, second in (("li", "zhao"), ("zhao", "li")):
        room.ask("lift_hold", by, second, hold="case 7", reason="closed")
        assert room.reason == Reason.SAME_PERSON_LIFTS
    room.ask("lift_hold", "zhao", "wang", hold="case 7", reason="closed")
    assert room.reason == Reason.ONESELF
    room.ask("lift_hold", "zhao", "", hold="case 7", reason="closed")
    assert room.reason == Reason.NEEDS_SECOND
    room.ask("lift_hold", "zhao", "chen", hold="case 7")
    assert room.reason == Reason.NOT_UNDERSTOOD
    room.ask("lift_hold", "zhao", "chen", hold="case 8", reason="closed")
    assert room.reason == Reason.NOTHING_TO_DO
    assert "case 7" in room.state.holds


def test_nobody_is_enrolled_under_a_name_of_the_boxs_own_users() -> None:
    site = Site(example(), b"pepper")
    site.step(Started(0, START, "policy-1"))
    refused = site.step(Asking(0, "found", "", fields={"people": {"os:root": {}}}))
    assert refused.answer
    assert refused.answer.reason is Reason.NOT_UNDERSTOOD


def test_a_claim_is_a_text_of_at_most_200_signs() -> None:
    room = Room()
    for claim in PERSONAL:
        for value in ("x" * 201, 7, ["x"], None):
            room.ask("change_person", "zhao", "chen", person="li", **{claim: value})
            assert room.reason is Reason.NOT_UNDERSTOOD


def test_a_forced_window_or_a_lost_reader_keeps_nobody_from_being_erased() -> None:
    room = gone()
    room.input("north.contact", Level.ACTIVE)
    assert erase(room) is None
