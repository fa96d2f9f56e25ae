"""QR codes in a picture, as texts. Rule: a code is a stranger's data; nothing in it is followed."""

from __future__ import annotations

import zxingcpp
from PIL import Image

from web.camera.images import opened

SIGNS = 600
"""A longer text is no pass code and no head slip; it is not given on."""
_CODES = 4
_FORMAT = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
_SIDE = 2400  # a code that fills a tenth of such a picture still has pixels enough


def read_codes(data: bytes) -> tuple[str, ...]:
    """Return the texts of up to four QR codes in a JPEG or PNG picture; raises PictureRefused.

    Texts longer than 600 signs or with signs below U+0020 other than LF are left out.
    """
    picture = opened(data).convert("L")
    picture.thumbnail((_SIDE, _SIDE), Image.Resampling.BILINEAR)
    found = zxingcpp.read_barcodes(picture, formats=_FORMAT, text_mode=zxingcpp.TextMode.Plain)
    texts = dict.fromkeys(code.text for code in found if _plain(code.text))
    return tuple(texts)[:_CODES]


def _plain(text: str) -> bool:
    return 0 < len(text) <= SIGNS and all(sign >= " " or sign == "\n" for sign in text)
