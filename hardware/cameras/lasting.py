"""What one look says is an opinion; what most looks of a while say is a condition. No clock of its own.

Rule: a condition begins and ends only when 8 of 10 looks over the whole while agree, so that a hand before
the lens begins none and a gap in a cover ends none.
"""

from __future__ import annotations

from collections import Counter, deque

BACK = "back"
_MOST = 0.8
_FEWEST = 3
_A_WINDOW = 50


class Lasting:
    """Turns words of single looks into a lasting condition; ``after_s`` (0.1 to 3,600) is the while.

    A word is "" for a look that found nothing wrong, None for one that is no opinion either way.
    ``condition`` is ``back`` while nothing is wrong, ``is_sound`` when the whole while says so.
    """

    def __init__(self, after_s: float) -> None:
        if not 0.1 <= after_s <= 3_600:
            raise ValueError(f"after_s is {after_s}, must be 0.1 to 3600")
        self.condition = BACK
        self.is_sound = False
        self._after_s = after_s
        self._looks: deque[tuple[float, str | None]] = deque()

    def note(self, at: float, word: str | None) -> str:
        """One look ``at`` (seconds, never going back) found ``word``; gives the condition."""
        # Looks that come quicker than 50 in a while tell no more, and memory has a limit.
        if not self._looks or at - self._looks[-1][0] >= self._after_s / _A_WINDOW:
            self._looks.append((at, word))
            self._settle(at)
        return self.condition

    def forget(self) -> None:
        """Begin anew: what was learned has changed."""
        self._looks.clear()
        self.condition = BACK
        self.is_sound = False

    def _settle(self, at: float) -> None:
        # The one look that is older than the while says that it was watched from its beginning.
        while len(self._looks) > 1 and at - self._looks[1][0] >= self._after_s:
            self._looks.popleft()
        if len(self._looks) < _FEWEST or at - self._looks[0][0] < self._after_s:
            return
        words = Counter(word for _, word in self._looks if word is not None)
        good = words.pop("", 0)
        self.is_sound = good >= _MOST * len(self._looks)
        if self.is_sound:
            self.condition = BACK
        elif words.total() >= _MOST * len(self._looks):
            self.condition = words.most_common(1)[0][0]
