"""Enrolling and changing people: one form, what changes in words, two chiefs. Rule: see people/form.py."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from controller.core.console_roles import ROLES
from web.choices import person_words
from web.desk import me, room, site
from web.i18n import _
from web.menu import role_name
from web.names import name
from web.people.form import LABELS, Offer, filled
from web.people.page import CHIEFS, One, offer, page, somebody
from web.people.roster import staff, words_in
from web.people.said import rows_of, signed, wrongs


@page.route("/enrol", roles=CHIEFS)
def enrol_form() -> str:
    """Somebody new to fill in."""
    return _form(None, room())


@page.route("/enrol", roles=CHIEFS, endpoint="enrol", methods=["POST"])
def enrol() -> ResponseReturnValue:
    """Propose somebody new."""
    offered = offer(None, room())
    made = filled(offered, request.form)
    if made.wrong:
        return wrongs(made)
    said = _("Enrol %(person)s", person=f"{made.fields['name']} ({offered.person})")
    return signed(
        "enrol",
        said,
        rows_of(made),
        onward=url_for("people.index"),  # a page of their own is there after the second signature
        done=_("Enrolled."),
        person=offered.person,
        **made.fields,
    )


@page.route("/people/<person>/change", roles=CHIEFS)
def change_form(person: str) -> str:
    """Somebody as they are, to be changed."""
    about = _other(person)
    return _form(about, about.view)


@page.route("/people/<person>/change", roles=CHIEFS, endpoint="change", methods=["POST"])
def change(person: str) -> ResponseReturnValue:
    """Propose what was changed."""
    about = _other(person)
    made = filled(offer(about, about.view), request.form)
    if made.wrong:
        return wrongs(made)
    return signed(
        "change_person",
        _("Change rights or data of %(person)s", person=person_words(about.id)),
        rows_of(made),
        onward=url_for("people.one", person=about.id),
        done=_("Changed."),
        person=about.id,
        **made.fields,
    )


def _other(person: str) -> One:
    """Somebody else than who asks: nobody changes their own rights."""
    about = somebody(person, here=True)
    if about.id == me().person:
        abort(403, "role")
    return about


def _form(about: One | None, view: dict[str, Any]) -> str:
    offered = offer(about, view)
    people = staff(view, name)
    return render_template(
        "people_form.html",
        one=about,
        now=offered.now,
        labels=LABELS,
        choices=_choices(offered),
        hours=site().get("plan", {}).get("hours", ()),
        departments=words_in(people, "department"),
        posts=words_in(people, "posts"),
    )


def _choices(offered: Offer) -> dict[str, list[tuple[str, str]]]:
    """What may be ticked, with its words."""
    apart = {*offered.choices("excluded_with"), *offered.now("excluded_with")}
    people = sorted(((one, person_words(one)) for one in apart), key=lambda pair: pair[1])
    return {
        "roles": [(role, role_name(role)) for role in ROLES],
        "doors": [(one, one) for one in offered.choices("doors")],
        "compartments": [(one, one) for one in offered.choices("compartments")],
        "excluded_with": people,
    }
