"""A photograph is handed to the controller to keep. Rule: what leaves here says nothing but its pixels."""

from __future__ import annotations

from base64 import b64encode

from web.desk import told
from web.visits.camera import photo_in


def keep(picture: bytes) -> str:
    """Keep a photograph; its digest. Raises PictureRefused and Refused."""
    return str(told("keep_photo", jpeg=b64encode(photo_in(picture)).decode())["digest"])
