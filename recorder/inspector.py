"""The thread that looks through all cameras in turn, each as often as it was configured.

Rule: it takes the newest frame of a ring and never waits for one; a camera that is stuck keeps no other one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Event, Thread
from time import monotonic

from recorder.messages import FromRecorder
from recorder.view import View

_LONGEST_S = 0.5
_SHORTEST_S = 0.02


class Inspector:
    """Looks through the cameras that ``views`` gives; ``empty`` tells of a room whether nobody is in it."""

    def __init__(
        self,
        views: Callable[[], Mapping[str, View]],
        empty: Callable[[str], bool],
        say: Callable[[FromRecorder], None],
    ) -> None:
        self._views, self._empty, self._say = views, empty, say
        self._over = Event()
        self._thread = Thread(target=self._run, name="inspector", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the look under way."""
        self._over.set()

    def _run(self) -> None:
        while not self._over.is_set():
            due = [self._looked(view) for view in self._views().values()]
            pause = min(due, default=_LONGEST_S) - monotonic() if due else _LONGEST_S
            self._over.wait(min(_LONGEST_S, max(_SHORTEST_S, pause)))

    def _looked(self, view: View) -> float:
        """Look where it is time to; when it will be again."""
        now = monotonic()
        if now >= view.looked_at + view.settings.check_s:
            view.looked_at = now
            for said in view.judge.look(
                view.ring.newest(), view.camera.health(), now, is_empty=self._empty(view.settings.watches)
            ):
                self._say(said)
        return view.looked_at + view.settings.check_s
