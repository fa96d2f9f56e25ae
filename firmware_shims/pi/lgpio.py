"""Stand-in for the C module ``lgpio`` 0.2.2, first on PYTHONPATH: the real rpi-lgpio runs on it off a Pi.

Rule 1: only what rpi-lgpio 0.6 calls, with lgpio's names, numbers, flags and errors; PWM is not here.
Rule 2: the world is on a Unix socket named by IRONROOM_PINBOARD (``firmware_shims.pinboard``). Without
it the chip cannot be opened, as on a machine without pins.
Not shown: what a kernel does to lines whose owner died. The world keeps the last level, the worst case.
"""

from collections.abc import Callable

from firmware_shims.pin_alerts import ALERTS
from firmware_shims.pin_chip import BAD_DEBOUNCE, BUSY, CHIP, ERRORS

SET_PULL_UP, SET_PULL_DOWN, SET_PULL_NONE = 32, 64, 128
RISING_EDGE, FALLING_EDGE, BOTH_EDGES = 1, 2, 3
GPIO_BUSY = BUSY
exceptions = True


class error(Exception):  # noqa: N801, N818  the C module's own name
    """A call to lgpio failed; the text is lgpio's."""


def error_text(number: int) -> str:
    """The library's words for an error number."""
    return ERRORS.get(number, "unknown error")


def _checked(status: int) -> int:
    if status < 0 and exceptions:
        raise error(error_text(status))
    return status


def gpiochip_open(_gpiochip: int) -> int:
    """A handle to the pins, which connects to the world."""
    return _checked(CHIP.open())


def gpiochip_close(_handle: int) -> int:
    """Free all lines."""
    return _checked(CHIP.close())


def gpio_get_chip_info(_handle: int) -> list[int | str]:
    """Status, number of lines, name, label."""
    return [0, 54, "gpiochip0", "pinctrl-rp1"]


def gpio_get_mode(_handle: int, gpio: int) -> int:
    """Mode bits: 2 output, 32/64/128 pulls, 256/512/1024 claimed as, 65536 input, edges from bit 17."""
    return _checked(CHIP.mode(gpio))


def gpio_claim_input(_handle: int, gpio: int, lFlags: int = 0) -> int:  # noqa: N803  lgpio's spelling
    """Claim a line for input."""
    return _checked(CHIP.claim_input(gpio, lFlags, edges=0))


def gpio_claim_output(_handle: int, gpio: int, level: int = 0, lFlags: int = 0) -> int:  # noqa: N803
    """Claim a line for output, direction and level in one step."""
    return _checked(CHIP.claim_output(gpio, int(bool(level)), lFlags))


def gpio_claim_alert(_handle: int, gpio: int, eFlags: int, lFlags: int = 0) -> int:  # noqa: N803
    """Claim a line as a source of alerts."""
    return _checked(CHIP.claim_input(gpio, lFlags, edges=eFlags))


def gpio_free(_handle: int, gpio: int) -> int:
    """Free a line."""
    return _checked(CHIP.free(gpio))


def gpio_read(_handle: int, gpio: int) -> int:
    """The level of a line as it stands, of an output too."""
    return _checked(CHIP.read(gpio))


def gpio_write(_handle: int, gpio: int, level: int) -> int:
    """Set the level of an output."""
    return _checked(CHIP.write(gpio, int(bool(level))))


def gpio_set_debounce_micros(_handle: int, gpio: int, debounce_micros: int) -> int:
    """An alert is given only when its edge has stood for so long."""
    if not 0 <= debounce_micros <= 5_000_000:
        return _checked(BAD_DEBOUNCE)
    ALERTS.debounce(gpio, debounce_micros / 1e6)
    return 0


class callback:  # noqa: N801  the C module's own name
    """Calls ``func(chip, gpio, level, nanoseconds)`` at every alert of a line until cancelled."""

    def __init__(
        self, chip: int, gpio: int, edge: int = RISING_EDGE, func: Callable[..., None] | None = None
    ) -> None:
        # lgpio does not filter by ``edge`` either: the claim says which edges alert.
        self.edge = edge
        self.count = 0
        self._chip, self._gpio, self._func = chip, gpio, func
        ALERTS.add(gpio, self._alert)

    def cancel(self) -> None:
        """No more calls."""
        ALERTS.remove(self._gpio, self._alert)

    def tally(self) -> int:
        """How many alerts there were."""
        return self.count

    def _alert(self, level: int, tick: int) -> None:
        self.count += 1
        if self._func is not None:
            self._func(self._chip, self._gpio, level, tick)
