"""What the core wants done. Effects are imperative; the loop carries them out around the log.

Rule: Secure and Raise come before the log, everything else after it (design: secure, remember, then open).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from controller.core.words import Reason

Body = dict[str, Any]  # an Entry as the log keeps it, before it is numbered


class Signal(StrEnum):
    """What lamp and sounder of a reader show outside."""

    IDLE = "idle"
    PENDING = "pending"
    GRANTED = "granted"
    REFUSED = "refused"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Secure:
    """Drop this bolt now."""

    lock: str


@dataclass(frozen=True, slots=True)
class Release:
    """Draw this bolt until room time ``until``; whoever carries it out drops it by itself then."""

    lock: str
    until: int


@dataclass(frozen=True, slots=True)
class Show:
    """Lamp and sounder of a reader; not before room time ``at``, so that every refusal takes as long."""

    reader: str
    signal: Signal
    at: int = 0


@dataclass(frozen=True, slots=True)
class Display:
    """Show a text on a panel until room time ``until``, in place of the one of the same ``notice``.

    An empty text takes that one off. Lines of the text begin rows.
    """

    panel: str
    notice: str
    text: str
    until: int


@dataclass(frozen=True, slots=True)
class Raise:
    """Call the guard. A silent alarm sounds nowhere in the room."""

    alarm: str
    place: str
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Silence:
    """An alarm was acknowledged."""

    alarm: str
    place: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """One picture: of this camera, so many milliseconds after the event (negative: before it)."""

    camera: str
    moment: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Pictures of this place, around room time ``at``.

    ``shot`` numbers Snapshots from 1 on, for ever; ``seals`` are the subjects all of whose keys are needed to
    see them; ``time`` and ``clock`` are what the Entry says, for the caption. Within ``patience_ms`` of the
    last moment of a part it is told what became of it: a door may wait for that, and no longer.
    """

    place: str
    why: str
    at: int
    shot: int = 0
    wanted: tuple[Wanted, ...] = ()
    seals: tuple[str, ...] = ()
    time: str = ""
    clock: str = ""
    patience_ms: int = 2_000


@dataclass(frozen=True, slots=True)
class LearnCameras:
    """Take what these cameras see now as what they should see."""

    cameras: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Personalise:
    """Make the next card at this reader a badge of this level, until room time ``until``.

    ``taken``: numbers of cards that are badges already. A card that shows one of them and says that it is
    blank would be told the keys of that badge, so it is not written to.
    """

    reader: str
    level: str
    until: int
    taken: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Wait no longer for the card that is to be made a badge here; one that is being made is finished."""

    reader: str


@dataclass(frozen=True, slots=True)
class PairReader:
    """Give this reader or board a new key, until room time ``until``."""

    device: str
    until: int


@dataclass(frozen=True, slots=True)
class LearnLoops:
    """Take what these supervised lines measure now as what they measure at rest."""

    lines: tuple[str, ...]


Effect = (
    Secure
    | Release
    | Show
    | Display
    | Raise
    | Silence
    | Snapshot
    | LearnCameras
    | Personalise
    | Withdraw
    | PairReader
    | LearnLoops
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a badge or an Asking: accepted, or the reason and what would have satisfied it."""

    reason: Reason | None = None
    need: str = ""
    more: Body = field(default_factory=dict)

    @property
    def accepted(self) -> bool:
        """True when nothing was refused."""
        return self.reason is None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The whole answer of one step: effects in order, Entries in order, and the answer to who asked."""

    effects: tuple[Effect, ...]
    entries: tuple[Body, ...]
    answer: Answer | None = None
