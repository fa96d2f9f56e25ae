"""What templates write often: htmx attributes with the answer's nonce, icons, states, moments.

Rule: everything is escaped here or by Jinja; no text becomes markup by itself.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache

from markupsafe import Markup

from web.desk import site
from web.headers import nonce
from web.statics import FOLDER
from web.zones import zone

_inside = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL).search
_frame = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'


def hx(**attributes: str) -> Markup:
    """Attributes for htmx (``get=…, target=…``, ``_`` for ``-``), with the nonce that lets them work."""
    pairs = [("hx-" + name.replace("_", "-"), value) for name, value in attributes.items()]
    return Markup(" ").join(Markup('{}="{}"').format(*pair) for pair in [*pairs, ("hx-nonce", nonce())])


def icon(name: str, label: str = "") -> Markup:
    """An icon of static/icons as inline SVG; without ``label`` it is left out by screen readers."""
    said = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon" viewBox="0 0 24 24" {}>{}</svg>').format(said, _drawing(name))


def badge(tone: str, word: str, name: str = "") -> Markup:
    """A state as shape, word and colour. ``tone``: calm, good, note, warn, alarm or none."""
    shape = name or _SHAPES[tone]
    return Markup('<span class="badge {}">{}{}</span>').format(tone, icon(shape), word)


_SHAPES = {
    "calm": "circle",
    "good": "circle-check",
    "note": "info-circle",
    "warn": "alert-triangle",
    "alarm": "alert-octagon",
    "none": "circle-dashed",
}


def moment(time: object, form: str = "%Y-%m-%d %H:%M:%S") -> Markup:
    """A moment in the room's zone as <time>; takes an entry's ``time`` or milliseconds since 1970."""
    at = instant(time)
    if at is None:
        return Markup("—")
    local = at.astimezone(zone(site().get("zone", "UTC")))
    return Markup('<time datetime="{}">{}</time>').format(
        at.isoformat(timespec="seconds"), local.strftime(form)
    )


def hour(time: object) -> Markup:
    """A moment as hours, minutes and seconds."""
    return moment(time, "%H:%M:%S")


def day(time: object) -> Markup:
    """A moment as a date."""
    return moment(time, "%Y-%m-%d")


def instant(time: object) -> datetime | None:
    """The moment of an entry's ``time`` or of milliseconds since 1970-01-01 UTC, None for anything else."""
    if isinstance(time, int):
        return datetime.fromtimestamp(time / 1000, UTC)
    if not isinstance(time, str):
        return None
    try:
        return datetime.fromisoformat(time)
    except ValueError:
        return None


@cache
def _drawing(name: str) -> Markup:
    text = (FOLDER / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    found = _inside(text)
    if found is None:
        raise ValueError(f"icons/{name}.svg is no drawing")
    return Markup(" ".join(found[1].replace(_frame, "").split()))  # noqa: S704 - a file of ours
