"""Cameras and their sight, and readers beside doors. Rule: one that is lost is crossed out, not gone."""

from __future__ import annotations

from markupsafe import Markup

from web.plan.draw import Href, cross, question, thing
from web.plan.floor import Box, Spot
from web.plan.measures import CAMERA_SLOT
from web.plan.seen import Seen
from web.plan.svg import fitted, path, rect, text, together
from web.plan.told import camera_told, reader_told

REACH = 64


def camera(seen: Seen, name: str, spot: Spot, href: Href) -> Markup:
    """One camera on a side wall: its body, its cone of sight, its name and how it is."""
    _ = seen.say
    told = camera_told(seen, name)
    x, y, way = spot.x, spot.y, -1 if spot.left else 1
    bad = "camera-bad" in told.looks
    aside = "word tiny ended" if spot.left else "word tiny"
    edge = x + 8 if spot.left else x - 8
    drawn = together(
        path(f"M{x} {y}l{way * REACH} -6v52z", "cone"),
        rect((x - 8, y - 6, 16, 12), "camera-body", rx=2),
        path(f"M{x + way * 8} {y - 4}l{way * 6} -3v14l{-way * 6} -3z", "camera-body"),
        cross(x - 10, y - 10, 20) if bad else Markup(""),
        question(x + way * 26, y + 6) if "camera-unknown" in told.looks else Markup(""),
        text(edge, y + 20, fitted(name, 11, REACH), f"{aside} camera-name"),
        text(edge, y + 32, fitted(told.words[0], 10, REACH), aside),
    )
    called = _("Camera {name}").format(name=name)
    left = x - REACH + 10 if spot.left else x - 14
    hit = Box(left, y - 14, REACH + 4, CAMERA_SLOT - 4)
    return thing("camera", called, told, drawn, href=href("camera", name), hit=hit)


def reader(seen: Seen, name: str, spot: Spot, href: Href) -> Markup:
    """One reader: a small case that shows what its lamp shows."""
    _ = seen.say
    told = reader_told(seen, name)
    x, y, look = spot.x, spot.y, told.looks[0]
    drawn = together(
        rect((x, y, 14, 18), "reader-case", rx=3),
        _lamp(look, x, y),
        cross(x - 1, y + 1, 16) if look == "reader-lost" else Markup(""),
        _lost(told.words[0], spot) if look == "reader-lost" else Markup(""),
    )
    called = _("Reader {name}").format(name=name)
    hit = Box(x - 5, y - 3, 24, 24)
    return thing("reader", called, told, drawn, href=href("reader", name), hit=hit)


def _lamp(look: str, x: int, y: int) -> Markup:
    """What the lamp of a reader shows, as a shape: ready, waiting, granted, refused."""
    if look == "reader-granted":
        return path(f"M{x + 3} {y + 9}l3 4l5 -8", "lamp")
    if look == "reader-refused":
        return path(f"M{x + 4} {y + 6}l6 6M{x + 10} {y + 6}l-6 6", "lamp")
    if look in {"reader-pending", "reader-wait"}:
        return path(f"M{x + 3} {y + 9}h1M{x + 7} {y + 9}h1M{x + 11} {y + 9}h1", "lamp")
    if look == "reader-unknown":
        return path(f"M{x + 5} {y + 6}q2 -3 4 0q0 2 -2 3v2M{x + 7} {y + 14}v1", "lamp")
    return path(f"M{x + 4} {y + 6}h6M{x + 4} {y + 10}h6", "lamp")


def _lost(word: str, spot: Spot) -> Markup:
    """That a reader does not answer, beside it; below and leftwards where a door's leaf is to the right."""
    if spot.left:
        return text(spot.x + 14, spot.y + 32, word, "word tiny ended")
    return text(spot.x + 20, spot.y + 14, word, "word tiny")
