"""What the FFmpeg inside OpenCV may do. Rule 1: speak HTTP and RTSP to the camera, and nothing else.

Rule 2: a playlist, a redirect or a nested format, whoever sends it, opens no file and no other machine.
Rule 3: no single block of its memory is larger than a picture of the largest size that is allowed needs.

The settings are those of a process: OpenCV reads them from the environment whenever it opens a stream.
"""

from __future__ import annotations

import ctypes
import os
import re
from pathlib import Path

# 4096 x 4096 pixels in three colours fit. A few blocks may live at once: what grows is copied as it grows.
LARGEST_BLOCK = 64 << 20
_OPTIONS = {
    "protocol_whitelist": "http,tcp",
    "format_whitelist": "mpjpeg,rtsp",
    "codec_whitelist": "mjpeg,h264,hevc,mpeg4",
    "rtsp_transport": "tcp",
    "allowed_media_types": "video",  # sound and data that a camera offers too are not even asked for
    "max_redirects": "0",
    "icy": "0",
    "fpsprobesize": "0",  # else opening an RTSP stream takes two seconds, to guess a rate nobody asks for
    "max_pixels": str(4096 * 4096),
}
_ENVIRONMENT = {
    "OPENCV_FFMPEG_CAPTURE_OPTIONS": "|".join(f"{name};{value}" for name, value in _OPTIONS.items()),
    "OPENCV_FFMPEG_LOGLEVEL": "-8",  # AV_LOG_QUIET
    "OPENCV_FFMPEG_THREADS": "1",
    "OPENCV_LOG_LEVEL": "SILENT",
    "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT": "2",
    "no_proxy": "*",  # a proxy of the environment would see cameras and their passwords
}
_LIBRARY = re.compile(r"\s(/\S*/libavutil[^/\s]*\.so[^/\s]*)$", re.MULTILINE)


def restrict() -> None:
    """Put the settings into the environment of this process, whatever it held before."""
    os.environ.update(_ENVIRONMENT)


def bound() -> bool:
    """Bound the blocks of the FFmpeg that is loaded (av_max_alloc of libavutil); False if none is found."""
    found = _LIBRARY.search(Path("/proc/self/maps").read_text(encoding="utf-8"))
    if not found:
        return False
    most = ctypes.CDLL(found[1]).av_max_alloc
    most.argtypes, most.restype = [ctypes.c_size_t], None
    most(LARGEST_BLOCK)
    return True
