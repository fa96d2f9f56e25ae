"""OpenCV, made silent and modest before it opens anything. Rule 1: whoever opens a camera gets it from here.

Rule 2: what OpenCV and FFmpeg print may hold the address of a camera with its password: they print nothing.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from threading import Lock
from typing import Any

from hardware.cameras import ffmpeg

REMEDY = "pip install 'ironroom[eyes]'"
_NEEDED = {"cv2": "opencv-python-headless", "numpy": "numpy", "simplejpeg": "simplejpeg"}
_BUILDS = (
    "opencv-python",
    "opencv-python-headless",
    "opencv-contrib-python",
    "opencv-contrib-python-headless",
)
_loading = Lock()


class LibraryMissingError(Exception):
    """A library that cameras need is not there or not as it must be; the sentence names the remedy."""


def lacking() -> str:
    """What is not installed and the remedy, as a sentence; empty when all is there. Loads nothing."""
    missing = [name for module, name in _NEEDED.items() if find_spec(module) is None]
    return f"{' and '.join(missing)} cannot be found: {REMEDY}" if missing else ""


def warning() -> str:
    """What is wrong with the OpenCV that is installed, as a sentence; empty when nothing is. Loads nothing.

    All builds share one folder: whoever removes one of two has none.
    """
    builds = [name for name in _BUILDS if _installed(name)]
    if len(builds) < 2:
        return ""
    return f"{' and '.join(builds)} share one folder: remove all of them, then install one of them again"


def _installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def opencv() -> Any:
    """The module ``cv2``: silent, on one thread, its FFmpeg restricted and bounded. LibraryMissingError."""
    with _loading:
        return _loaded()


@cache
def _loaded() -> Any:
    ffmpeg.restrict()
    try:
        cv2 = import_module("cv2")
    except ImportError as error:
        raise LibraryMissingError(f"OpenCV cannot be loaded ({error}): {REMEDY}") from error
    if not ffmpeg.bound():
        raise LibraryMissingError(f"this build of OpenCV brings no FFmpeg that could be bounded: {REMEDY}")
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    cv2.setNumThreads(1)
    return cv2
