"""The proof: how far the log is signed and witnessed, and how anybody can check it. Rule: reads only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from controller.core.console_roles import ConsoleRole
from controller.core.words import Kind
from controller.ledger.search.question import Question
from controller.ledger.slip import Slip
from web.desk import look, me, room
from web.i18n import _
from web.log import Entry, finder, reader
from web.markup import instant
from web.page import Page
from web.papers.head_slip import HeadSlip, head_slip_paper
from web.papers.printing import grouped
from web.review.here import READERS, here, now
from web.review.kept import kept
from web.review.proof_state import Heads, heads, newest_slip
from web.review.sheets import printing
from web.review.verdict import verdict
from web.review.verifying import MOST, Checked, verify_newest

ZONED = "%Y-%m-%d %H:%M:%S UTC%z"
WITH_GUARD = (ConsoleRole.GUARD, *READERS)
page = Page("proof", __name__, title="Proof", icon="shield-check", key="f")


@page.route("/proof", roles=WITH_GUARD)
def index() -> str:
    """How far the log is signed and witnessed now."""
    return _page()


@page.route("/proof/verify", roles=READERS, methods=["POST"])
def verify() -> ResponseReturnValue:
    """Verify the newest part of the log now; that somebody did is an Entry first."""
    look("verify", f"newest={MOST}")
    at = now()
    kept().checked = Checked(_zoned(at), verify_newest(reader()))
    return _page(kept().checked)


@page.route("/proof/slip", roles=WITH_GUARD)
def slip() -> ResponseReturnValue:
    """The newest head for the guard's book."""
    look("slip")
    paper = head_slip_paper(_printed(newest_slip(reader())), printing(), _)
    name = 'inline; filename="head.pdf"'
    return Response(paper.pdf, content_type="application/pdf", headers={"Content-Disposition": name})


def _page(verified: Checked | None = None) -> str:
    state, view, size = heads(reader()), room().get("log", {}), reader().count()
    told: dict[str, Any] = {
        "heads": state,
        "size": size,
        "verdict": verdict(state, size, kept().checked, view.get("troubles", [])),
        "root": _groups(state),
        "witnesses": sorted(view.get("witnesses", {}).items()),
        "unwitnessed": _unwitnessed(state),
        "last": _last_verification(),
        "verified": verified.found if verified else None,
        "zoned": ZONED,
        "holds": view.get("holds", []),
        "kept_from": view.get("kept_from", 0),
        "troubles": view.get("troubles", []),
        "most": MOST,
    }
    return render_template("proof.html", **told)


def _groups(state: Heads) -> list[str]:
    """The root in rows of four groups, as the slip shows it."""
    if state.newest is None:
        return []
    root = state.newest.root.hex()
    return [grouped(root[at : at + 16], 4) for at in range(0, 64, 16)]


def _unwitnessed(state: Heads) -> dict[str, Any]:
    """How many Entries no witness has cosigned yet, and since when."""
    count = max(reader().count() - state.witnessed, 0)
    first = next(iter(reader().fetch("SELECT time FROM entry WHERE n = ?", (state.witnessed,))), None)
    return {"count": count, "since": first[0] if count and first else None}


def _last_verification() -> Entry | None:
    """The newest look that was a verification."""
    asked = Question(kinds=frozenset({Kind.EVIDENCE_READ.value}), words="verify")
    looks = finder().find(asked, limit=5, sealed=me().sees_sealed).entries
    return next((one for one in looks if one.get("what") == "verify"), None)


def _printed(slip: Slip) -> HeadSlip:
    """A slip as the paper wants it."""
    at = instant(slip.time)
    cosigners = (
        _("Cosigned by %(name)s at %(time)s", name=one.name, time=_local(one.at * 1000))
        for one in slip.cosigners
    )
    return HeadSlip(
        slip.head.origin,
        slip.head.size,
        _zoned(at),
        slip.code,
        tuple(tuple(groups) for groups in slip.root_groups),
        slip.qr_text,
        tuple(cosigners),
    )


def _local(millis: int) -> str:
    return _zoned(instant(millis))


def _zoned(at: datetime | None) -> str:
    return f"{at.astimezone(here()):{ZONED}}" if at else "-"
