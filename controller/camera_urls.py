"""Addresses of cameras. Rule: a URL carries no secret; the recorder has a file of its own for those."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from controller.device_addresses import CameraAddress
from controller.url_parts import WrongUrlError

CAMERA = "rtsp://192.0.2.2/stream"
LONGEST = 300
_SECRET = re.compile(r"[?&][a-z_-]*(?:pass|pwd|token|secret)[a-z_-]*=", re.IGNORECASE)
_CAMERA = re.compile(r"[a-z0-9]+://[A-Za-z0-9\[\]:._~/?&=%+-]+")
_DEVICE = re.compile(r"///dev/(?:video[0-9]{1,3}|v4l/by-(?:id|path)/[A-Za-z0-9_-][A-Za-z0-9_:.-]*)")


def camera(scheme: str) -> Callable[[str], CameraAddress]:
    """Take apart addresses of this scheme; raises WrongUrlError."""

    def parse(rest: str) -> CameraAddress:
        url = f"{scheme}:{rest}"
        if "@" in url:
            right = "write the address alone; passwords stand outside the site file"
            raise WrongUrlError("a camera's address holds a name or password", right)
        if _SECRET.search(url):
            right = "let the camera ask for its login, and write that into the recorder's passwords file"
            raise WrongUrlError("a camera's address holds a password", right)
        if len(url) > LONGEST or not _CAMERA.fullmatch(url) or not _has_port(url):
            raise WrongUrlError("this is no address of a camera", f"write {CAMERA}")
        return CameraAddress(url)

    return parse


def _has_port(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:  # beyond 65,535, or no IPv6 address
        return False


def device(rest: str) -> CameraAddress:
    """Take apart the address of a camera of this box: no serial port and no disk is one; WrongUrlError."""
    if len(rest) > LONGEST or not _DEVICE.fullmatch(rest):
        right = "write v4l2:///dev/video0, or its lasting name below /dev/v4l/by-id or /dev/v4l/by-path"
        raise WrongUrlError("this is no camera of this box", right)
    return CameraAddress(f"v4l2:{rest}")


def in_vain(_rest: str) -> CameraAddress:
    """Refuse TLS to a camera: what OpenCV ships for it is no longer kept up, and checks no certificate."""
    right = f"write {CAMERA}, and give the cameras a network of their own"
    raise WrongUrlError("nobody here can check a camera's certificate", right)
