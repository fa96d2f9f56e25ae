"""The site: the only place where the machines meet.

Rule 1: ``step`` is pure but for the state it owns: no clock, no I/O, no threads.
Rule 2: what falls due is settled at the moment it fell due, before the event that came later.
Rule 3: the couplings between machines stand in ``COUPLINGS`` and are asked after everything that happens.
"""

from __future__ import annotations

from collections.abc import Callable

from controller.core import (
    camera_orders,
    carriers,
    commissioning,
    compartment,
    console,
    custody,
    devices,
    inputs,
    issuing,
    judging,
    looking,
    passage,
    pictures,
    pins,
    presenting,
    starting,
    waiting,
    witnessing,
)
from controller.core.deadlines import next_due
from controller.core.effects import Outcome, Show, Signal
from controller.core.events import (
    Asking,
    BadgeMade,
    BadgeNotMade,
    BadgeRead,
    CameraLearned,
    CameraSeen,
    ClockJumped,
    ConsoleNews,
    DeviceBack,
    DeviceLost,
    DeviceNoisy,
    Event,
    InputLevel,
    LogNews,
    LoopLearned,
    LoopMoved,
    PairingFailed,
    PicturesTaken,
    PinTyped,
    ReaderPaired,
    ReleaseDropped,
    RoomSeen,
    Started,
    Stopped,
    TagGone,
    TagSeen,
    TimePassed,
    Witnessed,
)
from controller.core.plan import SitePlan
from controller.core.presence import two_stay
from controller.core.signals import shown_at, shown_from
from controller.core.state import DoorPhase, State
from controller.core.turn import Moment, Turn
from controller.core.words import Kind


class Site:
    """A room that opens for two: holds the state, and answers every event with an Outcome."""

    def __init__(self, plan: SitePlan, pepper: bytes = b"", state: State | None = None) -> None:
        self.plan = plan
        self.pepper = pepper
        self.state = state or State()
        self.moment = Moment()

    @property
    def deadline(self) -> int | None:
        """Room time at which ``step`` must be called at the latest, in milliseconds."""
        due = next_due(self.plan, self.state, self.moment)
        return None if due is None else max(due[0], self.state.at)

    def step(self, event: Event) -> Outcome:
        """Settle what fell due, then the event; times never run backwards."""
        turn = Turn(self.plan, self.state, self.moment, self.pepper, max(event.at, self.state.at))
        if not isinstance(event, Started):
            self._settle(turn)
        self.state.at = turn.at
        _happen(turn, event)
        _couple(turn)
        return Outcome(tuple(turn.effects), tuple(turn.entries), turn.answer)

    def _settle(self, turn: Turn) -> None:
        until = turn.at
        while (due := next_due(self.plan, self.state, self.moment)) and due[0] <= until:
            turn.at = self.state.at = max(due[0], self.state.at)
            due[1](turn)
            _couple(turn)
        turn.at = until

    def egress_is_free(self, door: str) -> bool:
        """Tell whether a person inside can leave by this door now: press the button in a copy and look.

        Where an interlock makes them wait, nothing but time may be needed, and no more than its limit.
        """
        if not self.state.door(door).bolted:
            return True
        plan = self.plan.doors[door]
        copy = Site(self.plan, self.pepper, self.state.copy())
        passage.rex(Turn(self.plan, copy.state, copy.moment, self.pepper, self.state.at), plan)
        limit = self.state.at + plan.egress_wait_ms
        while copy.state.door(door).bolted and (copy.deadline or limit + 1) <= limit:
            copy.step(TimePassed(copy.deadline or limit))
        return copy.state.door(door).phase is DoorPhase.RELEASED


def _happen(turn: Turn, event: Event) -> None:  # noqa: C901, PLR0912, PLR0915 - the one list of everything that happens
    match event:
        case TimePassed():
            pass
        case Started():
            starting.started(turn, event)
        case BadgeRead():
            presenting.badge(turn, event)
        case PinTyped():
            pins.typed(turn, event)
        case InputLevel():
            inputs.reported(turn, event)
        case DeviceLost():
            devices.lost(turn, event)
        case DeviceBack():
            devices.back(turn, event)
        case DeviceNoisy():
            devices.noisy(turn, event)
        case CameraSeen():
            devices.camera(turn, event)
        case CameraLearned():
            camera_orders.told(turn, event)
        case PicturesTaken():
            pictures.taken(turn, event)
        case RoomSeen():
            looking.seen(turn, event)
        case ClockJumped():
            devices.clock(turn, event)
        case TagSeen():
            carriers.seen(turn, event)
        case TagGone():
            carriers.gone(turn, event)
        case ReleaseDropped():
            devices.dropped(turn, event)
        case LogNews():
            custody.told(turn, event)
        case ConsoleNews():
            console.told(turn, event)
        case Witnessed():
            witnessing.reported(turn, event)
        case BadgeMade():
            issuing.made(turn, event)
        case BadgeNotMade():
            issuing.not_made(turn, event)
        case ReaderPaired():
            commissioning.paired(turn, event)
        case PairingFailed():
            commissioning.pairing_failed(turn, event)
        case LoopLearned():
            commissioning.learned(turn, event)
        case LoopMoved():
            commissioning.moved(turn, event)
        case Stopped():
            turn.write(Kind.STOPPED)
        case Asking():
            judging.judge(turn, event)


def _too_few(turn: Turn) -> None:
    """No compartment stays released with fewer than two confirmed people who stay inside."""
    for room in turn.plan.rooms:
        if not two_stay(turn.plan, turn.state, room, turn.at):
            compartment.lock_out(turn, room)


def _lamps(turn: Turn) -> None:
    """Every reader shows what is so."""
    for reader in turn.plan.readers.values():
        signal = shown_at(turn, reader)
        if turn.moment.shown.get(reader.name, Signal.IDLE) is not signal:
            turn.moment.shown[reader.name] = signal
            turn.do(Show(reader.name, signal, shown_from(turn, reader.name, signal)))


COUPLINGS: tuple[Callable[[Turn], None], ...] = (
    waiting.settle,
    passage.beside_open,
    passage.waiting_exits,
    _too_few,
    witnessing.watch,
    looking.watch,
    _lamps,
)


def _couple(turn: Turn) -> None:
    for coupling in COUPLINGS:
        coupling(turn)
