"""A panel as it is wired. Rule: see plan.py."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PanelPlan:
    """A display that tells of signed commands; ``room``: of this room only, empty: of all."""

    name: str
    room: str = ""
