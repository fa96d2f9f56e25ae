"""Rooms with the count of people, passages and cabinets. Rule: a count that nobody knows is "?"."""

from __future__ import annotations

from markupsafe import Markup

from web.plan.draw import HATCH, Href, lock_sign, question, scissors, thing
from web.plan.floor import Box, PassageBox
from web.plan.measures import CABINET_PAD, PASSAGE_HEIGHT
from web.plan.seen import Seen
from web.plan.shape import Cabinet
from web.plan.svg import fitted, path, rect, tag, text, together
from web.plan.told import cabinet_told, compartment_told, count, room_state, room_told

LINES = 96  # from the top of a room's text to its last line


def walls(box: Box, class_: str) -> Markup:
    """Floor and walls of a room or passage."""
    return rect((box.x, box.y, box.width, box.height), class_)


def room(seen: Seen, name: str, box: Box, words: Box, href: Href) -> Markup:
    """One room: its name, how many are inside, and its state in one line."""
    _ = seen.say
    told, many = room_told(seen, name), count(seen, name)
    people = [str(one) for one in seen.thing("rooms", name).get("inside", ())]
    wide, middle, y = words.width, words.middle, words.y
    wrong = " · ".join(told.words[len(room_state(seen, name)) :])
    drawn = together(
        walls(box, "floor"),
        text(box.x + 16, box.y + 48, fitted(name, 17, box.width - 80), "room-name"),
        _person(middle - 34, y + 8),
        text(middle + 2, y + 46, many, "count"),
        text(
            middle,
            y + 70,
            fitted(" · ".join(room_state(seen, name)), 13, box.width - 30),
            "word centred state",
        ),
        text(middle, y + 88, fitted(seen.people(people), 12, wide), "who centred"),
        text(middle, y + 106, fitted(wrong, 13, wide), "wrong centred"),
    )
    called = _("Room {name}").format(name=name)
    inner = Box(box.x + 6, box.y + 30, box.width - 12, box.height - 40)
    return thing("room", called, told, drawn, href=href("room", name), hit=inner, tip=False)


def _person(x: int, y: int) -> Markup:
    """A head and shoulders."""
    head = tag("circle", cx=x + 12, cy=y + 9, r=8, class_="person")
    return together(head, path(f"M{x - 2} {y + 38}v-6a14 14 0 0 1 28 0v6z", "person"))


def passage(seen: Seen, one: PassageBox) -> Markup:
    """A passage: its name, and that its doors never open together."""
    _, box = seen.say, one.box
    y = box.y + (PASSAGE_HEIGHT - 34 if one.passage.inner else box.height // 2)
    doors = [*one.passage.outer, *one.passage.inner]
    rule = _("one door at a time") if len(doors) > 1 else ""
    parts = [
        walls(box, "floor corridor"),
        text(box.x + 16, y, fitted(_("Passage"), 15, box.width - 32), "room-name"),
        text(box.x + 16, y + 18, fitted(rule, 12, box.width - 32), "word"),
    ]
    return tag("g", *parts, class_="passage")


def cabinet(seen: Seen, one: Cabinet, box: Box, href: Href) -> Markup:
    """One cabinet: its name and how it stands."""
    _ = seen.say
    told = cabinet_told(seen, one)
    said = fitted(f"{one.name} · {told.words[0]}", 12, box.width - 36)
    drawn = together(
        rect((box.x, box.y, box.width, box.height), "case", rx=4),
        text(box.x + CABINET_PAD + 2, box.y + 16, said, "word"),
    )
    called = _("Cabinet {name}").format(name=one.name)
    head = Box(box.x, box.y, box.width, 24)
    return thing("cabinet", called, told, drawn, href=href("cabinet", one.name), hit=head, tip=False)


def compartment(seen: Seen, name: str, box: Box, href: Href) -> Markup:
    """One compartment: a cell with its name, its word and its lock; an open one with its door aside."""
    _ = seen.say
    told = compartment_told(seen, name)
    look = told.looks[0].removeprefix("box-")
    short = name.rpartition(".")[2]
    inner = (box.x + 1, box.y + 1, box.width - 2, box.height - 2)
    cell = rect(inner, "hit cell unsure", fill=HATCH) if look == "unknown" else rect(inner, "hit cell")
    sign = question(box.right - 10, box.y + 15) if look == "unknown" else _sign(look, box)
    drawn = together(
        cell,
        sign,
        text(box.x + 5, box.y + 14, fitted(short, 12, box.width - 22), "short"),
        text(box.x + 5, box.y + 27, fitted(told.words[0], 10, box.width - 8), "tiny"),
    )
    called = _("Compartment {name}").format(name=name)
    return thing("compartment", called, told, drawn, href=href("compartment", name), hit=None, tip=False)


def _sign(look: str, box: Box) -> Markup:
    """Padlock of a cell, its open door, its broken one, or its cut line."""
    x, y = box.right - 16, box.y + 3
    if look == "cut":
        return scissors(box.right - 30, box.y + 10)
    if look == "open":
        return path(f"M{box.x + 1} {box.y + 1}l-7 6v{box.height - 6}l7 -2z", "flap")
    if look == "forced":
        return path(f"M{box.right - 18} {box.y + 2}l4 5l-4 4l6 5l-3 5", "broken")
    return lock_sign(look, x, y)
