"""A page: one module with its routes, its queries and its template. Rule 25: `PAGES` is also the navigation.

Rule: a route says who may call it, or it does not exist; the factory refuses to start with one that does not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Blueprint
from flask.typing import RouteCallable

from controller.core.console_roles import ConsoleRole
from web.parts import to_the_whole

T = TypeVar("T", bound=RouteCallable)

OPEN: tuple[ConsoleRole, ...] = ()
"""For people who have not signed in, too."""
ANYBODY = tuple(ConsoleRole)
"""For everybody who has signed in."""
EVERYDAY = tuple(role for role in ConsoleRole if role is not ConsoleRole.INSTALLER)
"""For everybody who keeps or reads custody."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may call a route; ``step_up``: with a fresh passkey; ``machine``: it answers no person."""

    roles: tuple[ConsoleRole, ...]
    step_up: bool = False
    machine: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it is there for people who have not signed in."""
        return not self.roles


class Page(Blueprint):
    """A Blueprint whose every route carries its Rule, and which knows its place in the navigation.

    ``title`` is the English of the navigation (translated where it is shown), ``icon`` a file of
    static/icons, ``key`` the letter after ``g``. Without ``icon`` it is not in the navigation.
    """

    def __init__(self, name: str, module: str, *, title: str = "", icon: str = "", key: str = "") -> None:
        super().__init__(name, module)
        self.title, self.icon, self.key = title, icon, key
        self.rules: dict[str, Rule] = {}
        self.before_request(to_the_whole)  # after the guard, who judges every request of the app

    def route(  # type: ignore[override]  # roles are not optional: that is its point
        self,
        rule: str,
        *,
        roles: tuple[ConsoleRole, ...],
        step_up: bool = False,
        machine: bool = False,
        **options: Any,
    ) -> Callable[[T], T]:
        """Register a view under ``rule`` for people with one of ``roles``; one Rule for all its paths."""
        said = Rule(roles, step_up, machine)

        def register(view: T) -> T:
            endpoint = options.pop("endpoint", None) or view.__name__
            if self.rules.setdefault(f"{self.name}.{endpoint}", said) != said:
                raise ValueError(f"{self.name}.{endpoint} has two rules of who may call it")
            self.add_url_rule(rule, endpoint, view, **options)
            return view

        return register

    @property
    def index(self) -> str:
        """The endpoint that the navigation leads to."""
        return f"{self.name}.index"
