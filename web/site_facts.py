"""What everybody may know of the site: its name, zone and plan. Rule: kept a minute, then asked anew."""

from __future__ import annotations

import threading
import time

from controller.console.client import ConsoleClient, Told

KEPT_S = 60.0


class SiteFacts:
    """The controller's answer to ``site``; an old one is better than none while the controller is away."""

    def __init__(self, client: ConsoleClient) -> None:
        self._client = client
        self._told: Told = {}
        self._until = 0.0
        self._mine = threading.Lock()

    def now(self) -> Told:
        """The site as it was told within the last minute, older where the controller is silent, {} before."""
        with self._mine:
            if time.monotonic() >= self._until:
                self._ask()
            return self._told

    def forget(self) -> None:
        """Ask again the next time: something about it has just changed."""
        self._until = 0.0

    def _ask(self) -> None:
        try:
            self._told = self._client.tell({"do": "site"})
        except OSError:
            self._until = time.monotonic() + 1.0  # nobody waits twice for the same silence
        else:
            self._until = time.monotonic() + KEPT_S
