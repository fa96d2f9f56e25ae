"""The navigation, as far as it leads somewhere for this person. Rule: drawn from PAGES and their rules."""

from __future__ import annotations

from flask import current_app, request

from web.desk import who
from web.guard import SAFE
from web.i18n import N_, _
from web.page import Page, Rule

ROLES = {
    "guard": N_("Guard"),
    "custodian": N_("Custodian"),
    "chief": N_("Chief"),
    "auditor": N_("Auditor"),
    "installer": N_("Installer"),
}


def menu() -> list[Page]:
    """The pages of the navigation that this person may open, in the order of PAGES."""
    pages: tuple[Page, ...] = current_app.extensions["pages"]
    return [page for page in pages if page.icon and _opens(page)]


def role_name(role: str) -> str:
    """A role in the reader's language."""
    return _(ROLES.get(role, role))


def here() -> str:
    """Where a form that changes only the look leads back to: this page, or its beginning after a POST."""
    return request.full_path.rstrip("?") if request.method in SAFE else request.path


def _opens(page: Page) -> bool:
    rule: Rule = current_app.extensions["rules"][page.index]
    person = who()
    return person is not None and person.has(*rule.roles)
