"""Who may call what: asked before every view. Rule: with a route that has no rule the app does not start."""

from __future__ import annotations

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from controller.errors import ConfigError
from web.desk import Who, who
from web.page import Page, Rule
from web.tokens import is_ours

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SHORTEST = 256 << 10
"""Bytes of a request without files; one with a photograph may have more (factory.py)."""
FRESH_S = 300
"""How long a passkey counts as just shown, for routes with ``step_up`` (ASVS 7.5.3)."""


def gather(app: Flask, pages: tuple[Page, ...]) -> dict[str, Rule]:
    """The rule of every endpoint; raises ConfigError for a route without one."""
    rules = {endpoint: rule for page in pages for endpoint, rule in page.rules.items()}
    bare = sorted({rule.endpoint for rule in app.url_map.iter_rules()} - set(rules))
    if bare:
        raise ConfigError(f"routes without a rule of who may call them: {', '.join(bare)}")
    return rules


def guard_requests(app: Flask) -> None:
    """Judge every request of the app before its view."""
    app.before_request(_judge)


def is_fragment() -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def _judge() -> ResponseReturnValue | None:
    if request.endpoint is None:
        request.max_content_length = SHORTEST
        return None  # a path that is not there, or a method: the error page says so
    if request.mimetype != "multipart/form-data" or who() is None:
        request.max_content_length = SHORTEST  # files are held in memory: only of people who are known
    rule: Rule = current_app.extensions["rules"][request.endpoint]
    origin = current_app.config["SETTINGS"].origin
    if request.method not in SAFE and not is_ours(request, origin, needs_mark=not rule.is_open):
        abort(403, "mark")
    if rule.is_open:
        return None
    return _judge_person(rule, who())


def _judge_person(rule: Rule, person: Who | None) -> ResponseReturnValue | None:
    if person is None:
        return _to_sign_in(rule)
    if not person.has(*rule.roles):
        abort(403, "role")
    if rule.step_up and not is_fresh(person):
        return _to_confirm()
    return None


def is_fresh(person: Who) -> bool:
    """Whether this person showed a passkey within the last minutes."""
    return int(person.told.get("fresh_s", FRESH_S)) < FRESH_S


def _to_sign_in(rule: Rule) -> ResponseReturnValue:
    if rule.machine or is_fragment() or request.method not in SAFE:
        abort(401)
    return redirect(url_for("sign_in.index", next=request.full_path.rstrip("?")), 303)


def _to_confirm() -> ResponseReturnValue:
    if request.method not in SAFE or is_fragment():
        abort(401, "fresh")
    return redirect(url_for("sign_in.index", next=request.full_path.rstrip("?"), again=1), 303)
