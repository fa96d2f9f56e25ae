"""My account: passkeys, password, code, sessions. Rule: everybody sees and changes only their own here."""

from __future__ import annotations

from flask import render_template

from web.desk import told
from web.page import ANYBODY, Page

page = Page("account", __name__)


@page.route("/account", roles=ANYBODY)
def index() -> str:
    """What this person signs in with, and where they are signed in."""
    return render_template("account.html", sessions=told("sessions")["sessions"])
