"""Cameras in the plan: what each photographs, and which pictures belong to an event. Rule: see plan.py."""

from __future__ import annotations

from dataclasses import dataclass

SECOND = 1_000


@dataclass(frozen=True, slots=True)
class CameraPlan:
    """One camera: ``sees`` names rooms, doors, windows and cabinets it photographs, empty for all.

    ``watches`` names the room whose Occupancy is compared with what it sees; empty: none.
    """

    name: str
    sees: tuple[str, ...] = ()
    watches: str = ""


@dataclass(frozen=True, slots=True)
class ShotPlan:
    """Which cameras photograph an event (empty: those that see its place), and when around it."""

    cameras: tuple[str, ...] = ()
    moments: tuple[int, ...] = (-2 * SECOND, 0, 2 * SECOND)
