"""SVG as text. Rule: every attribute and every text is escaped here; looks are classes, never styles."""

from __future__ import annotations

from markupsafe import Markup, escape

Attribute = str | int | None


def tag(name: str, /, *content: str, **attributes: Attribute) -> Markup:
    """One element; ``class_`` is written class, ``aria_label`` aria-label, and None is left out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(map(escape, content))
    text = f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"
    return Markup(text)  # noqa: S704 - its parts are escaped above


def together(*parts: Markup) -> Markup:
    """Elements behind each other."""
    return Markup("").join(parts)


def rect(box: tuple[int, int, int, int], class_: str, **more: Attribute) -> Markup:
    """A rectangle: x, y, width, height."""
    x, y, width, height = box
    return tag("rect", x=x, y=y, width=width, height=height, class_=class_, **more)


def line(x1: int, y1: int, x2: int, y2: int, class_: str) -> Markup:
    """A straight line."""
    return tag("path", d=f"M{x1} {y1}L{x2} {y2}", class_=class_)


def path(d: str, class_: str) -> Markup:
    """A path."""
    return tag("path", d=d, class_=class_)


def text(x: int, y: int, said: str, class_: str) -> Markup:
    """A text whose baseline begins at x, y."""
    return tag("text", said, x=x, y=y, class_=class_)


def wide(said: str) -> float:
    """Width of a text in units of its size: Chinese is square, Latin about half of that."""
    return sum(1.0 if ord(one) > 0x2E80 else 0.56 for one in said)


def fitted(said: str, size: int, width: int) -> str:
    """A text cut with an ellipsis to a width; who hears the plan hears it whole."""
    if wide(said) * size <= width:
        return said
    kept = said
    while kept and (wide(kept) + 1) * size > width:
        kept = kept[:-1]
    return f"{kept}…"
