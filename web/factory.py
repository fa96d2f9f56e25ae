"""The console as one WSGI application. Rule: pages stand in PAGES; a route without a rule is no console."""

from __future__ import annotations

import time
from io import BytesIO
from typing import IO, Any

from flask import Flask, Request

from controller.console.client import ConsoleClient
from web import markup
from web.desk import site, who
from web.errors import tell_errors
from web.guard import SHORTEST, gather, guard_requests
from web.headers import guard_answers, nonce
from web.i18n import alarm_sentence, kind_sentence, need_sentence, translated, unseen_sentence
from web.live import Live
from web.menu import here, menu, role_name
from web.names import Names, name
from web.page import Page
from web.pages import PAGES
from web.review.seen import Screens
from web.seat import language, seat
from web.settings import Settings
from web.site_facts import SiteFacts
from web.statics import shelf, static_url
from web.strict_json import StrictJson
from web.toasts import toasts
from web.tokens import csrf, mark

LONGEST = 12 << 20
"""Bytes of a request with files: a photograph and its form."""
FIELDS = 200


class InMemory(Request):
    """A request whose files take no room on any disk: there may be none."""

    def _get_file_stream(self, *_: object, **__: object) -> IO[bytes]:
        return BytesIO()


def create_app(settings: Settings, pages: tuple[Page, ...] = PAGES) -> Flask:
    """Make the console; raises ConfigError for a route without a rule."""
    app = Flask("web", static_folder=None, template_folder="templates")
    app.request_class = InMemory
    app.config.update(
        SETTINGS=settings,
        MAX_CONTENT_LENGTH=LONGEST,
        MAX_FORM_MEMORY_SIZE=SHORTEST,
        MAX_FORM_PARTS=FIELDS,
        TRAP_HTTP_EXCEPTIONS=False,
    )
    app.json = StrictJson(app)
    for page in pages:
        app.register_blueprint(page)
    client = ConsoleClient(settings.socket, settings.patience_s)
    app.extensions.update(
        rules=gather(app, pages),
        pages=pages,
        names=Names(),
        live=Live(settings),
        client=client,
        site=SiteFacts(client),
        screens=Screens(),
    )
    guard_requests(app)
    guard_answers(app)
    tell_errors(app)
    _furnish(app)
    shelf()
    return app


def _furnish(app: Flask) -> None:
    """Give the templates their words."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
        translated, lambda one, many, n: translated(one if n == 1 else many), newstyle=True
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        hx=markup.hx,
        icon=markup.icon,
        badge=markup.badge,
        csrf=csrf,
        mark=mark,
        nonce=nonce,
        static=static_url,
    )
    app.jinja_env.filters.update(
        moment=markup.moment,
        hour=markup.hour,
        day=markup.day,
        name=name,
        kind=kind_sentence,
        need=need_sentence,
        alarm=alarm_sentence,
        unseen=unseen_sentence,
        said=translated,
        role=role_name,
    )
    app.context_processor(_around)


def _now_ms() -> int:
    """The room's clock; this machine's for people who are not signed in, who are shown none."""
    me = who()
    return int(me.told["wall_ms"]) if me and "wall_ms" in me.told else int(time.time() * 1000)


def _around() -> dict[str, Any]:
    """What the frame of a page shows; the page of an error asks for less."""
    return {
        "seat": seat(),
        "language": language(),
        "who": who,
        "site": site,
        "toasts": toasts,
        "menu": menu,
        "here": here,
        "now_ms": _now_ms,
    }
