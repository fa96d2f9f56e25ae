"""The chief's review: timeline and list. Rule 26: it reads the log; every question is an Entry first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from controller.errors import UserMistake
from controller.ledger.sign_off import Range
from web.desk import me
from web.log import Entry, finder, reader
from web.page import Page
from web.review import lists
from web.review.asked import Asked, asked
from web.review.drawn import drawn
from web.review.groups import GROUPS, ONLY
from web.review.here import READERS, here, now, plan, screens
from web.review.kept import signed_ranges
from web.review.looking import REVIEW, looked
from web.review.moments import DAY, day_of
from web.review.people import people_called
from web.review.places import SORTS, lanes, places_of_rooms
from web.review.proof_state import heads
from web.review.window import ZOOMS, Window, window
from web.tokens import token

SHIFT = timedelta(hours=8)
page = Page("review", __name__, title="Review", icon="timeline-event", key="r")


@page.route("/review", roles=READERS)
def index() -> ResponseReturnValue:
    """What happened, as it was asked for; a question that is not understood is not asked."""
    at, args = now(), dict(request.args)
    question = asked(args, here(), at)
    try:
        people = _people(args, question)
        if len(people) == 1:
            question = asked({**args, "who": people[0]}, here(), at)
        question.question({})
    except UserMistake as error:
        return _page(Window(question), at, wrong_words=str(error)), 400
    view = window(args, question, here(), at)
    if question.wrong:
        return _page(view, at), 400
    if args.get("person") and len(people) != 1 and not question.who:
        return _page(view, at, people=people, nobody=not people)
    return _page(view, at, **_answer(view, at))


def _people(args: dict[str, str], question: Asked) -> list[str]:
    """Ids of whom somebody typed; nothing is looked for where an id is given already."""
    typed = args.get("person", "").strip()
    if not typed or question.who:
        return []
    return people_called(typed, finder(), sealed=me().sees_sealed)


def _answer(view: Window, at: datetime) -> dict[str, Any]:
    look = looked(REVIEW, view.asked.filter, view.asked.words, at, request.args.get("look", ""))
    places, signed, state = places_of_rooms(plan()), signed_ranges(), heads(reader())
    marks = lists.found(finder(), view.shown, places, look, signed, lists.MOST)
    entries, following = _listed(marks, view, look, signed)
    lines = [lists.line(one, here(), state, signed) for one in entries]
    screens().show(token(), lists.numbers(lines))
    return {
        "lines": lines,
        "look": look,
        "next": following,
        "cut": marks.next is not None,
        "svg": drawn(view, marks.entries, look, at),
        "seen": screens().seen(token()),
    }


def _listed(
    marks: lists.Found, view: Window, look: int, signed: tuple[Range, ...]
) -> tuple[tuple[Entry, ...], int | None]:
    """The rows of this page, and the counter below which the next one begins."""
    before, found = request.args.get("before", ""), marks
    if before.isdecimal() and len(before) < len("1000000000000000"):
        end = min(look, int(before))
        found = lists.found(finder(), view.shown, places_of_rooms(plan()), end, signed)
    shown = found.entries[: lists.PAGE]
    is_more = len(found.entries) > lists.PAGE or found.next is not None
    return shown, int(shown[-1]["n"]) if shown and is_more else None


def _page(view: Window, at: datetime, **more: Any) -> str:
    """The page; without ``lines`` nothing was looked at yet."""
    told: dict[str, Any] = {"people": [], "nobody": False, "wrong_words": "", "lines": None, "look": 0}
    return render_template(
        "review.html",
        **(told | more),
        view=view,
        asked=view.asked,
        groups=GROUPS,
        only=ONLY,
        zooms=ZOOMS,
        places=[(sort, [name for one, name in lanes(plan()) if one == sort]) for sort in SORTS],
        sorts=SORTS,
        quick=_quick(at),
        typed=request.args,
    )


def _quick(at: datetime) -> dict[str, Asked]:
    """Spans that are asked for every day, by a stable word."""
    today = day_of(at, here())
    shift = today + SHIFT * ((at - today) // SHIFT)
    spans = {
        "today": (today, today + DAY),
        "yesterday": (today - DAY, today),
        "shift": (shift, shift + SHIFT),
        "week": (today - 6 * DAY, today + DAY),
    }
    now_asked = asked(dict(request.args), here(), at)
    return {word: now_asked.within(*span) for word, span in spans.items()}
