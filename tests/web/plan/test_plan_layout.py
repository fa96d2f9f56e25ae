"""Where things stand on the plan: beside each other, inside their walls, the same every time."""

from __future__ import annotations

import json

import pytest

from controller.console.site_shape import site_shape
from tests.web.plan.sites import ROOT, drawn, large, site
from web.plan.floor import Box, Floor


def overlap(one: Box, other: Box) -> bool:
    beside = one.right <= other.x or other.right <= one.x
    return not (beside or one.bottom <= other.y or other.bottom <= one.y)


@pytest.mark.parametrize("rooms", [1, 2, 3, 4, 6, 9, 12])
def test_rooms_and_what_stands_in_them_do_not_overlap(rooms: int) -> None:
    floor = large(rooms)[0].floor
    boxes = [*floor.rooms.values(), *(one.box for one in floor.passages)]
    assert not any(overlap(a, b) for at, a in enumerate(boxes) for b in boxes[at + 1 :])
    cabinets = list(floor.cabinets.values())
    assert not any(overlap(a, b) for at, a in enumerate(cabinets) for b in cabinets[at + 1 :])
    assert all(inside(box, floor) for box in (*boxes, *cabinets, *floor.compartments.values()))


def inside(box: Box, floor: Floor) -> bool:
    return box.x >= 0 and box.y >= 0 and box.right <= floor.width and box.bottom <= floor.height


def test_the_shape_of_a_site_is_json_and_names_no_device_address() -> None:
    plan = site()[2].plan
    text = json.dumps(site_shape(plan))
    assert json.loads(text) == site_shape(plan)
    assert "://" not in text
    assert site_shape(plan)["doors"]["outer"] == {"room": "", "interlock": ["main"], "bolt": True}


def test_the_passage_lies_before_the_doors_that_it_leads_to() -> None:
    plan, _, _ = site()
    (passage,) = plan.floor.passages
    main, outer = plan.floor.doors["main"], plan.floor.doors["outer"]
    assert passage.box.y == main.y
    assert passage.box.bottom == outer.y
    assert passage.box.x < main.x < passage.box.right


def test_the_same_site_gives_the_same_drawing() -> None:
    plan, told = large()
    again, _ = large()
    assert drawn(plan, told) == drawn(again, told)


def test_a_site_of_six_rooms_is_less_than_sixty_kilobytes() -> None:
    plan, told = large()
    assert len(drawn(plan, told).encode()) < 60 * 1024


def test_looks_of_every_class_stand_in_the_style_sheet_without_colours_of_their_own() -> None:
    css = (ROOT / "web" / "static" / "plan.css").read_text(encoding="utf-8")
    rules = css.partition("font-variant-numeric")[2]
    assert "#" not in rules
    for look in (
        "leaf-open",
        "leaf-forced",
        "leaf-unknown",
        "lock-unlocked",
        "box-open",
        "camera-bad",
        "cross",
    ):
        assert f".{look}" in rules
