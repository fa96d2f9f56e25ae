"""The room as it is now. Rule: shows; what changes something is asked of the controller."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from web.page import ANYBODY, Page

page = Page("now", __name__, title="Now", icon="layout-dashboard", key="n")


@page.route("/now", roles=ANYBODY)
def index() -> str:
    """The floor plan and what happens."""
    return render_template("now.html")


@page.route("/", roles=ANYBODY)
def home() -> ResponseReturnValue:
    """Where everybody begins."""
    return redirect(url_for("now.index"), 303)
