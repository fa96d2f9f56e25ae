"""Files for the browser: named by their content, compressed in advance. Rule: no other file is served."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path

from flask import Response, abort, request, url_for

FOLDER = Path(__file__).parent / "static"
PACKED = (".css", ".js", ".svg")


@dataclass(frozen=True, slots=True)
class Static:
    """One file: its bytes, their gzip form (b"" where it is of no use), its type and its short digest."""

    body: bytes
    packed: bytes
    type: str
    digest: str


@cache
def shelf() -> dict[str, Static]:
    """Every file by its name below static/, read and compressed once."""
    files = (file for file in sorted(FOLDER.rglob("*")) if file.is_file())
    return {file.relative_to(FOLDER).as_posix(): _static(file) for file in files}


def static_url(name: str) -> str:
    """The address of a file, which changes as the file does; raises KeyError for one that is not there."""
    return url_for("machine.static_file", digest=shelf()[name].digest, name=name)


def serve(digest: str, name: str) -> Response:
    """The file, to be kept by the browser for ever; 404 for another digest."""
    file = shelf().get(name)
    if file is None or file.digest != digest:
        abort(404)
    is_packed = bool(file.packed) and request.accept_encodings["gzip"] > 0
    response = Response(file.packed if is_packed else file.body, content_type=file.type)
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _static(file: Path) -> Static:
    body = file.read_bytes()
    kind = guess_type(file.name)[0] or "application/octet-stream"
    text = f"{kind}; charset=utf-8" if kind.startswith("text/") or kind.endswith("javascript") else kind
    packed = gzip.compress(body, 9, mtime=0) if file.suffix in PACKED and len(body) > 400 else b""
    return Static(body, packed, text, sha256(body).hexdigest()[:16])
