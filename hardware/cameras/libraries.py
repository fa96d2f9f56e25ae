"""OpenCV, made silent and modest before it is loaded. Rule 1: nothing else loads it, and only who needs it.

Rule 2: what OpenCV and FFmpeg print may hold the address of a camera with its password: they print nothing.
Rule 3: FFmpeg may speak HTTP and RTSP to a camera and open nothing else, whatever the camera answers.
"""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from threading import Lock
from typing import Any

REMEDY = "install the eyes of ironroom: pip install 'ironroom[eyes]'"
_NEEDED = {"cv2": "opencv-python-headless", "numpy": "numpy", "simplejpeg": "simplejpeg"}
_BUILDS = (
    "opencv-python",
    "opencv-python-headless",
    "opencv-contrib-python",
    "opencv-contrib-python-headless",
)
# Options of libavformat and libavcodec, for every stream that this process opens (OpenCV has no other way).
# A playlist, a redirect or a nested format could otherwise make us read files or talk to other machines.
_FFMPEG = {
    "protocol_whitelist": "http,tcp",
    "format_whitelist": "mpjpeg,rtsp",
    "codec_whitelist": "mjpeg,h264,hevc,mpeg4",
    "rtsp_transport": "tcp",
    "max_redirects": "0",
    "max_pixels": str(4096 * 4096),
}
_ENVIRONMENT = {
    "OPENCV_LOG_LEVEL": "SILENT",
    "OPENCV_FFMPEG_LOGLEVEL": "-8",  # AV_LOG_QUIET
    "OPENCV_FFMPEG_THREADS": "1",
    "OPENCV_FFMPEG_CAPTURE_OPTIONS": "|".join(f"{name};{value}" for name, value in _FFMPEG.items()),
    "no_proxy": "*",  # a proxy of the environment would see cameras and their passwords
}
_loading = Lock()


class LibraryMissingError(Exception):
    """A library that cameras need is not installed; the sentence names the remedy."""


def lacking() -> str:
    """What is not installed and the remedy, as a sentence; empty when all is there. Loads nothing."""
    missing = [name for module, name in _NEEDED.items() if find_spec(module) is None]
    return f"{' and '.join(missing)} cannot be found: {REMEDY}" if missing else ""


def warning() -> str:
    """What is wrong with the OpenCV that is installed, as a sentence; empty when nothing is.

    All builds share one folder: removing one of two leaves neither.
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
    """The module ``cv2``, silent, on one thread, forbidden all but HTTP and RTSP. LibraryMissingError.

    The settings are those of the whole process and replace what the environment held.
    """
    with _loading:
        return _loaded()


@cache
def _loaded() -> Any:
    os.environ.update(_ENVIRONMENT)
    try:
        module = import_module("cv2")
    except ImportError as error:
        raise LibraryMissingError(f"OpenCV cannot be loaded ({error.name}): {REMEDY}") from error
    module.utils.logging.setLogLevel(module.utils.logging.LOG_LEVEL_SILENT)
    module.setNumThreads(1)
    return module
