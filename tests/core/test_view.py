"""The view tells a desk what it must show, and nobody what is personal or sealed."""

from __future__ import annotations

import json
from typing import Any

from controller.core.events import CameraSeen, Level
from controller.view import view
from tests.core.desk import Desk
from tests.core.plans import START
from tests.core.visiting import Desk as VisitorDesk


def alarms(room: Desk, *, sealed: bool = False) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = view(room.site, sealed=sealed)["alarms"]
    return found


def test_an_alarm_tells_since_when_who_took_it_and_whether_its_cause_stands() -> None:
    room = Desk()
    room.open("north")
    raised = room.now
    (alarm,) = alarms(room)
    assert (alarm["alarm"], alarm["place"], alarm["since"]) == ("window_open", "north", raised)
    assert alarm["raised"] == START + raised
    assert (alarm["taken_by"], alarm["taken_at"], alarm["escalated"], alarm["late"]) == ("", None, 0, False)
    assert alarm["cause_stands"] is True
    room.wait(60)
    room.shut("north")
    room.says("take_alarm", "sun", alarm="window_open")
    (alarm,) = alarms(room)
    assert (alarm["taken_by"], alarm["taken_at"], alarm["escalated"]) == ("sun", START + room.now, 1)
    assert alarm["cause_stands"] is False


def test_b35_duress_is_shown_to_nobody_but_who_sees_what_is_sealed() -> None:
    room = Desk()
    room.tap("main.in", "B1")
    room.pin("main.in", "4822")
    assert "duress" not in json.dumps(view(room.site))
    assert [alarm["alarm"] for alarm in alarms(room, sealed=True)] == ["duress"]


def test_a_person_is_roles_posts_and_rights_and_nothing_personal() -> None:
    room = Desk(
        anna={
            "name": "Anna Berg",
            "document": "E1234",
            "badges": ["V9"],
            "visitor": True,
            "host": "li",
            "valid_until": START + 3_600_000,
            "doors": ["main"],
            "excluded_with": ["wang"],
        }
    )
    shown = view(room.site)
    assert "Berg" not in json.dumps(shown)
    assert "E1234" not in json.dumps(shown)
    anna = shown["people"]["anna"]
    assert (anna["visitor"], anna["host"], anna["doors"]) == (True, "li", ["main"])
    assert anna["valid_until"] == START + 3_600_000
    assert "excluded_with" not in anna
    assert view(room.site, sealed=True)["people"]["anna"]["excluded_with"] == ["wang"]
    zhou = shown["people"]["zhou"]
    assert (zhou["roles"], zhou["passkeys"], zhou["ended"], zhou["doors"]) == (["chief"], 0, False, None)
    assert shown["badges"]["C1"] == {"holder": "zhou", "level": "uid", "blocked": False, "boxed": False}


def test_a_room_tells_since_when_it_is_open_and_a_door_until_when_it_is_free() -> None:
    room = Desk()
    empty = view(room.site)["rooms"]["vault"]
    assert (empty["open"], empty["since"], empty["max"], empty["mode"]) == (False, None, 20, "no_lone_zone")
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    door = view(room.site)["doors"]["main"]
    assert (door["lock"], door["until"]) == ("unlocked", room.now + 5_000)
    room.open()
    opened = START + room.now
    shown = view(room.site)
    assert (shown["rooms"]["vault"]["open"], shown["rooms"]["vault"]["since"]) == (True, opened)
    assert shown["doors"]["main"]["opened"] == opened


def test_cabinets_cameras_lockdown_and_a_door_released_from_afar_are_shown() -> None:
    room = Desk()
    room.enter("B1", "B2")
    room.tap("c1", "B1")
    assert view(room.site)["cabinets"]["c1"]["pending"] == ["li"]
    room.step(CameraSeen(room.now, "door", "covered"))
    assert view(room.site)["cameras"] == {"door": "covered", "room": "back"}
    room.ask("release_door", "zhou", "wu", door="main", seconds=5, reason="ambulance")
    assert view(room.site)["doors"]["main"]["remote"] is True
    room.ask("lockdown", "zhao", reason="shots")
    shown = view(room.site)
    assert (shown["lockdown"], shown["lockdown_since"]) == ("zhao", START + room.now)
    assert shown["doors"]["main"]["remote"] is False


def test_the_whole_view_is_json_whatever_stands() -> None:
    room = Desk()
    room.input("fire", Level.SHORT)
    room.tap("main.in", "nobody")
    assert json.loads(json.dumps(view(room.site, sealed=True))) == view(room.site, sealed=True)


def test_b35_a_guard_is_told_of_duress_unless_it_is_theirs() -> None:
    room = Desk()
    room.enter("B1", "B2")
    room.tap("c1", "B1")
    room.pin("c1", "4822")
    kinds = {who: {one["alarm"] for one in view(room.site, guard=who)["alarms"]} for who in ("sun", "li")}
    assert kinds == {"sun": {"duress"}, "li": set()}


def test_visitors_of_former_days_are_left_out_unless_all_are_asked_for() -> None:
    room = VisitorDesk()
    visitor = room.visit(room.request()).visitor
    assert visitor in view(room.site, whole=False)["people"]
    room.ask("decline_visit", "bao", visit="v1", reason="ill")
    assert visitor not in view(room.site, whole=False)["people"]
    assert {"li", "bao"} <= view(room.site, whole=False)["people"].keys()
    assert visitor in view(room.site)["people"]
