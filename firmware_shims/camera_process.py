"""A process of cameras, and how it is told what to do: senders outside of whatever is measured or shown.

Rule 1: this side needs no picture library; it sends orders as lines and reads an answer to each.
Rule 2: the process ends with its orders, so it does not outlive whoever started it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from threading import Lock
from typing import Any, Self

PATIENCE_S = 20.0


class CameraProcess:
    """Cameras of ``settings`` (cameras/studio.py), running; ``urls`` is where each is looked at.

    Orders may be given from any thread. Raises ValueError for one that cannot be carried out, and OSError
    when the process is gone.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own module, the settings of a drill
            [sys.executable, "-m", "firmware_shims.cameras", json.dumps(settings)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._lock = Lock()
        try:
            self.urls: dict[str, str] = self._heard()["urls"]
        except OSError:
            self.stop()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """Its number, for whoever measures."""
        return self._process.pid

    def tell(self, do: str, **given: Any) -> float:
        """Give an order, and wait until it is done; how many seconds somebody walks for it, or 0."""
        assert self._process.stdin
        with self._lock:
            self._process.stdin.write(json.dumps({"do": do, **given}) + "\n")
            self._process.stdin.flush()
            told = self._heard()
        if "wrong" in told:
            raise ValueError(told["wrong"])
        return float(told.get("seconds", 0.0))

    def stop(self) -> None:
        """Take the cameras away."""
        process = self._process
        assert process.stdin
        assert process.stdout
        process.stdin.close()
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()

    def _heard(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise BrokenPipeError("the process of cameras has ended")
        told: dict[str, Any] = json.loads(line)
        return told
