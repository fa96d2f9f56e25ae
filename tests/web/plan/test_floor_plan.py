"""The floor plan: everything is drawn, always; states are words and shapes; nothing unknown looks well."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from tests.web.plan.sites import chinese, drawn, large, site

SVG = "{http://www.w3.org/2000/svg}"
EVERYTHING = (
    *("room:vault", "door:main", "door:outer", "window:north", "cabinet:c1", "camera:door", "camera:room"),
    *(f"compartment:c1.{box}" for box in "abcd"),
    *(f"reader:{name}" for name in ("main.in", "main.out", "outer.in", "outer.out", "c1")),
)


def things(svg: str) -> dict[str, ET.Element]:
    root = ET.fromstring(svg)  # noqa: S314 - our own drawing
    found = {one.attrib["href"].partition("?")[2].replace("=", ":"): one for one in root.iter(f"{SVG}a")}
    assert len(found) == len(list(root.iter(f"{SVG}a")))
    return found


def label(svg: str, thing: str) -> str:
    return things(svg)[thing].attrib["aria-label"]


def classes(svg: str, thing: str) -> set[str]:
    return set(things(svg)[thing].attrib["class"].split())


def visible(svg: str, thing: str) -> str:
    return " ".join(one.text or "" for one in things(svg)[thing].iter(f"{SVG}text"))


def test_everything_of_the_site_is_on_the_plan_and_reached_by_the_tab_key() -> None:
    plan, told, _ = site()
    found = things(drawn(plan, told))
    assert set(found) == set(EVERYTHING)
    assert all(one.attrib["href"].startswith("/review?") for one in found.values())


def test_everything_stays_on_the_plan_when_nothing_is_known() -> None:
    plan, told, _ = site()
    svg = drawn(plan, {"site": "passage", "at": told["at"], "wall_ms": told["wall_ms"]})
    assert set(things(svg)) == set(EVERYTHING)
    for thing in EVERYTHING:
        said = label(svg, thing)
        assert "known" in said, said
    assert "?" in visible(svg, "room:vault")
    assert {"leaf-unknown", "lock-unknown"} <= classes(svg, "door:main")


def test_a_calm_room_says_closed_locked_and_nobody_inside() -> None:
    plan, told, _ = site()
    assert label(drawn(plan, told), "room:vault") == "Room vault: closed, locked, nobody inside"


def test_a_room_in_use_says_who_is_inside_and_since_when() -> None:
    plan, told, _ = site()
    since = told["wall_ms"]
    told["rooms"]["vault"].update(inside=["li", "wang"], occupancy=2, open=True, since=since)
    svg = drawn(plan, told)
    assert "2 inside" in label(svg, "room:vault")
    assert "since 09:00" in label(svg, "room:vault")
    assert "Li Wei, Wang Fang" in visible(svg, "room:vault")


def test_an_unknown_occupancy_is_a_question_and_never_nobody() -> None:
    plan, told, _ = site()
    told["rooms"]["vault"].update(inside=[], occupancy="unknown")
    svg = drawn(plan, told)
    assert "not known who is inside" in label(svg, "room:vault")
    assert "?" in visible(svg, "room:vault")
    assert "0" not in visible(svg, "room:vault")


@pytest.mark.parametrize(
    ("change", "looks", "word"),
    [
        ({"contact": "active", "phase": "passing", "bolt": "active"}, "leaf-open", "open"),
        ({"contact": "active", "phase": "held", "bolt": "active"}, "leaf-open", "open too long"),
        ({"contact": "active", "phase": "forced", "bolt": "active"}, "leaf-forced", "forced open"),
        ({"contact": "cut"}, "leaf-cut", "contact cut"),
        ({"contact": "short"}, "leaf-cut", "contact shorted"),
        ({"contact": "unknown"}, "leaf-unknown", "leaf not known"),
        ({"phase": "released", "until": 4_000}, "lock-unlocked", "unlocked, 4 s"),
        ({"bolt": "active"}, "lock-unbolted", "not bolted"),
        ({"bolt": "active", "contact": "active"}, "lock-unlocked", "bolt drawn"),
        ({"bolt": "cut"}, "lock-cut", "bolt sense cut"),
        ({"bolt": "unknown"}, "lock-unknown", "bolt not known"),
        ({"phase": "awaiting"}, "lock-locked", "granted, waits for pictures or log witnesses"),
        ({"pending": ["li"], "deadline": 9_000}, "lock-locked", "Li Wei waits for a second person, 9 s"),
        ({"remote": True}, "lock-locked", "released from afar"),
    ],
)
def test_a_door_says_and_shows_each_of_its_states(change: dict[str, Any], looks: str, word: str) -> None:
    plan, told, _ = site()
    for key in ("until", "deadline"):
        if key in change:
            change = change | {key: told["at"] + change[key]}
    told["doors"]["main"].update(change)
    svg = drawn(plan, told)
    assert looks in classes(svg, "door:main")
    assert word in label(svg, "door:main")


def test_an_open_leaf_is_drawn_open_and_a_broken_one_broken() -> None:
    plan, told, _ = site()
    drawings = set()
    for phase, contact in (
        ("locked", "normal"),
        ("passing", "active"),
        ("forced", "active"),
        ("locked", "cut"),
    ):
        told["doors"]["main"].update(phase=phase, contact=contact)
        door = things(drawn(plan, told))["door:main"]
        leaf = next(one for one in door.iter() if "leaf" in one.attrib.get("class", "").split())
        drawings.add(leaf.attrib.get("d", leaf.attrib["class"]))
    assert len(drawings) == 4


@pytest.mark.parametrize("level", ["normal", "active", "cut", "short", "unknown"])
def test_a_window_looks_different_in_each_state(level: str) -> None:
    plan, told, _ = site()
    told["windows"]["north"] = level
    words = {"normal": "closed", "active": "open", "cut": "line cut", "short": "line shorted"}
    assert f"north · {words.get(level, 'not known')}" in visible(drawn(plan, told), "window:north")


@pytest.mark.parametrize("phase", ["locked", "released", "open", "forced", "unknown"])
def test_a_compartment_says_its_state_in_its_cell(phase: str) -> None:
    plan, told, _ = site()
    told["compartments"]["c1.b"] = phase
    words = {"released": "unlocked"}
    assert words.get(phase, phase) in visible(drawn(plan, told), "compartment:c1.b")


def test_a_compartment_whose_contact_is_cut_does_not_look_locked() -> None:
    plan, told, _ = site()
    told["inputs"]["c1.b.contact"] = "cut"
    svg = drawn(plan, told)
    assert "box-cut" in classes(svg, "compartment:c1.b")
    assert "1 not locked" in label(svg, "cabinet:c1")


def test_a_camera_that_is_covered_is_crossed_out_and_says_so() -> None:
    plan, told, _ = site()
    told["cameras"]["room"] = "covered"
    svg = drawn(plan, told)
    assert "covered" in visible(svg, "camera:room")
    assert any(one.attrib.get("class") == "cross" for one in things(svg)["camera:room"].iter())
    assert "sees well" in visible(svg, "camera:door")


def test_a_lost_reader_is_crossed_out_and_still_there() -> None:
    plan, told, _ = site()
    told["lost"] = ["main.in"]
    svg = drawn(plan, told)
    assert label(svg, "reader:main.in") == "Reader main.in: no answer"
    assert any(one.attrib.get("class") == "cross" for one in things(svg)["reader:main.in"].iter())


def test_an_alarm_stands_at_its_thing_in_words() -> None:
    plan, told, _ = site()
    told["alarms"] = [{"alarm": "forced", "place": "main"}, {"alarm": "lone", "place": "vault"}]
    svg = drawn(plan, told)
    assert "Door forced" in label(svg, "door:main")
    assert "Person alone" in visible(svg, "room:vault")
    assert "alarm" in classes(svg, "room:vault")
    assert "alarm" not in classes(svg, "door:outer")


def test_a_cut_line_is_told_at_the_thing_it_belongs_to() -> None:
    plan, told, _ = site()
    told["inputs"]["north.glass"] = "cut"
    assert "line cut: north.glass" in label(drawn(plan, told), "window:north")


def test_the_plan_is_complete_in_chinese() -> None:
    plan, told, _ = site()
    say = chinese()
    told["rooms"]["vault"].update(
        inside=["li"], visitors=["g"], occupancy=1, since=told["wall_ms"], lone_at=9
    )
    told["alarms"] = [{"alarm": "forced", "place": "main"}]
    told["lockdown"] = "li"
    assert label(drawn(plan, told, say), "room:vault").startswith("房间 vault")


def test_names_from_the_site_file_cannot_become_markup() -> None:
    plan, told, _ = site()
    told["site"] = '"><script>alert(1)</script>'
    told["rooms"]["vault"].update(inside=["<b>"], occupancy=1)
    svg = drawn(plan, told)
    assert "<script" not in svg
    assert "<b>" not in svg


def test_no_style_and_no_handler_is_in_the_drawing() -> None:
    plan, told = large()
    svg = drawn(plan, told)
    assert all(
        not key.startswith("on") and key != "style"
        for one in ET.fromstring(svg).iter()  # noqa: S314 - our own drawing
        for key in one.attrib
    )
