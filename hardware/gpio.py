"""The controller's own pins as a board: bolts, siren, supervised zones, lamps. No policy.

Rule 1: a board that exists is a board whose bolts are all bolted; stopping it bolts them again, and so
does a program that ends without stopping it.
Rule 2: what happens on the wire comes back as Signals; only misuse and a missing chip raise.
"""

import atexit
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType

from hardware.gpio_chip import Chip, GpioError
from hardware.gpio_inputs import Inputs
from hardware.gpio_outputs import Outputs
from hardware.pins import InputZone, LampPins, OutputPin, Pin, PinError
from hardware.signals import DeviceBack, DeviceLost, Lamp, Sink

__all__ = ["LAMPS", "GpioBoard", "GpioError"]

# Red, green, sounder.
LAMPS: Mapping[Lamp, tuple[bool, bool, bool]] = MappingProxyType(
    {
        Lamp.IDLE: (False, False, False),
        Lamp.PENDING: (True, True, False),
        Lamp.GRANTED: (False, True, False),
        Lamp.REFUSED: (True, False, True),
        Lamp.WAIT: (True, False, False),
    },
)


class GpioBoard:
    """Drives the pins of one controller board through RPi.GPIO.

    Construction claims every output bolted, direction and level in one step. ``sink`` is called from the
    board's threads and from the caller's, never with a lock held; it must not block. Of the bolts in
    ``one_at_a_time`` (solenoids of cabinets on one supply; never a way out) no two are released at once:
    a release waits until the other one has ended, and comes back as LateRelease if its own end is first.
    Four times a second every output is read back: one that does not stand as commanded, as after a
    brown-out, is reported lost, bolted (a siren: as told) and reported back; a release is not resumed.

    Raises GpioError when RPi.GPIO or the chip is missing or a pin is busy, PinError when a pin or a name
    is used twice or ``one_at_a_time`` names what is no bolt.
    """

    def __init__(
        self,
        outputs: Sequence[OutputPin],
        inputs: Sequence[InputZone],
        lamps: Sequence[LampPins],
        *,
        sink: Sink,
        one_at_a_time: Collection[str] = (),
    ) -> None:
        _no_name_twice([o.line for o in outputs] + [z.line for z in inputs])
        _no_name_twice([lamp.device for lamp in lamps])
        self._sink = sink
        self._lamps = {lamp.device: lamp for lamp in lamps}
        self._dark: set[str] = set()
        self._stopped = False
        self._chip = Chip()
        self._chip.claim(_all_pins(outputs, inputs, lamps))
        try:
            self._outputs = Outputs(self._chip, outputs, sink, one_at_a_time)
            for pin in _lamp_pins(lamps):
                self._chip.make_output(pin, on=False)
        except (GpioError, PinError):
            self._chip.release_claims()
            raise
        self._inputs = Inputs(self._chip, inputs, sink)
        self._chip.on_made_again = self._inputs.renew

    def start(self) -> None:
        """Accept releases and watch the inputs; every input's level is reported once it has lasted."""
        atexit.register(self.stop)
        self._outputs.start()
        try:
            self._inputs.start()
        except GpioError:
            self.stop()
            raise

    def stop(self, *, leave_latching: bool = False) -> None:
        """Bolt everything, lamps dark, inputs freed. ``leave_latching`` lets a sounding siren sound.

        The outputs stay claimed and driven until the process ends: a freed pin floats. What a magnet does
        after that is the kernel's affair (OutputPin).
        """
        atexit.unregister(self.stop)
        if self._stopped:
            return
        self._stopped = True
        self._outputs.stop(leave_latching=leave_latching)
        self._inputs.stop()
        for device in self._lamps:
            self.show(device, Lamp.IDLE)
        self._chip.release_claims()

    def release(self, line: str, until_monotonic: float) -> None:
        """Release a bolt until a monotonic second, when the board drops it by itself.

        The newest end counts. One already past is not carried out and comes back as LateRelease, and so
        does one of ``one_at_a_time`` that had to wait longer than that.
        Raises PinError for a line that is no bolt, ValueError for an end that is not finite,
        GpioError while the board is not started.
        """
        self._outputs.release(line, until_monotonic)

    def secure(self, line: str) -> None:
        """Bolt one line at once; if the wire refuses, it is reported and tried again until it holds."""
        self._outputs.secure(line)

    def secure_all(self) -> None:
        """Bolt every bolt at once; latching outputs stay as they are."""
        self._outputs.secure_all()

    def set(self, line: str, on: bool) -> None:
        """Switch a latching output such as the siren; PinError for a bolt."""
        self._outputs.set(line, on=on)

    def level(self, line: str) -> bool:
        """Whether an output is energised, read back from the chip; GpioError when it cannot be read."""
        return self._outputs.level(line)

    def show(self, device: str, lamp: Lamp) -> None:
        """Set lamp and sounder of a reader; a lamp that cannot be set is reported lost, once."""
        pins = self._lamps[device]
        try:
            for pin, on in zip((pins.red, pins.green, pins.sounder), LAMPS[lamp], strict=True):
                self._chip.write(pin, on=on)
        except GpioError as error:
            self._lamp_lost(device, str(error))
            return
        if device in self._dark:
            self._dark.discard(device)
            self._sink(DeviceBack(device))

    def _lamp_lost(self, device: str, why: str) -> None:
        if device not in self._dark:
            self._dark.add(device)
            self._sink(DeviceLost(device, why))


def _lamp_pins(lamps: Sequence[LampPins]) -> Iterable[Pin]:
    return (pin for lamp in lamps for pin in (lamp.red, lamp.green, lamp.sounder))


def _all_pins(
    outputs: Sequence[OutputPin], inputs: Sequence[InputZone], lamps: Sequence[LampPins]
) -> list[Pin]:
    zones = (pin for zone in inputs for pin in zone.pins)
    return [*(output.pin for output in outputs), *zones, *_lamp_pins(lamps)]


def _no_name_twice(names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise PinError(f"{', '.join(twice)}: the name is used twice on this board")
