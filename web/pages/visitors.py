"""The visitor desk on one screen: who comes, who is in the house, who waits (behaviour 56, 57).

Rule: the number of a document goes to the controller and is never shown again.
"""

from __future__ import annotations

from collections.abc import Mapping
from secrets import token_urlsafe
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from controller.core.console_roles import ConsoleRole
from controller.core.visit_words import OTHER
from web.camera.images import PictureRefused
from web.desk import Refused, ask, me, room
from web.i18n import _
from web.page import EVERYDAY, Page
from web.review.corrections import of_visit
from web.visits.answers import beside, is_script, onward, script_wrong
from web.visits.areas import areas, said
from web.visits.book import DESK as AT_THE_DESK
from web.visits.book import Row, free_badges, lists, row
from web.visits.camera import sent
from web.visits.form import LENGTHS, Filled, filled, local_input
from web.visits.group import next_pass, to_approve, together
from web.visits.hosts import staff
from web.visits.keeping import keep
from web.visits.leaving import asks_for_badge
from web.visits.words import DEVICES, DOCUMENTS, purposes

page = Page("visitors", __name__, title="Visitors", icon="users", key="v")
DESK = (ConsoleRole.GUARD, ConsoleRole.CHIEF)
ASKERS = (ConsoleRole.GUARD, ConsoleRole.CUSTODIAN, ConsoleRole.CHIEF)
DEVICE_ROWS = 4


@page.route("/visitors", roles=EVERYDAY)
def index() -> str:
    """The desk; ``visit`` chooses one, ``like`` begins another of its group, ``issued`` prints a pass."""
    return desk()


@page.route("/visitors/lists", roles=EVERYDAY)
def now() -> str:
    """Who is in the house, waits or is expected, as it is now."""
    return render_template("visitors_lists.html", lists=lists(room(), me()))


@page.route("/visitors", roles=ASKERS, endpoint="register", methods=["POST"])
def register() -> ResponseReturnValue:
    """Request a visit."""
    view = room()
    made = filled(request.form, view)
    _photo(made)
    if made.wrong:
        return _again(made.wrong)
    try:
        answer = ask("request_visit", key=request.form.get("key", ""), **made.fields)
    except Refused as refused:
        return _again(beside(refused))
    words = _("Requested. %(host)s or a chief approves it.", host=staff(view)[made.fields["host"]])
    visit = str(answer.get("visit", ""))
    if request.form.get("more"):
        return onward(url_for("visitors.index", like=visit), words)
    return onward(url_for("visitors.index", visit=visit), words)


def desk(
    wrong: Mapping[str, str] | None = None,
    typed: MultiDict[str, str] | None = None,
    deed: str = "",
    visit: str = "",
) -> str:
    """The screen; ``wrong`` stands beside the fields of the form, or of the ``deed`` at a visit."""
    view, who = room(), me()
    chosen = row(view, visit or request.args.get("visit", ""), who)
    like = row(view, request.args.get("like", ""), who)
    issued = row(view, request.args.get("issued", ""), who)
    group = together(chosen, view, who) if chosen else []
    return render_template(
        "visitors.html",
        typed=_like(like, view) if typed is None or deed else typed,
        typed_deed=typed if typed is not None and deed else MultiDict(),
        wrong={} if deed else wrong or {},
        wrong_deed=wrong or {} if deed else {},
        deed=deed,
        chosen=chosen,
        may=_may(chosen),
        issued=issued,
        next_pass=next_pass(together(issued, view, who), who) if issued else None,
        group=[one for one in group if chosen and one.id != chosen.id],
        to_approve=to_approve(group),
        lists=lists(view, who),
        blocked=view.get("visits", {}).get("blocked", []),
        is_desk=who.has(*AT_THE_DESK),
        may_ask=who.has(*ASKERS),
        areas=areas(view),
        corrected=of_visit(chosen.id) if chosen else [],
        areas_said=said(chosen.told["areas"], view) if chosen else [],
        areas_of={one.id: said(one.told["areas"], view) for one in group},
        people=staff(view),
        badges=free_badges(view),
        lockers=sorted(view.get("visits", {}).get("lockers", {})),
        said_pairs=_said_pairs,
        asks_for_badge=asks_for_badge,
        local_input=local_input,
        purposes=purposes(),
        other=OTHER,
        devices=DEVICES,
        documents=DOCUMENTS,
        lengths=LENGTHS,
        device_rows=DEVICE_ROWS,
        key=token_urlsafe(12),
    )


def _again(wrong: dict[str, str]) -> ResponseReturnValue:
    if is_script():
        return script_wrong(wrong)
    return desk(wrong, request.form), 409


def _photo(made: Filled) -> None:
    """A photograph that came as a file, where no script has sent it before."""
    picture = sent("photo_file")
    if "photo" in made.fields or not picture or made.wrong:
        return
    try:
        made.fields["photo"] = keep(picture)
    except PictureRefused:
        made.wrong["photo"] = _("This is no JPEG or PNG picture that can be read.")
    except Refused as refused:
        made.wrong["photo"] = refused.need


def _like(one: Row | None, view: Mapping[str, Any]) -> MultiDict[str, str]:
    """The form of another visitor of the same group; an empty one otherwise."""
    if one is None:
        return MultiDict()
    visit, purpose, can = one.told, str(one.told["purpose"]), purposes()
    same: list[tuple[str, str]] = [
        ("host", str(visit["host"])),
        ("purpose", purpose if purpose in can else OTHER),
        ("purpose_words", "" if purpose in can else one.purpose),
        ("group", str(visit["group"]) or one.id),
        ("company", one.guest.claims.get("company", "")),
        ("from_ms", str(visit["starts"])),
        ("until_ms", str(visit["ends"])),
        *(("areas", area) for area in said(visit["areas"], view)),
    ]
    return MultiDict(same)


def _said_pairs(words: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(str(word), _(text)) for word, text in words.items()]


def _may(one: Row | None) -> dict[str, bool]:
    """What this person may do with a visit; the controller judges it again."""
    if one is None:
        return {}
    who, visit, status = me(), one.told, one.told["status"]
    speaks = who.person == visit["host"] or who.has("chief")
    at_desk = who.has(*AT_THE_DESK)
    awaited = status in {"requested", "approved"}
    return {
        "approve": status == "requested" and speaks and who.has(*ASKERS),
        "extend": status == "inside" and speaks and not visit["late"] and who.has(*ASKERS),
        "decline": awaited and (speaks or who.person == visit["by"]) and who.has(*ASKERS),
        "complete": awaited and at_desk and not visit["identified"],
        "move": awaited and who.has(*ASKERS) and (at_desk or who.person in {visit["host"], visit["by"]}),
        "issue": status == "approved" and not one.needs_host and at_desk and visit["identified"],
        "reprint": status == "inside" and at_desk,
        "check_out": at_desk and (status == "inside" or (status == "left" and visit["open"])),
        "block": at_desk and not visit["blocked"],
        "unblock": who.has("chief") and visit["blocked"],
        "photo": who.has(*AT_THE_DESK, "auditor") and bool(one.guest.claims.get("photo")),
    }
