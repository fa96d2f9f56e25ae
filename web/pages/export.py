"""Taking evidence away: chosen, signed for by passkey, then fetched. Rule: no signature, no file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from controller.errors import UserMistake
from web.i18n import _
from web.log import Entry, finder
from web.page import Page
from web.review import lists, taking
from web.review.asked import Asked, asked
from web.review.here import READERS, here, now, plan
from web.review.kept import signed_ranges
from web.review.places import places_of_rooms
from web.review.sheets import chosen, register_of, workbook_of
from web.signing import proposal

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
page = Page("export", __name__)


@page.route("/review/export", roles=READERS)
def index() -> ResponseReturnValue:
    """What is to be taken away, and as what."""
    question = asked(request.args, here(), now())
    try:
        rows = _rows(question)
    except UserMistake as error:
        return _page(question, wrong=str(error)), 400
    return _page(question, rows)


@page.route("/review/export", roles=READERS, methods=["POST"])
def sign() -> ResponseReturnValue:
    """Propose the signature for it."""
    question, form = asked(request.form, here(), now()), request.form.get("form", "")
    if form not in taking.FORMS:
        abort(400)
    asked_for, words = _chosen(question, form)
    onward = url_for("export.ready", form=form, **question.args)
    done = _("Signed. The file can be fetched for ten minutes.")
    return proposal("export_evidence", next=onward, done=done, form=form, filter=asked_for, words=words)


@page.route("/review/export/ready", roles=READERS)
def ready() -> ResponseReturnValue:
    """What was signed for, to be fetched."""
    question, form, _signed = _signed_for()
    return render_template("export_ready.html", asked=question, form=form)


@page.route("/review/export/file", roles=READERS)
def fetch() -> ResponseReturnValue:
    """The file."""
    question, form, signed = _signed_for()
    if form == "folder":
        return Response(_folder(), content_type="application/x-tar", headers=_as("evidence.tar"))
    found = taking.taken(question, places_of_rooms(plan()), int(signed["n"]), signed_ranges())
    if form == "xlsx":
        taken = workbook_of(found, question, signed).xlsx
        return Response(taken, content_type=XLSX, headers=_as(f"{_name(question)}.xlsx"))
    if len(found) > taking.MOST_PRINTED:
        abort(400)
    paper = register_of(found, question, signed)
    return Response(paper.pdf, content_type="application/pdf", headers=_as(f"{_name(question)}.pdf"))


def _page(question: Asked, rows: int = 0, wrong: str = "") -> str:
    told = {"asked": question, "chosen": chosen(question), "rows": rows, "wrong": wrong}
    return render_template("export.html", **told, taking=taking)


def _folder() -> Iterator[bytes]:
    pieces = taking.folder(current_app.config["SETTINGS"].log)
    first = next(pieces)  # what is wrong with the log is told as a page, not in the middle of a file

    def every() -> Iterator[bytes]:
        yield first
        yield from pieces

    return every()


def _signed_for() -> tuple[Asked, str, Entry]:
    """The question, the form and the Entry that allows it; 404 where nobody signed for it."""
    question, form = asked(request.args, here(), now()), request.args.get("form", "")
    signed = taking.signed_for(form, *_chosen(question, form), now())
    if signed is None:
        abort(404)
    return question, form, signed


def _chosen(question: Asked, form: str) -> tuple[str, str]:
    """Filter and words of what is taken: of a folder none, because it is the whole log."""
    return ("", "") if form == "folder" else (question.filter, question.words)


def _rows(question: Asked) -> int:
    """How many rows it is, counted to one more than a printed register holds."""
    places, signed = places_of_rooms(plan()), signed_ranges()
    entries: list[Any] = []
    end: int | None = 2**62
    while end is not None and len(entries) <= taking.MOST_PRINTED:
        page_of = lists.found(finder(), question, places, end, signed, 1_000)
        entries += page_of.entries
        end = page_of.next
    return len(entries)


def _name(question: Asked) -> str:
    """What the file is called: by the days it is of."""
    return f"register-{question.since:%Y%m%d}-{question.until:%Y%m%d}"


def _as(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
