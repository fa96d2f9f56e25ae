"""Waiting for the end of an order that takes its time, and telling it: a badge, a pairing, a loop.

Rule: the end is asked for at the gate, so that it is the same news that everybody else sees.
"""

from __future__ import annotations

from collections.abc import Iterable
from threading import Event

from controller.gate_client import GateClient, Told

LOOK_S = 0.2
NEVER: Told = {"why": "the controller has forgotten it; ironroom log show tells what became of it"}


def ends_of(gate: GateClient, running: str, places: Iterable[str]) -> dict[str, Told]:
    """How each of the orders at ``places`` ended; ``running`` is where the view lists those that have not.

    Waits as long as the controller does, which gives each order its time. Raises OSError when it is gone.
    """
    wanted = frozenset(places)
    view = gate.look()
    while wanted & set(view[running]):
        Event().wait(LOOK_S)
        view = gate.look()
    return {place: view["became"].get(place, NEVER) for place in sorted(wanted)}


def why_of(end: Told) -> str:
    """Why an order came to nothing, as the end of a sentence."""
    return str(end.get("why") or end.get("reason", ""))
