"""Every relay of a board as it was commanded, and whether it stands so. No threads, no policy.

Rule 1: a bolt is only ever released with an end, and one that comes after it is not carried out
(behaviour 33e).
Rule 2: bolting that fails is due again until it succeeds; releasing that fails is not.
Rule 3: a relay that does not stand as commanded, as after a brown-out, is brought to rest and told; what was
released or waiting then is over, and only a new release releases it again.
"""

import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress

from hardware.gpio_chip import Chip, GpioError
from hardware.gpio_turns import Turns
from hardware.pins import OutputPin, PinError
from hardware.signals import DeviceBack, DeviceLost, LateRelease, Signal

RETRY_S = 0.05
FELL = "it did not stand as commanded, as after a brown-out; a release is over"
WAITED = "its release still waited when another relay lost its level; it is not carried out"


class Relays:
    """The outputs of one board; every method returns what is to be told. Its caller lets in one at a time.

    Construction makes every pin an output at rest, direction and level in one step. ``clock`` gives
    monotonic seconds. PinError when ``one_at_a_time`` names what is no bolt.
    """

    def __init__(
        self,
        chip: Chip,
        outputs: Sequence[OutputPin],
        one_at_a_time: Collection[str] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._chip, self._clock = chip, clock
        self._outputs = {output.line: output for output in outputs}
        for line in one_at_a_time:
            self.output(line, latching=False)
        self._turns = Turns(one_at_a_time)
        self._told = {output.line: output.at_rest for output in outputs}
        self._lost: set[str] = set()
        for output in outputs:
            chip.make_output(output.pin, on=output.at_rest)

    @property
    def lines(self) -> list[str]:
        """Every output."""
        return list(self._outputs)

    def output(self, line: str, *, latching: bool) -> OutputPin:
        """The output of a name; PinError when there is none, or one of the other kind."""
        output = self._outputs.get(line)
        if output is None:
            raise PinError(f"no output is called {line!r}; there is {', '.join(sorted(self._outputs))}")
        if output.latching != latching:
            raise PinError(f"{line} {'stays as told' if output.latching else 'is a bolt and needs an end'}")
        return output

    def energised(self, line: str) -> bool:
        """Whether current flows, read back from the chip; GpioError when it cannot be read."""
        return self._chip.read(self._outputs[line].pin)

    def release(self, line: str, until: float) -> list[Signal]:
        """Release a bolt, or let it wait for its turn."""
        if (now := self._clock()) >= until:
            return [_late(line, now, until)]
        fell = self._checked(line) if self._turns.released(line) else []
        if self._turns.must_wait(line, self._clock()):
            self._turns.wait(line, until)
            return fell
        return [*fell, *self._begin(line, until)]

    def bolt(self, line: str) -> list[Signal]:
        """Bolt at once; nothing of it waits any more."""
        output = self._outputs[line]
        self._told[line] = output.at_rest
        try:
            self._chip.write(output.pin, on=output.at_rest)
        except GpioError as error:
            self._turns.begin(line, self._clock() + RETRY_S)
            return self._gone(line, str(error))
        self._turns.end(line, self._clock())
        return self._back(line)

    def bolt_all(self) -> list[Signal]:
        """Bolt every bolt, and let none begin in between."""
        self._turns.forget()
        bolts = [line for line, output in self._outputs.items() if not output.latching]
        return [signal for line in bolts for signal in self.bolt(line)]

    def switch(self, line: str, *, on: bool) -> list[Signal]:
        """Switch a latching output."""
        self._told[line] = on
        try:
            self._chip.write(self._outputs[line].pin, on=on)
        except GpioError as error:
            return self._gone(line, str(error))
        return self._back(line)

    def settle(self) -> list[Signal]:
        """Bolt what is overdue, drop what waited too long, begin what may begin."""
        found = [signal for line in self._turns.overdue(self._clock()) for signal in self.bolt(line)]
        now = self._clock()
        found += [_late(line, now, until) for line, until in self._turns.missed(now)]
        if turn := self._turns.ready(now):
            found += self._begin(*turn)
        return found

    def wake(self) -> float | None:
        """When ``settle`` is due; None while nothing is."""
        return self._turns.wake()

    def check(self) -> list[Signal]:
        """Read every output back; what does not stand as commanded is told and brought to rest."""
        return [signal for line in self._outputs for signal in self._checked(line)]

    def _begin(self, line: str, until: float) -> list[Signal]:
        # The end is noted before the current flows: whatever happens now, it will be ended.
        self._turns.begin(line, until)
        output = self._outputs[line]
        released = output.current(released=True)
        try:
            self._chip.write(output.pin, on=released)
        except GpioError as error:
            self._turns.begin(line, self._clock())
            return self._gone(line, str(error))
        self._told[line] = released
        if (now := self._clock()) >= until:
            return [*self.bolt(line), _late(line, now, until)]
        return self._back(line)

    def _checked(self, line: str) -> list[Signal]:
        try:
            stands = self.energised(line) is self._told[line]
        except GpioError as error:
            return self._gone(line, str(error))
        return self._back(line) if stands else self._fell(line)

    def _fell(self, line: str) -> list[Signal]:
        output, found = self._outputs[line], self._gone(line, FELL)
        if output.latching:
            return [*found, *self.switch(line, on=self._told[line])]
        for waiting in self._turns.forget() if found else []:
            found += [*self._gone(waiting, WAITED), *self._back(waiting)]
        # It may read as bolted and yet be driven by nobody; what fails here is met by the bolting.
        with suppress(GpioError):
            self._chip.make_again(output.pin, on=output.at_rest)
        return [*found, *self.bolt(line)]

    def _gone(self, line: str, why: str) -> list[Signal]:
        if line in self._lost:
            return []
        self._lost.add(line)
        return [DeviceLost(line, why)]

    def _back(self, line: str) -> list[Signal]:
        if line not in self._lost:
            return []
        self._lost.discard(line)
        return [DeviceBack(line)]


def _late(line: str, now: float, until: float) -> LateRelease:
    return LateRelease(line, late_ms=max(0, round((now - until) * 1000)))
