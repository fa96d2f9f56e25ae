"""The guided tour: what a newcomer sees in the first minute.

Rule: a tour only presses the keys that a visitor of the demo has too.
"""

from __future__ import annotations

from collections.abc import Callable

from controller.demo_room import DemoRoom

WALK_MS = 2_500  # a little longer than the site takes one to walk between two readers
Act = Callable[[DemoRoom], object]


def _quiet(_room: DemoRoom) -> None:
    """Only the sentence changes."""


def _badge(person: str, reader: str) -> Act:
    def act(room: DemoRoom) -> None:
        room.scene.chosen = person
        room.badge(reader)

    return act


def _badge_after_walk(person: str, reader: str) -> Act:
    """Badge once one can have walked there: sooner, it would be one badge in two places."""

    def act(room: DemoRoom) -> bool:
        seen = [
            int(one["at"]) for one in room.scene.entries if person in one.get("who", ()) and "reader" in one
        ]
        if seen and int(room.scene.view["at"]) - seen[-1] <= WALK_MS:
            return False
        _badge(person, reader)(room)
        return True

    return act


def _copied(person: str, reader: str) -> Act:
    def act(room: DemoRoom) -> bool:
        if not room.badges.proves(person):
            return False
        room.scene.chosen = person
        room.copied(reader)
        return True

    return act


def _asked_after_the_badge(compartment: str, reader: str) -> Act:
    def act(room: DemoRoom) -> bool:
        if not any((one["kind"], one.get("place")) == ("pending", reader) for one in room.scene.entries[-4:]):
            return False
        room.take(compartment)
        return True

    return act


def _push(door: str) -> Act:
    return lambda room: room.push(door)


def _shut(door: str) -> Act:
    return lambda room: room.shut(door)


def _through(door: str) -> tuple[tuple[float, str, Act], ...]:
    return ((1.0, "", _push(door)), (2.0, "", _shut(door)), (0.4, "", _quiet))


def _cover(room: DemoRoom) -> None:
    room.cover()


def _uncover_once_seen(room: DemoRoom) -> bool:
    """Uncover the camera, but only after the guard was told; the wire is mended too."""
    if room.cameras and room.cameras.covered:
        if not any(
            one["condition"] not in {None, "back"} for one in (room.scene.eyes or {}).get("cameras", ())
        ):
            return False
        room.cover()
    room.cut()
    return True


def _look(room: DemoRoom) -> None:
    room.look()


# Seconds to wait before, the sentence, and what happens.
TOUR: tuple[tuple[float, str, Act], ...] = (
    (0.5, "Nobody is alone with what lies inside. Watch.", _quiet),
    (
        3.0,
        "Li Wei's badge proves itself by a key. Somebody copied its number: refused, and the guard knows.",
        _copied("li", "outer.in"),
    ),
    (
        4.0,
        "Li Wei opens the outer door alone: it leads only into the passage.",
        _badge("li", "outer.in"),
    ),
    *_through("outer"),
    (
        0.5,
        "Wang Fang follows; the inner door stays locked while the outer is open.",
        _badge("wang", "outer.in"),
    ),
    *_through("outer"),
    (
        0.5,
        "Li Wei badges at the vault. One person opens nothing: the room waits 15 s.",
        _badge("li", "main.in"),
    ),
    (
        4.0,
        "Wang Fang badges. The grant and its pictures are on disk before the bolt moves.",
        _badge("wang", "main.in"),
    ),
    *_through("main"),
    (
        0.3,
        "Whoever looks at the pictures is written down first; then they open.",
        _look,
    ),
    (
        3.5,
        "Both are inside, by name. Two badges at the cabinet, and one compartment opens.",
        _badge_after_walk("li", "c1"),
    ),
    (1.2, "", _asked_after_the_badge("c1.b", "c1")),
    (0.8, "", _badge_after_walk("wang", "c1")),
    (1.2, "", lambda room: room.box("c1.b", ajar=True)),
    (2.0, "", lambda room: room.box("c1.b", ajar=False)),
    (
        1.5,
        "Wang Fang leaves. Leaving is never refused, but now one person is alone.",
        _badge("wang", "main.out"),
    ),
    *_through("main"),
    (3.0, "After 30 s alone the alarm would sound. Li Wei leaves in time.", _badge("li", "main.out")),
    *_through("main"),
    (1.5, "Somebody covers the camera before the vault door: in 3 s the guard knows.", _cover),
    (
        2.5,
        "Somebody cuts the wire of the window: cut is not open, it is tamper.",
        lambda room: room.cut(),
    ),
    (2.5, "", _uncover_once_seen),
    (2.0, "The plug is pulled. Bolts stay locked, and the log remembers.", lambda room: room.plug()),
    (3.0, "", lambda room: room.plug()),
    (
        4.0,
        "The controller is back and knows who is inside. A guard takes note of the alarms.",
        lambda room: room.note(),
    ),
    (3.0, "Your turn: choose a person with 1 to 7, badge with a s d f g, walk with o p.", _quiet),
)
