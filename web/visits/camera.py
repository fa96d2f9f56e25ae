"""What the desk's camera saw: a document, a face, a pass. Rule: a name that was read is only proposed."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from typing import Any

from flask import request

from controller.core.documents import DocumentKind
from controller.core.mrz import Zone, read_zone
from web.camera.mrz import read_document
from web.camera.photo import kept
from web.camera.qr import read_codes
from web.visits.form import kind_of

FIELD = "picture"
CHINA, PERMITS = "CHN", frozenset({DocumentKind.HK_MACAO_PERMIT, DocumentKind.TAIWAN_PERMIT})
LONGEST = 100_000
"""Bytes of a photograph that the controller keeps."""


def sent(name: str = FIELD) -> bytes:
    """The picture of a form, b"" for none."""
    file = request.files.get(name)
    if file is None:
        return b""
    with closing(file):
        return bytes(file.read())


def document_in(picture: bytes, today: date) -> dict[str, Any] | None:
    """Number, kind and proposed name of the document in a picture; None where none was read twice alike."""
    found = read_document(picture, lambda lines: read_zone(lines, today))
    if found is None:
        return None
    zone: Zone = found.value
    return {
        "document": zone.number,
        "document_kind": kind_in(zone).value,
        "name": f"{zone.surname} {zone.given}".strip(),
        "names_alike": found.names_alike,
        "expired": zone.expires is not None and zone.expires < today,
    }


def photo_in(picture: bytes) -> bytes:
    """A small JPEG without anything but its pixels; raises PictureRefused."""
    return kept(picture)


def code_in(picture: bytes) -> str:
    """The first code in a picture, "" for none; raises PictureRefused."""
    return next(iter(read_codes(picture)), "")


def kind_in(zone: Zone) -> DocumentKind:
    """A passport, a permit of China by the form of its number, or another document."""
    if zone.code.startswith("P"):
        return DocumentKind.PASSPORT
    guess = kind_of(zone.number)
    return guess if zone.issuer == CHINA and guess in PERMITS else DocumentKind.OTHER
