"""Where a camera is and who may look through it. Rule 1: its password is in no message, log or URL shown."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import quote, urlsplit

LONGEST = 1024
# What FFmpeg keeps of a user name and password together (rtsp.h), as it stands in the URL.
_LONGEST_SECRET = 120
_PLAIN = re.compile(r"[!-~]+")
_DEVICE = re.compile(r"/dev/[A-Za-z0-9_-]+(?:/[A-Za-z0-9_:.-]+)*")


@dataclass(frozen=True, slots=True)
class Address:
    """A camera's URL: ``http://HOST[:PORT]/PATH`` (MJPEG), ``rtsp://HOST[:PORT]/PATH`` or ``v4l2:///dev/NAME``.

    User name and password (Basic or Digest, as the camera asks for) come apart from it and are never shown.
    TLS is not offered: the library that cameras are read with brings an OpenSSL that nobody repairs any more.
    """

    url: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @classmethod
    def parsed(cls, url: str, user: str = "", password: str = "") -> Self:
        """The address, or ValueError with a sentence that holds neither the URL nor a secret."""
        if len(url) > LONGEST or not _PLAIN.fullmatch(url):
            raise ValueError(f"a camera's url is 1 to {LONGEST} printable characters without spaces")
        if ":" in user or (password and not user):
            raise ValueError("a camera's user name holds no colon, and a password needs a user name")
        if not (user + password).isprintable() or len(_quoted(user, password)) > _LONGEST_SECRET:
            raise ValueError(f"a camera's user name and password are {_LONGEST_SECRET} characters at most")
        _check(url)
        return cls(url, user, password)

    @property
    def device(self) -> str:
        """Path of a camera of this box, such as ``/dev/video0``; empty for one in the network."""
        return self.url.removeprefix("v4l2://") if self.url.startswith("v4l2:") else ""

    def opened_as(self) -> str:
        """The URL for FFmpeg, with the secrets in it: never to be shown or kept."""
        secrets = _quoted(self.user, self.password)
        scheme, rest = self.url.split("://", 1)
        return f"{scheme}://{secrets}@{rest}" if secrets else self.url


def _quoted(user: str, password: str) -> str:
    return f"{quote(user, safe='')}:{quote(password, safe='')}" if user else ""


def _check(url: str) -> None:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("a camera's url has no host and port that can be understood") from None
    if "@" in parts.netloc:
        raise ValueError(
            "a camera's url holds no user name and no password: they belong in the passwords file"
        )
    if url.startswith("v4l2://"):
        if not _DEVICE.fullmatch(url.removeprefix("v4l2://")):
            raise ValueError("a camera of this box is v4l2:///dev/NAME, such as v4l2:///dev/video0")
    elif not url.startswith(("http://", "rtsp://")) or not host or parts.fragment:
        raise ValueError("a camera's url begins with http://HOST, rtsp://HOST or v4l2:///dev/")
