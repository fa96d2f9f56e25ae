"""Where a camera hangs on the plan, from what it sees. Rule: a guess of the drawing, and never of the room.

The site file says what a camera photographs, not where it is: it is drawn in the room it watches, else in
the room or passage of the first thing it sees, else, if it sees everything, in the first room.
"""

from __future__ import annotations

from web.plan.shape import Camera, Shape


def homes(shape: Shape) -> dict[str, str]:
    """Room of each camera, or the first outer door of the passage in which it hangs."""
    before = {door: p.outer[0] for p in shape.passages for door in (*p.outer, *p.inner)}
    found = {camera.name: _home(camera, shape, before) for camera in shape.cameras}
    return {name: home for name, home in found.items() if home}


def _home(camera: Camera, shape: Shape, before: dict[str, str]) -> str:
    if camera.watches in shape.rooms:
        return camera.watches
    for thing in camera.sees:
        if thing in before:
            return before[thing]
        if room := shape.room_of(thing):
            return room
    return next(iter(shape.rooms), next(iter(before.values()), ""))
