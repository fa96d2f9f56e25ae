"""What the desk's script asks for: a document judged, a host found, a camera's picture read; and papers.

Rule: every answer is small and says what to do next; a picture that was read is not kept.
"""

from __future__ import annotations

from typing import Any

from flask import Response, abort, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from controller.core.console_roles import ConsoleRole
from controller.core.documents import DocumentWrongError, masked
from web.camera.images import PictureRefused
from web.camera.ocr import OcrMissingError
from web.desk import Refused, me, room, told
from web.i18n import _
from web.page import EVERYDAY
from web.pages import visitors
from web.pages.visitors import ASKERS, DESK
from web.pages.visitors_deeds import wanted
from web.papers.printing import Paper
from web.people_search import matches
from web.visits.areas import said
from web.visits.book import row
from web.visits.camera import code_in, document_in, sent
from web.visits.form import judged, room_time, why_wrong
from web.visits.hosts import staff, suggestions
from web.visits.keeping import keep
from web.visits.known import half_shown, known
from web.visits.paper import notice_paper, pass_paper, photo

page = visitors.page
"""With the routes of visitors.py and visitors_deeds.py."""


@page.route("/visitors/look-up", roles=DESK, machine=True, methods=["POST"])
def look_up() -> ResponseReturnValue:
    """Judge a document number, and say whose it is."""
    said = request.get_json(silent=True)
    said = said if isinstance(said, dict) else {}
    try:
        found = judged(str(said.get("kind", "")), str(said.get("document", "")), room_time(room()).date())
        answer = told("visitor", document=found.number)
    except DocumentWrongError as error:
        return _no(why_wrong(error))
    except Refused as refused:
        many = _("Too many documents in a minute. Wait a little.")
        return _no(many if refused.reason == "too_many" else refused.need)
    shown: dict[str, Any] = {"masked": masked(found.number), "kind": found.kind.value}
    return jsonify(shown | {"blocked": answer["blocked"], "guest": _guest(answer), "open": _open(answer)})


@page.route("/visitors/read", roles=DESK, machine=True, methods=["POST"])
def read() -> ResponseReturnValue:
    """Read the lines at the foot of a document out of a picture."""
    try:
        found = document_in(sent(), room_time(room()).date())
    except PictureRefused:
        return _no(_("This is no JPEG or PNG picture that can be read."))
    except OcrMissingError:
        return _no(_("Documents cannot be read here: the reading program is not installed. Type the number."))
    if found is None:
        return _no(_("No lines were read. Hold the document flat and close, or type the number."), 422)
    return jsonify(found)


@page.route("/visitors/photo", roles=DESK, machine=True, methods=["POST"])
def take_photo() -> ResponseReturnValue:
    """Keep a photograph; its digest."""
    try:
        return jsonify(digest=keep(sent()))
    except PictureRefused:
        return _no(_("This is no JPEG or PNG picture that can be read."))
    except Refused as refused:
        return _no(refused.need)


@page.route("/visitors/find", roles=DESK, machine=True, methods=["POST"])
def find() -> ResponseReturnValue:
    """Whose pass, badge or name it is: the visit that goes on."""
    try:
        text = code_in(sent()) if request.files else request.form.get("text", "")
    except PictureRefused:
        return _no(_("This is no JPEG or PNG picture that can be read."))
    if not text.strip():
        return _no(_("No code was seen. Hold the pass flat and close."), 422)
    visit = _found(text.strip())
    if not visit:
        return _no(_("Nobody in the house fits. Look in the list."))
    return jsonify(next=url_for("visitors.index", visit=visit))


@page.route("/visitors/hosts", roles=ASKERS, machine=True)
def hosts() -> ResponseReturnValue:
    """Who may be meant by a few letters."""
    return jsonify(hosts=suggestions(request.args.get("q", "")[:64], room()))


@page.route("/visitors/photo/<digest>", roles=(*DESK, ConsoleRole.AUDITOR), machine=True)
def show_photo(digest: str) -> ResponseReturnValue:
    """A photograph; the look is an Entry."""
    jpeg = photo(digest)
    return Response(jpeg, mimetype="image/jpeg") if jpeg else abort(404)


@page.route("/visitors/<visit>/pass.pdf", roles=DESK)
def pass_pdf(visit: str) -> ResponseReturnValue:
    """The pass of a visit, as a card or (``?size=a6``) a leaf."""
    found = wanted(visit)
    if found.told["status"] != "inside":
        abort(404)
    return _pdf(pass_paper(found, room(), is_leaf=request.args.get("size") == "a6"), f"pass-{visit}")


@page.route("/visitors/notice.pdf", roles=EVERYDAY)
def notice_pdf() -> ResponseReturnValue:
    """What a visitor is told of their data, and promises."""
    visit = request.args.get("visit", "")
    return _pdf(notice_paper(wanted(visit) if visit else None, room()), "notice")


def _guest(answer: dict[str, Any]) -> dict[str, Any] | None:
    """Who it may be: what is shown to recognise them, and what is taken over when it is they."""
    visitor = str(answer["visitor"])
    guest = known(visitor) if visitor else None
    if guest is None or not guest.claims.get("name"):
        return None
    claims, last = guest.claims, guest.last
    host = str(last.get("host", ""))
    return {
        "shown": [claims["name"], claims.get("company", ""), half_shown(claims.get("contact", ""))],
        "visits": answer["visits"],
        "host": staff(room()).get(host, ""),
        "photo": url_for("visitors.show_photo", digest=claims["photo"]) if claims.get("photo") else "",
        "fields": {
            **{name: claims.get(name, "") for name in ("name", "company", "contact", "photo")},
            "host": host if host in staff(room()) else "",
            "purpose": last.get("purpose", ""),
            "purpose_words": last.get("words", ""),
        },
        "areas": said(last.get("areas", []), room()),
    }


def _open(answer: dict[str, Any]) -> list[dict[str, str]]:
    view, who = room(), me()
    rows = [row(view, str(visit), who) for visit in answer["open"]]
    return [
        {"url": url_for("visitors.index", visit=one.id), "text": f"{one.sign[2]} · {one.purpose}"}
        for one in rows
        if one
    ]


def _found(text: str) -> str:
    """The visit that goes on and fits a code, a badge or a name; "" for none and for several."""
    view = room()
    rows = [row(view, visit, me()) for visit in view.get("visits", {}).get("book", {})]
    inside = {one.id: one for one in rows if one and one.told["open"] and one.told["badge"]}
    by_badge = [visit for visit, one in inside.items() if one.told["badge"] == text]
    if by_badge:
        return by_badge[0]
    try:
        return str(told("pass_of", code=text[:64])["visit"])
    except Refused:
        named = {visit: one.guest.claims.get("name", "") for visit, one in inside.items()}
        fits = matches(text, named)
        return fits[0] if len(fits) == 1 else ""


def _pdf(paper: Paper, name: str) -> Response:
    response = Response(paper.pdf, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def _no(text: str, status: int = 409) -> Response:
    response = jsonify(error=text)
    response.status_code = status
    return response
