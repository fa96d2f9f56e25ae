"""Signing Entries off: a queue by oldest, what was seen, one signature. Rule: only what was on the screen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from controller.core.console_roles import ConsoleRole
from controller.core.words import Kind
from controller.ledger.search.question import Question
from controller.ledger.sign_off import Range
from web import log
from web.desk import me
from web.i18n import _
from web.log import Entry, finder, reader
from web.page import Page
from web.review import lists, queue
from web.review.day import span_of
from web.review.groups import ONLY
from web.review.here import READERS, here, is_forgotten, now, screens
from web.review.kept import kept, signed_ranges
from web.review.looking import REVIEW, looked
from web.review.moments import typed
from web.review.proof_state import heads
from web.review.sheets import sheet_of
from web.review.signed_set import own_among, standing, to_sign
from web.signing import proposal, wrong
from web.tokens import token

CHIEF = (ConsoleRole.CHIEF,)
SHEETS = 10
page = Page("sign_off", __name__)


@page.route("/review/sign-off", roles=READERS)
def index() -> ResponseReturnValue:
    """What nobody has signed off yet, the oldest first; ``day``: of one day alone."""
    only, text = request.args.get("only", "matters"), request.args.get("day", "").strip()
    only = only if only in ONLY else "matters"
    day = typed(text, here(), now())
    asked = f"unsigned=1&only={only}" + (f"&day={day.at:%Y-%m-%d}" if day else "")
    look = looked(REVIEW, asked, "", now(), request.args.get("look", ""))
    signed, state = signed_ranges(), heads(reader())
    numbers = _waiting(only, signed, look) if day is None else _of_day(only, signed, look, day.at)
    lines = [lists.line(one, here(), state, ()) for n in numbers[: queue.PAGE] if (one := log.entry(n))]
    screens().show(token(), lists.numbers(lines))
    told = {
        "lines": lines,
        "look": look,
        "only": only,
        "onlys": ONLY,
        "day": f"{day.at:%Y-%m-%d}" if day else "",
        "wrong_day": bool(text) and day is None,
        "sheets": _sheets(),
        "is_forgotten": is_forgotten(),
        **_counted(signed, lists.numbers(lines)),
    }
    following = numbers[queue.PAGE - 1] if len(numbers) > queue.PAGE else None
    return render_template("sign_off.html", **told, next=following)


@page.route("/review/sign-off", roles=CHIEF, methods=["POST"])
def sign() -> ResponseReturnValue:
    """Propose the signature over everything that was seen and is not signed yet."""
    with_own = request.form.get("own") == "1"
    seen = screens().seen(token())
    found = to_sign(reader(), seen, signed_ranges(), me().person, with_own=with_own)
    if found is None:
        return wrong({"refused": "not_seen"})
    done = _("Signed off: %(n)s entries.", n=found.count)
    return proposal("sign_off", next=url_for("sign_off.index"), done=done, **found.fields)


@page.route("/review/sign-off/<int:n>/sheet", roles=READERS)
def sheet(n: int) -> ResponseReturnValue:
    """The sheet of a sign-off, to be printed."""
    found = log.entry(n)
    if found is None or found.get("kind") != Kind.SIGNED_OFF:
        abort(404)
    looked("print", f"sign_off={n}", "", now())
    paper = sheet_of(found)
    name = f'inline; filename="sign-off-{n}.pdf"'
    return Response(paper.pdf, content_type="application/pdf", headers={"Content-Disposition": name})


def _waiting(only: str, signed: tuple[Range, ...], look: int) -> list[int]:
    """Counters of a page of the queue and one more; where it begins is remembered."""
    after = _after()
    start = max(after, kept().begin(only) - 1)
    numbers = queue.waiting(reader(), only, signed, (start, look), queue.PAGE + 1)
    if after < 0:
        kept().begins(only, numbers[0] if numbers else look)
    return numbers


def _of_day(only: str, signed: tuple[Range, ...], look: int, day: datetime) -> list[int]:
    """Counters of a page of one day's part of the queue, and one more."""
    begin, end = span_of(reader(), day)
    return queue.waiting(reader(), only, signed, (max(begin, _after()), min(look, end)), queue.PAGE + 1)


def _after() -> int:
    after = request.args.get("after", "")
    return int(after) if after.isdecimal() and len(after) < len("1000000000000000") else -1


def _counted(signed: tuple[Range, ...], shown: list[int]) -> dict[str, Any]:
    """What is seen, what a signature would hold now, and what of this page it would not."""
    seen = screens().seen(token())
    unseen = [n for n in shown if n not in seen]
    return {
        "seen": seen,
        "standing": standing(reader(), seen, signed, me().person),
        "own": own_among(reader(), shown, me().person),
        "unseen": unseen,
    }


def _sheets() -> list[Entry]:
    """The newest sign-offs."""
    asked = Question(kinds=frozenset({Kind.SIGNED_OFF.value}))
    return finder().find(asked, limit=SHEETS, sealed=me().sees_sealed).entries
