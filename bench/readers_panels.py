"""A panel that is measured, and ours. Rule: each tells a card the moment its own code is told of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from threading import Event
from time import monotonic

from hardware.osdp import OsdpBus, Peripheral
from hardware.osdp.transparent_reading import CardReading
from hardware.signals import CardRead, DeviceBack, DeviceLost, Signal

Seen = Callable[[str, float], None]
PATIENCE_S = 30.0


class Panel(ABC):
    """A panel on a line; tells each card to ``seen`` with the moment it is told."""

    @abstractmethod
    def __init__(self, port: str, keys: Sequence[bytes], seen: Seen) -> None:
        """Opens nothing yet."""

    @abstractmethod
    def start(self) -> None:
        """Starts, and waits until every reader is there. Raises TimeoutError."""

    @abstractmethod
    def stop(self) -> None:
        """Ends its thread and frees the port."""


class OwnPanel(Panel):
    """The driver of this product. With ``reading``, a card counts when it has proved its key."""

    def __init__(
        self, port: str, keys: Sequence[bytes], seen: Seen, reading: CardReading | None = None
    ) -> None:
        readers = [Peripheral(n, f"r{n}", key, reading=reading) for n, key in enumerate(keys, start=1)]
        self._missing = {reader.device for reader in readers}
        self._all = Event()
        self._seen = seen
        self._bus = OsdpBus(port, peripherals=readers, sink=self._take)

    def start(self) -> None:
        """Starts, and waits until every reader is there."""
        self._bus.start()
        if not self._all.wait(PATIENCE_S):
            raise TimeoutError(f"our panel does not find {', '.join(sorted(self._missing))}")

    def stop(self) -> None:
        """Ends the driver."""
        self._bus.stop()

    def _take(self, signal: Signal) -> None:
        match signal:
            case CardRead(_, token):
                self._seen(token, monotonic())
            case DeviceBack(device):
                self._missing.discard(device)
            case DeviceLost(device):
                self._missing.add(device)
        if not self._missing:
            self._all.set()
