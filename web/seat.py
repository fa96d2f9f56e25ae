"""What a seat (this browser on this desk) has chosen: language, light, keys. Rule: nothing of a person."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from flask import Response, current_app, g, request

LANGUAGES = ("zh", "en")
THEMES = ("auto", "day", "night", "desk")
_spelled = re.compile(r"(zh|en|-)\.(auto|day|night|desk)\.([01])").fullmatch
_YEAR_S = 366 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Seat:
    """The choices of one seat; ``language`` "" until somebody chose: then the browser's own is taken."""

    language: str = ""
    theme: str = "auto"
    keys: bool = True

    def spelled(self) -> str:
        """The cookie's text."""
        return f"{self.language or '-'}.{self.theme}.{int(self.keys)}"


def seat() -> Seat:
    """The seat of this request."""
    if "seat" not in g:
        g.seat = _read(request.cookies.get(_name(), ""))
    kept: Seat = g.seat
    return kept


def choose(response: Response, **chosen: str | bool) -> None:
    """Keep what was chosen (fields of Seat) at this seat."""
    text = replace(seat(), **chosen).spelled()  # type: ignore[arg-type]  # callers name Seat's fields
    secure = current_app.config["SETTINGS"].is_secure
    response.set_cookie(
        _name(), text, max_age=_YEAR_S, secure=secure, httponly=True, samesite="Strict", path="/"
    )


def language() -> str:
    """``zh`` or ``en``: what the seat chose, or else what the browser asks for."""
    return seat().language or request.accept_languages.best_match(LANGUAGES, "en") or "en"


def _read(text: str) -> Seat:
    found = _spelled(text)
    return Seat(found[1].strip("-"), found[2], found[3] == "1") if found else Seat()


def _name() -> str:
    return f"{current_app.config['SETTINGS'].prefix}ironroom-seat"
