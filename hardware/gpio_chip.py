"""The one place that knows which library moves the pins: RPi.GPIO as rpi-lgpio provides it.

Rule 1: without the library the program refuses to start; there is no silent stand-in.
Rule 2: a pin belongs to one board at a time, which neither RPi.GPIO nor lgpio watches inside a process.
"""

import threading
from collections.abc import Callable, Iterable
from importlib import import_module
from types import ModuleType

from hardware.pins import Pin, PinError, Pull


class GpioError(Exception):
    """The pins cannot be driven: library missing, chip missing or busy. The sentence is for people."""


_CLAIMED: set[int] = set()
_CLAIMING = threading.Lock()


class Chip:
    """Typed, narrow access to RPi.GPIO. Every method raises GpioError when the wire refuses."""

    def __init__(self) -> None:
        self.on_made_again: Callable[[], None] = lambda: None
        self._gpio = _library()
        # lgpio raises its own class, RPi.GPIO plain RuntimeError and ValueError.
        self._errors: tuple[type[Exception], ...] = (
            RuntimeError,
            ValueError,
            OSError,
            self._gpio.lgpio.error,
        )
        self._pins: set[int] = set()
        try:
            self._gpio.setmode(self._gpio.BCM)
        except self._errors as error:
            raise GpioError(f"the GPIO chip cannot be opened: {error}") from error

    def claim(self, pins: Iterable[Pin]) -> None:
        """Reserve pins for this board; PinError when one is already taken or named twice."""
        wanted = list(pins)
        with _CLAIMING:
            for pin in wanted:
                if pin.bcm in _CLAIMED:
                    self._let_go()
                    raise PinError(f"{pin.name} (BCM {pin.bcm}) is used twice; every pin serves one line")
                self._pins.add(pin.bcm)
                _CLAIMED.add(pin.bcm)

    def release_claims(self) -> None:
        """Give the reserved pins back; levels and directions stay as they are."""
        with _CLAIMING:
            self._let_go()

    def make_output(self, pin: Pin, *, on: bool) -> None:
        """Direction and level in one step, so that the pin is never driven the wrong way in between."""
        try:
            self._gpio.setup(pin.bcm, self._gpio.OUT, initial=pin.level(on=on))
        except self._errors as error:
            raise GpioError(f"{pin.name} (BCM {pin.bcm}) cannot be an output: {error}") from error

    def make_input(self, pin: Pin) -> None:
        """An input with the resistor that the table of pins names."""
        gpio = self._gpio
        pulls = {Pull.NONE: gpio.PUD_OFF, Pull.UP: gpio.PUD_UP, Pull.DOWN: gpio.PUD_DOWN}
        try:
            gpio.setup(pin.bcm, gpio.IN, pull_up_down=pulls[pin.pull])
        except self._errors as error:
            raise GpioError(f"{pin.name} (BCM {pin.bcm}) cannot be an input: {error}") from error

    def watch(self, pin: Pin, edge: Callable[[Pin], None]) -> None:
        """Call ``edge`` from the library's thread at both edges of an input."""
        try:
            self._gpio.add_event_detect(pin.bcm, self._gpio.BOTH, callback=lambda _: edge(pin))
        except self._errors as error:
            raise GpioError(f"{pin.name} (BCM {pin.bcm}) has no edge detection: {error}") from error

    def unwatch(self, pin: Pin) -> None:
        """Free an input; nothing is left behind when the chip is already gone."""
        try:
            self._gpio.cleanup(pin.bcm)
        except self._errors:
            self._gpio.remove_event_detect(pin.bcm)

    def write(self, pin: Pin, *, on: bool) -> None:
        """Energise or rest an output, and see that it stands so; GpioError when it does not.

        A chip that has lost its supply for a moment takes a level and drives nothing with it: the pin
        rests as an input, which the kernel does not know. Then it is made an output again, in one step.
        """
        try:
            self._gpio.output(pin.bcm, pin.level(on=on))
        except self._errors as error:
            raise GpioError(f"{pin.name} (BCM {pin.bcm}) cannot be written: {error}") from error
        if self.read(pin) is not on:
            self.make_again(pin, on=on)

    def make_again(self, pin: Pin, *, on: bool) -> None:
        """Make an output that has forgotten its direction one again; GpioError when it still does not stand.

        ``on_made_again`` is called then: whatever else hangs on this chip has lost its setting too.
        """
        self.make_output(pin, on=on)
        if self.read(pin) is not on:
            raise GpioError(f"{pin.name} (BCM {pin.bcm}) does not stand as it was written")
        self.on_made_again()

    def read(self, pin: Pin) -> bool:
        """Whether an input or an output is on, by its polarity."""
        try:
            return pin.is_on(self._gpio.input(pin.bcm))
        except self._errors as error:
            raise GpioError(f"{pin.name} (BCM {pin.bcm}) cannot be read: {error}") from error

    def _let_go(self) -> None:
        _CLAIMED.difference_update(self._pins)
        self._pins.clear()


def _library() -> ModuleType:
    try:
        gpio = import_module("RPi.GPIO")
        import_module("lgpio")
    except (ImportError, RuntimeError, NotImplementedError, OSError) as error:
        raise GpioError(
            f"RPi.GPIO cannot be used here ({error}): install ironroom[pi] and run it on a Raspberry Pi",
        ) from error
    gpio.setwarnings(False)
    return gpio
