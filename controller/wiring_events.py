"""What a Signal of a driver means to the core. Rule: a translation and nothing else; it decides nothing.

Rule: a part of wiring.py, which with its parts and board.py alone knows both the core and the hardware.
"""

from __future__ import annotations

from collections.abc import Mapping

from controller import pin_entry
from controller.core.events import (
    BadgeMade,
    BadgeNotMade,
    BadgeRead,
    DeviceBack,
    DeviceLost,
    DeviceNoisy,
    Event,
    InputLevel,
    Level,
    LoopLearned,
    LoopMoved,
    PairingFailed,
    PinTyped,
    ReaderPaired,
    ReleaseDropped,
)
from controller.core.plan import Role, SitePlan
from controller.device_addresses import Address, BoardAddress, LoopAddress
from hardware import signals
from hardware.signals import Signal


class Meanings:
    """The translation for one site."""

    def __init__(self, plan: SitePlan, devices: Mapping[str, Address]) -> None:
        self._pins = pin_entry.PinEntry()
        self._falls_with = _door_lines(plan, devices)

    def events(self, at: int, signal: Signal) -> list[Event]:  # noqa: C901, PLR0911, PLR0912 - one line a Signal
        """What a Signal means to the core."""
        match signal:
            case signals.CardRead(device, token, scheme, uid, counter, fault, took_ms):
                return [BadgeRead(at, device, token, scheme, uid, counter, fault or "", took_ms)]
            case signals.KeysTyped(device, digits):
                return [PinTyped(at, device, pin) for pin in self._pins.typed(device, digits, at)]
            case signals.LineLevel(line, level):
                return [InputLevel(at, line, Level(level.value))]
            case signals.TamperLevel(device, active):
                cover = Level.ACTIVE if active else Level.NORMAL
                return [InputLevel(at, f"{device}.tamper", cover)]
            case signals.PowerLevel(device, lost):
                supply = Level.ACTIVE if lost else Level.NORMAL
                return [InputLevel(at, f"{device}.power", supply)]
            case signals.DeviceLost(device, why, suspect):
                return [DeviceLost(at, name, why, suspect) for name in self._gone_with(device)]
            case signals.DeviceBack(device):
                return [DeviceBack(at, name) for name in self._gone_with(device)]
            case signals.DeviceNoisy(device, quiet):
                return [DeviceNoisy(at, device, quiet)]
            case signals.LateRelease(line, late_ms):
                return [ReleaseDropped(at, line, late_ms)]
            case signals.BadgeMade(device, scheme, token, uid):
                return [BadgeMade(at, device, scheme, token, uid)]
            case signals.BadgeNotMade(device, why, uid):
                return [BadgeNotMade(at, device, why, uid)]
            case signals.ReaderPaired(device, identity):
                return [ReaderPaired(at, device, identity)]
            case signals.PairingFailed(device, why):
                return [PairingFailed(at, device, why)]
            case signals.LoopLearned(line, ppm):
                return [LoopLearned(at, line, ppm)]
            case signals.LoopMoved(line, ppm, learned, drift):
                return [LoopMoved(at, line, ppm, learned, drift)]
            case signals.WallClock():
                return []  # the loop's own affair: it alone knows what the clock said before

    def _gone_with(self, device: str) -> tuple[str, ...]:
        return (device, *self._falls_with.get(device, ()))


def _door_lines(plan: SitePlan, devices: Mapping[str, Address]) -> dict[str, tuple[str, ...]]:
    """Contacts and bolt senses of doors by the board or converter they hang on: lost with it."""
    found: dict[str, tuple[str, ...]] = {}
    for line, address in devices.items():
        point = plan.inputs.get(line)
        home = _home(address)
        if home and point and point.role in {Role.CONTACT, Role.BOLT} and point.at in plan.doors:
            found[home] = (*found.get(home, ()), line)
    return found


def _home(address: Address) -> str:
    match address:
        case BoardAddress(board=board):
            return board
        case LoopAddress(converter=converter):
            return converter
        case _:
            return ""
