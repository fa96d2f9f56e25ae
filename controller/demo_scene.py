"""What the demo shows a person, as values: figures, doors as they stand, the room's view and its Entries.

Rule: nothing is decided here; ``view`` and ``entries`` come from the running controller.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Any

Words = Callable[[str], str]


@dataclass(slots=True)
class Scene:
    """What the demo knows beside the controller: figures, doors as they stand, and what is said."""

    names: Mapping[str, str]
    places: dict[str, str] = field(default_factory=dict)
    ajar: dict[str, bool] = field(default_factory=dict)
    chosen: str = ""
    said: str = ""
    running: bool = True
    view: Mapping[str, Any] = field(default_factory=dict)
    eyes: Mapping[str, Any] | None = None  # what the controller knows of recorder and cameras
    entries: Sequence[Mapping[str, Any]] = ()
    wall: Sequence[str] = ()  # what the panel at the vault shows
    marks: Mapping[str, str] = field(default_factory=dict)
    zone: tzinfo = UTC
