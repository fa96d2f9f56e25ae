"""``python -m bench.eyes_peer SECONDS URL…``: the usual way to look through cameras, to measure beside.

Rule: one thread a camera, every frame read and decoded; prints percent of a core and MiB.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from threading import Thread

import cv2


def _read(url: str, until: float) -> None:
    stream = cv2.VideoCapture(url, cv2.CAP_FFMPEG)
    while time.monotonic() < until:
        stream.read()
    stream.release()


if __name__ == "__main__":
    seconds = float(sys.argv[1])
    cv2.setNumThreads(1)
    begun, before = time.monotonic(), time.process_time()
    readers = [Thread(target=_read, args=(url, begun + seconds)) for url in sys.argv[2:]]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    spent = (time.process_time() - before) / (time.monotonic() - begun) * 100
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    os.write(1, f"{spent:.2f} {memory:.1f}\n".encode())
