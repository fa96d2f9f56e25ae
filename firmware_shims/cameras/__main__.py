"""Cameras in a process of their own: ``python -m firmware_shims.cameras '{"cameras": {"door": {}}}'``.

Rule: settings are the first argument, two cameras without one; the first line out is their addresses, then
every line in is an order (studio.py) and gets a line. The end of the orders is the end of the cameras.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import cv2

from firmware_shims.cameras.studio import Studio

PLAIN = '{"cameras": {"door": {}, "room": {"scheme": "rtsp"}}}'


def main(settings: str) -> None:
    """Run cameras until there are no more orders."""
    # One thread a camera is enough; a pool of more would take the cores of what is measured.
    cv2.setNumThreads(1)
    studio = Studio(json.loads(settings))
    _say({"urls": studio.urls})
    for line in sys.stdin:
        try:
            _say(studio.do(json.loads(line)))
        except ValueError as error:
            _say({"wrong": str(error)})
    studio.close()


def _say(said: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else PLAIN)
