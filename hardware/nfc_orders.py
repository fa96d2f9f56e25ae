"""The order to make a badge of the next card: one at a time, given by any thread, carried out by one.

Rule 1: an order ends in exactly one answer: made, not made, withdrawn, or its time is over.
Rule 2: giving an order never waits.
Rule 3: an order is for a card that comes after it: what lay there before, seen or hidden, is lifted first.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from hardware.credentials.exchange import Scheme


@dataclass(frozen=True, slots=True)
class Order:
    """Make a badge by ``scheme`` of a card presented before ``until`` (monotonic seconds).

    ``taken``: numbers of cards, in upper-case hexadecimal, of which none is made.
    """

    scheme: Scheme
    until: float
    taken: frozenset[str] = frozenset()


class Orders:
    """Holds at most one order."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._order: Order | None = None
        self._clear = False
        self._begun = False
        self._shut = False

    def place(self, order: Order) -> str | None:
        """Take an order, or say why not."""
        with self._lock:
            if self._shut:
                return "this reader has stopped"
            if self._order is not None:
                return "this reader is making another badge"
            self._order, self._clear, self._begun = order, False, False
            return None

    @property
    def open(self) -> Order | None:
        """The order to be carried out."""
        with self._lock:
            return self._order

    def cleared(self, order: Order | None) -> None:
        """Nothing lay on the reader at a sense that was begun while this order was open."""
        with self._lock:
            self._clear = self._clear or (order is not None and order is self._order)

    @property
    def clear(self) -> bool:
        """Whether nothing lay on the reader at some time since the order was given."""
        with self._lock:
            return self._order is not None and self._clear

    def begin(self, order: Order) -> bool:
        """Carry out this order from now on, which cannot be withdrawn any more; False when it is gone."""
        with self._lock:
            self._begun = self._order is order and self._clear
            return self._begun

    def end(self, order: Order, *, unless_begun: bool = False) -> bool:
        """End this order; False when it is not open any more, or is being carried out."""
        with self._lock:
            if self._order is not order or (unless_begun and self._begun):
                return False
            self._order = None
            return True

    def close(self, *, for_good: bool = False) -> Order | None:
        """End the order, and all orders to come where it is for good; the one that was open."""
        with self._lock:
            order, self._order = self._order, None
            self._shut = self._shut or for_good
            return order
