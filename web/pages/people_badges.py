"""Badges of somebody: shown, blocked at once, made at the enrolment reader. Rule: no key is told."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.choices import person_words
from web.desk import Refused, ask, me, site
from web.i18n import _, need_sentence, translated
from web.people.page import CHIEFS, DESK, WATCH, One, page, somebody
from web.people.said import signed
from web.people.words import level_words
from web.toasts import toast

TOLD_MS = 10 * 60_000
"""How long it is told on the page how the making of a badge ended."""
LONGEST = 200


@page.route("/people/<person>/badges", roles=WATCH)
def badges(person: str) -> str:
    """What lives of the page: badges, and one that is being made."""
    about = somebody(person)
    return render_template("people_badges.html", one=about, **badges_of(about))


@page.route("/people/<person>/block", roles=DESK, methods=["POST"])
def block(person: str) -> ResponseReturnValue:
    """Block a badge at once."""
    about = somebody(person)
    badge, why = request.form.get("badge", ""), request.form.get("reason", "").strip()[:LONGEST]
    onward = redirect(url_for("people.one", person=about.id), 303)
    if about.view["badges"].get(badge, {}).get("holder") != about.id:
        return toast(onward, _("This badge is not there any more."), "warn")
    if not why:
        return toast(onward, _("Say why the badge is blocked."), "warn")
    try:
        ask("block_badge", key=request.form.get("key", ""), badge=badge, reason=why)
    except Refused as refused:
        return toast(onward, refused.need, "warn")
    return toast(onward, _("Blocked: badge %(badge)s opens nothing any more.", badge=badge))


@page.route("/people/<person>/badge", roles=CHIEFS)
def badge_form(person: str) -> str:
    """How a badge is made, and for which level."""
    about = somebody(person, here=True)
    return render_template(
        "people_badge.html",
        one=about,
        levels=[(one, level_words(one)) for one in _levels()],
        readers=_readers(),
    )


@page.route("/people/<person>/badge", roles=CHIEFS, endpoint="make_badge", methods=["POST"])
def make_badge(person: str) -> ResponseReturnValue:
    """Propose a badge; two chiefs sign, and then the card is held at the reader."""
    about = somebody(person, here=True)
    level, reader = request.form.get("level", ""), request.form.get("reader", "")
    return signed(
        "issue_badge",
        _("Make a badge for %(person)s", person=person_words(about.id)),
        [[_("Level"), level_words(level)], [_("Reader"), reader]],
        onward=url_for("people.one", person=about.id) + "#badges",
        done=_(
            "Hold the new card at the reader now. It must lie there until the page says that it is a badge."
        ),
        person=about.id,
        level=level,
        reader=reader,
    )


@page.route("/people/<person>/invite", roles=CHIEFS, methods=["POST"])
def invite(person: str) -> ResponseReturnValue:
    """Propose a one-time code, with which somebody makes their first passkey."""
    about = somebody(person, here=True)
    return signed(
        "invite",
        _("A one-time code for %(person)s to make a passkey", person=person_words(about.id)),
        [],
        onward=url_for("people.one", person=about.id),
        done=_("Invited. The code was shown once."),
        person=about.id,
    )


def badges_of(about: One) -> dict[str, Any]:
    """What the badge card of a page shows."""
    own = [
        {"number": number, **badge, "words": level_words(badge["level"])}
        for number, badge in about.view.get("badges", {}).items()
        if badge["holder"] == about.id
    ]
    return {
        "badges": sorted(own, key=lambda one: (one["blocked"], one["number"])),
        "making": _making(about),
        "became": _became(about),
        "blocks": me().has("guard", "chief"),
        "key": token_urlsafe(12),
        "makes": me().has("chief") and bool(_readers()) and not about.told.get("ended"),
    }


def _making(about: One) -> dict[str, Any] | None:
    """The badge of somebody that waits for its card now."""
    for reader, issue in about.view.get("issues", {}).items():
        if issue["person"] == about.id:
            left = max(0, (issue["until"] - about.view["at"]) // 1000)
            return {"reader": reader, "left_s": left, "words": level_words(issue["level"])}
    return None


def _became(about: One) -> dict[str, Any] | None:
    """How the last making for somebody ended, for as long as that is news."""
    for end in about.view.get("became", {}).values():
        is_theirs = end.get("person") == about.id and str(end.get("kind", "")).startswith("badge_")
        if is_theirs and about.view["at"] - end["at"] < TOLD_MS:
            return {"made": end["kind"] == "badge_issued", "badge": end.get("badge", ""), "why": _why(end)}
    return None


def _why(end: dict[str, Any]) -> str:
    if end.get("reason"):
        return need_sentence(str(end["reason"]))
    return translated(str(end.get("why", "")))


def _levels() -> list[str]:
    return list(site().get("plan", {}).get("levels", ()))


def _readers() -> list[str]:
    readers = site().get("plan", {}).get("readers", {}).items()
    return [reader for reader, told in readers if told.get("side") == "enrolment"]
