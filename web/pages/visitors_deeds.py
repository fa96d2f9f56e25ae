"""What is done with a visit: approved, a pass handed out and taken back, somebody blocked.

Rule: approval, a later end and the lifting of a block are signed; the controller judges every one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue

from controller.core.documents import DocumentWrongError
from web.camera.images import PictureRefused
from web.desk import Refused, ask, me, room
from web.i18n import _
from web.pages.visitors import ASKERS, DESK, DEVICE_ROWS, desk, page
from web.signing import proposal
from web.visits.answers import beside, is_script, onward, script_wrong
from web.visits.book import Row, row
from web.visits.camera import sent
from web.visits.form import judged, moment_of, room_time, why_wrong
from web.visits.group import to_approve, together
from web.visits.hosts import meant
from web.visits.keeping import keep
from web.visits.leaving import given_back
from web.visits.words import MISSING


@page.route("/visitors/<visit>/approve", roles=ASKERS, methods=["POST"])
def approve(visit: str) -> ResponseReturnValue:
    """Sign that a visit, or those ticked of its group, may take place; or that it ends later."""
    one, more = wanted(visit), dict[str, Any](visit=visit)
    if text := request.form.get("until", ""):
        until = moment_of(text)
        if until is None:
            return script_wrong({"": _("Write day and time.")})
        more["until"] = until
    elif request.form.get("of_group"):
        ticked = request.form.getlist("visits")
        if why := _why_not(ticked, one):
            return script_wrong({"": why})
        more = {"visits": ticked} if len(ticked) > 1 else {"visit": ticked[0]}
    onward_to = url_for("visitors.index", visit=visit)
    return proposal("approve_visit", next=onward_to, done=_("Approved."), **more)


def _why_not(ticked: list[str], one: Row) -> str:
    """Why these visits cannot be approved together; "" where they can."""
    can = {other.id for other in to_approve(together(one, room(), me()))}
    if not ticked:
        return _("Tick at least one visitor.")
    return "" if {*ticked} <= can else _("The group has changed. Load the page again and look once more.")


@page.route("/visitors/<visit>/decline", roles=ASKERS, methods=["POST"])
def decline(visit: str) -> ResponseReturnValue:
    """Decline a visit, or take it back."""
    note = request.form.get("reason", "").strip()
    return _done(visit, "decline", "decline_visit", _("Declined."), reason=note)


@page.route("/visitors/<visit>/host", roles=ASKERS, methods=["POST"])
def move(visit: str) -> ResponseReturnValue:
    """Give a visit that is awaited another host; who approves it is asked anew."""
    one, view = wanted(visit), room()
    host = meant(request.form.get("new_host", "").strip(), view)
    if not host:
        return _wrong(visit, "move", {"new_host": _("Choose one person.")})
    if host == one.told["host"]:
        return _wrong(visit, "move", {"new_host": _("This is the host already.")})
    return _done(visit, "move", "change_visit", _("Moved. The new host or a chief approves it."), host=host)


@page.route("/visitors/<visit>/complete", roles=DESK, methods=["POST"])
def complete(visit: str) -> ResponseReturnValue:
    """Add the document of somebody who had been announced without it."""
    text, kind = request.form.get("document", ""), request.form.get("document_kind", "")
    try:
        found = judged(kind, text, room_time(room()).date())
    except DocumentWrongError as error:
        return _wrong(visit, "complete", {"document": why_wrong(error)})
    shown = {"document": found.number, "document_kind": found.kind.value}
    return _done(visit, "complete", "change_visit", _("Written down."), **shown)


@page.route("/visitors/<visit>/issue", roles=DESK, methods=["POST"])
def issue(visit: str) -> ResponseReturnValue:
    """Hand a pass over."""
    form, one = request.form, wanted(visit)
    escort = meant(form.get("escort", ""), room()) if form.get("escort", "").strip() else one.told["host"]
    if not escort:
        return _wrong(visit, "issue", {"escort": _("Choose one person.")})
    if not form.get("badge", "").strip():
        return _wrong(visit, "issue", {"badge": _("Scan a badge from the box, or type its number.")})
    fields: dict[str, Any] = {
        "badge": form.get("badge", "").strip(),
        "escort": escort,
        "devices": _devices(),
        **{flag: bool(form.get(flag)) for flag in ("identity_checked", "instruction_given")},
        "privacy_notice_given": bool(form.get("privacy_notice_given")),
    }
    picture, why_none = _pictured()
    fields |= picture
    if wrong := why_none or _missing(one.told, fields):
        return _wrong(visit, "issue", wrong)
    try:
        ask("issue_pass", key=form.get("key", ""), visit=visit, **fields)
    except Refused as refused:
        return _wrong(visit, "issue", beside(refused))
    return onward(url_for("visitors.index", issued=visit), _("The pass is issued."))


@page.route("/visitors/<visit>/reprint", roles=DESK, methods=["POST"])
def reprint(visit: str) -> ResponseReturnValue:
    """Print a pass again; it is counted, and stands on the pass."""
    note = request.form.get("reason", "").strip()
    there = url_for("visitors.index", issued=visit)
    return _done(visit, "reprint", "reprint_pass", _("Written down; print it now."), there, reason=note)


@page.route("/visitors/<visit>/check-out", roles=DESK, methods=["POST"])
def check_out(visit: str) -> ResponseReturnValue:
    """Take pass and badge back, and hand the devices out; each is said, and what is missing is explained."""
    said = given_back(request.form, wanted(visit).told)
    if said.wrong:
        return _wrong(visit, "check_out", said.wrong)
    lost = said.fields.get("badge_returned") is False
    gone = _("The visitor is signed out.")
    words = _("The visitor is signed out. The badge is reported lost and dead.") if lost else gone
    there = url_for("visitors.index", visit=visit) if said.is_missing else url_for("visitors.index")
    return _asked(visit, "check_out", words, "check_out", there, visit=visit, **said.fields)


@page.route("/visitors/<visit>/block", roles=DESK, methods=["POST"])
def block(visit: str) -> ResponseReturnValue:
    """Let a visitor come no more."""
    visitor, note = str(wanted(visit).told["visitor"]), request.form.get("reason", "").strip()
    if not note:
        return _wrong(visit, "block", {"reason": _("Write down why.")})
    return _asked(visit, "block", _("Blocked."), "block_visitor", visitor=visitor, reason=note)


@page.route("/visitors/unblock", roles=ASKERS, methods=["POST"])
def unblock() -> ResponseReturnValue:
    """Sign that somebody may come again."""
    visitor, note = request.form.get("visitor", ""), request.form.get("reason", "").strip()
    onward_to = url_for("visitors.index")
    return proposal(
        "unblock_visitor", next=onward_to, done=_("May come again."), visitor=visitor, reason=note
    )


def wanted(visit: str) -> Row:
    """The visit of a path, as far as it concerns this person."""
    found = row(room(), visit, me())
    if found is None:
        abort(404)
    return found


def _done(
    visit: str, deed: str, name: str, words: str, there: str = "", /, **fields: Any
) -> ResponseReturnValue:
    """Ask for something about a visit; "reason" must have been written where it is a field."""
    wanted(visit)
    if fields.get("reason") == "":
        return _wrong(visit, deed, {"reason": _("Write down why.")})
    return _asked(visit, deed, words, name, there, visit=visit, **fields)


def _asked(
    visit: str, deed: str, words: str, name: str, there: str = "", /, **fields: Any
) -> ResponseReturnValue:
    try:
        ask(name, key=request.form.get("key", ""), **fields)
    except Refused as refused:
        return _wrong(visit, deed, beside(refused))
    return onward(there or url_for("visitors.index", visit=visit), words)


def _wrong(visit: str, deed: str, wrong: dict[str, str]) -> ResponseReturnValue:
    if is_script():
        return script_wrong(wrong)
    return desk(wrong, request.form, deed, visit), 409


def _devices() -> list[dict[str, str]]:
    """The devices of the form: what, and which locker; a row without a locker says nothing."""
    rows = [
        (request.form.get(f"what{n}", ""), request.form.get(f"locker{n}", "")) for n in range(DEVICE_ROWS)
    ]
    return [{"what": what, "locker": locker.strip()} for what, locker in rows if what and locker.strip()]


def _missing(told: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, str]:
    """What a form lacks that nobody has finished; the controller would refuse it, and the log keep that."""
    photo = told.get("photographed") or fields.get("photo") or fields.get("no_photo")
    said = {**fields, "photo": photo}
    return {name: _(text) for name, text in MISSING.items() if not said[name]}


def _pictured() -> tuple[dict[str, str], dict[str, str]]:
    """The fields of the photograph, and what is wrong with it."""
    try:
        return _photo(), {}
    except PictureRefused:
        return {}, {"photo": _("This is no JPEG or PNG picture that can be read.")}
    except Refused as refused:
        return {}, {"photo": refused.need}


def _photo() -> dict[str, str]:
    if photo := request.form.get("photo", ""):
        return {"photo": photo}
    if picture := sent("photo_file"):
        return {"photo": keep(picture)}
    why = request.form.get("no_photo", "").strip()
    return {"no_photo": why} if why else {}
