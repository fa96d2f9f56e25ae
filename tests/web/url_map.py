"""The console's URL map as tests and printed documents read it: every route, its rule, its methods.

Rule: made from the application itself, so that nothing can be called that does not stand here.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from werkzeug.routing import MapAdapter

from web.factory import create_app
from web.guard import SAFE
from web.page import Rule
from web.settings import Settings

NOWHERE = Path(tempfile.gettempdir()) / "no console is served from here"
PLAIN = "http://localhost:8080"


@dataclass(frozen=True, slots=True)
class Route:
    """One path with the methods that its view takes; ``needs`` are the converters of its arguments."""

    path: str
    endpoint: str
    methods: tuple[str, ...]
    needs: tuple[tuple[str, str], ...]
    rule: Rule

    @property
    def is_plain_page(self) -> bool:
        """Whether a person opens it by its path alone."""
        return not self.needs and not self.rule.machine and "GET" in self.methods

    def opens(self, roles: frozenset[str]) -> bool:
        """Whether somebody with these roles may call it."""
        return self.rule.is_open or bool(roles & set(self.rule.roles))

    def filled(self, given: dict[str, str]) -> str:
        """The path with its arguments: by name, or by their converter."""
        path = self.path
        for name, kind in self.needs:
            value = given.get(name, given.get(kind, "x"))
            begin, end = path.index("<"), path.index(">")
            path = path[:begin] + value + path[end + 1 :]
        return path


@dataclass(frozen=True, slots=True)
class UrlMap:
    """Every route, and the matcher of paths."""

    routes: tuple[Route, ...]
    adapter: MapAdapter

    @property
    def by_endpoint(self) -> dict[str, Route]:
        """A route of each endpoint."""
        return {one.endpoint: one for one in self.routes}


@cache
def url_map() -> UrlMap:
    """The console's map, without a console."""
    app = create_app(Settings(NOWHERE, NOWHERE, PLAIN))
    app.extensions["live"].stop()
    app.extensions["client"].close()
    rules: dict[str, Rule] = app.extensions["rules"]
    made = (
        Route(
            one.rule,
            one.endpoint,
            tuple(sorted((one.methods or set()) - (SAFE - {"GET"}))),
            tuple(
                (name, type(kind).__name__.removesuffix("Converter"))
                for name, kind in _in_order(one.rule, one._converters)
            ),
            rules[one.endpoint],
        )
        for one in app.url_map.iter_rules()
    )
    routes = tuple(sorted(made, key=lambda one: (one.path, one.methods)))
    return UrlMap(routes, app.url_map.bind("localhost"))


def _in_order(path: str, named: Mapping[str, object]) -> list[tuple[str, object]]:
    """Arguments in the order of the path."""
    return sorted(named.items(), key=lambda pair: path.index(f"{pair[0]}>"))
