"""QR codes as inline SVG (ISO/IEC 18004). Rule: drawn here, black on white; what they say goes nowhere."""

from __future__ import annotations

from io import BytesIO

import segno
from markupsafe import Markup


def svg(text: str, label: str = "QR") -> Markup:
    """The QR code of ``text``, four modules of quiet zone round it, sized by its class in the page's CSS."""
    drawn = BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn,
        kind="svg",
        border=4,
        xmldecl=False,
        svgns=False,
        omitsize=True,
        svgclass="qr",
        lineclass=None,
        dark="#000",
        light="#fff",
        title=label,
    )
    return Markup(drawn.getvalue().decode("utf-8").strip())  # noqa: S704 - segno's own drawing
