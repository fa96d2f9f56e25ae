"""What stands on the display of one device, page by page. Rule 1: sans-I/O.

Rule 2: whoever waits with a badge comes first: no two commands for a display follow each other closely.
Rule 3: nothing stands for longer than it is true: a text has its end, and is written for a few seconds only,
again and again; when the panel or this line dies, the display falls blank by itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from hardware.osdp.display import ROWS_TOLD, TEXT_OUTPUT, Display, Page
from hardware.osdp.messages import MalformedError, Message, Reply
from hardware.osdp.transparent_messages import CAPABILITIES, capability
from hardware.signals import DeviceLost, Signal

PAGE_EVERY = 2.0
"""So long a page stands; what has one page only is written again as often."""
PACE = 0.1
"""From one command to the next, in seconds."""
STANDS_S = 6
"""For so long the display keeps a page by itself."""
GOES_S = 1
"""For so long it shows that there is nothing, and then what is there for good: nothing too."""
MOST_NOTICES = 12


@dataclass(frozen=True, slots=True)
class Notice:
    """One text and when it ends."""

    pages: tuple[Page, ...]
    until: float


class TextErrand:
    """Shows notices on the display of one device, in turn, each until its time.

    ``show`` may be called from any thread, everything else on one; ``clock`` is a steady clock in seconds. A
    device without a display of so many rows is reported lost, with that reason, each time it comes back.
    """

    codes: tuple[int, ...] = ()
    done = False

    def __init__(self, device: str, display: Display, clock: Callable[[], float] = monotonic) -> None:
        self._device = device
        self._display = display
        self._clock = clock
        self._lock = Lock()
        self._notices: dict[str, Notice] = {}
        self._free_at = self._page_due = 0.0
        self._begin()

    def show(self, notice: str, text: str, until: float) -> None:
        """Shows a text at once until then, in place of one of the same notice; an empty one takes that off.

        Of more than twelve notices the oldest goes. Any character but printable ASCII and the end of a line
        becomes "?".
        """
        with self._lock:
            self._notices.pop(notice, None)
            if pages := self._display.pages(text):
                self._notices[notice] = Notice(pages, until)
            while len(self._notices) > MOST_NOTICES:
                self._notices.pop(next(iter(self._notices)))
            self._fresh = True

    def next(self) -> Message | None:
        """A piece of the page that is due, no sooner than ``PACE`` after the piece before."""
        now = self._clock()
        if now < self._free_at:
            return None
        if self._able and not self._first:
            self._turn_over(now)
        queue = self._first or self._queue
        if not queue:
            return None
        self._free_at = now + PACE
        return queue.popleft()

    def sent(self) -> None:
        """The command goes onto the wire."""

    def heard(self, answer: Message) -> list[Signal]:
        """An osdp_PDCAP, an osdp_ACK, or an osdp_NAK."""
        if self._able is None:
            return self._told(answer)
        return self._unable("refuses text for its display") if answer.code == Reply.NAK else []

    def lost(self) -> list[Signal]:
        """The session is over; the next one begins with what the device can do."""
        self._begin()
        return []

    def _begin(self) -> None:
        self._able: bool | None = None
        self._first: deque[Message] = deque([CAPABILITIES])
        self._queue: deque[Message] = deque()
        self._free_at = self._page_due = 0.0
        self._page, self._shown, self._fresh = 0, False, True

    def _told(self, answer: Message) -> list[Signal]:
        try:
            found = capability(answer.data, TEXT_OUTPUT) if answer.code == Reply.PDCAP else None
        except MalformedError:
            found = None
        if found is None or not found[0]:
            return self._unable("has no display")
        rows = ROWS_TOLD.get(found[0], self._display.rows)
        if rows < self._display.rows:
            return self._unable(f"has a display of {rows} rows, not {self._display.rows}")
        self._able = True
        self._first.extend(self._display.commands(self._display.blank))
        return []

    def _unable(self, what: str) -> list[Signal]:
        self._able = False
        self._first.clear()
        self._queue.clear()
        return [DeviceLost(self._device, f"{self._device} {what}")]

    def _turn_over(self, now: float) -> None:
        """The next page when it is time, the newest notice as soon as there is one, blank after the last."""
        with self._lock:
            self._notices = {name: one for name, one in self._notices.items() if now < one.until}
            pages = [page for one in self._notices.values() for page in one.pages]
            newest = len(pages) - len(next(reversed(self._notices.values())).pages) if pages else 0
            fresh, self._fresh = self._fresh, False
        if fresh and pages:
            self._page, self._page_due = newest, now
        if pages and now >= self._page_due:
            self._write(pages[self._page % len(pages)], STANDS_S)
            self._page, self._page_due = (self._page + 1) % len(pages), now + PAGE_EVERY
        elif not pages and self._shown:
            self._write(self._display.blank, GOES_S)
        self._shown = bool(pages)

    def _write(self, page: Page, for_s: int) -> None:
        self._queue = deque(self._display.commands(page, for_s))
