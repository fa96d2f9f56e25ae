"""What went wrong, as a page in words. Rule: no traceback, and nothing of the request comes back in it."""

from __future__ import annotations

from errno import EDQUOT, EFBIG, ENOSPC

from flask import (
    Flask,
    Response,
    current_app,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from controller.errors import IronroomError
from web.desk import DeskGone, Refused, SignedOut
from web.guard import SAFE, is_fragment
from web.i18n import N_, _
from web.outage import WORDS as OUTAGES
from web.outage import Outage, outage
from web.tokens import forget

WORDS = {
    400: (
        N_("This was not understood"),
        N_("What was sent is incomplete or too large. Go back and try again."),
    ),
    401: (N_("You are signed out"), N_("Sign in again; what you typed is kept on this screen.")),
    403: (N_("This is not for you"), N_("Your role does not allow it. Ask a chief if it should.")),
    404: (N_("There is no such page"), N_("It may have been moved. Start from the menu.")),
    405: (
        N_("This was not understood"),
        N_("What was sent is incomplete or too large. Go back and try again."),
    ),
    413: (N_("This is too large"), N_("Send something smaller.")),
    429: (N_("Too many attempts"), N_("Wait a moment, then try again.")),
    500: (
        N_("Something went wrong here"),
        N_("Look first whether it was done, then try again; if it stays, call the installer."),
    ),
    503: OUTAGES[Outage.SILENT],
}
FORGED = (
    N_("This form is too old"),
    N_("Go back, load the page again and send it once more; nothing was changed."),
)
NO_ROOM = (
    N_("There is no room for this file"),
    N_("The disk of the console is full. Everything else goes on; call the installer."),
)
LOG = (N_("The log cannot be read"), N_("The controller goes on writing it. Call the installer."))


def tell_errors(app: Flask) -> None:
    """Answer every fault with a page in words."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DeskGone, _gone)
    app.register_error_handler(SignedOut, _signed_out)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(IronroomError, _log)
    app.register_error_handler(Exception, _broken)


def error_page(status: int, title: str, text: str, *, waits: bool = False) -> Response:
    """The page of an error: title and text are in the reader's language already."""
    if request.accept_mimetypes.best == "application/json":
        return _told(status, title, text, waits=waits)
    part = "error_part.html" if is_fragment() else "error.html"
    page = render_template(part, title=title, text=text, status=status, waits=waits, was_sent=_was_sent())
    return make_response(page, status)


def _told(status: int, title: str, text: str, *, waits: bool) -> Response:
    """The same for a script, which keeps what was typed where it stands."""
    words = [_("%(what)s: %(words)s", what=title, words=text)]
    if waits and _was_sent():
        words.append(_("What you sent may have been done or not. Look first, then send it again."))
    response = jsonify(error=" ".join(words))
    response.status_code = status
    return response


def _http(error: HTTPException) -> Response:
    if request_ctx.url_adapter is None:  # a Host that is no name: no address of ours can be made for it
        return Response("This was not understood.\n", 400, content_type="text/plain; charset=utf-8")
    if error.response is not None:
        return make_response(error.response)
    status = error.code if error.code in WORDS else 400 if (error.code or 500) < 500 else 500
    title, text = FORGED if error.description == "mark" else WORDS[status]
    response = error_page(status, _(title), _(text))
    if error.code == 405:
        response.status_code = 405
        response.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
    return response


def _gone(error: DeskGone) -> Response:
    title, text = OUTAGES[outage(current_app.config["SETTINGS"], error.__cause__)]
    response = error_page(503, _(title), _(text), waits=True)
    response.headers["Retry-After"] = "3"
    return response


def _signed_out(_error: SignedOut) -> ResponseReturnValue:
    if request.method in SAFE and not is_fragment():
        response = redirect(url_for("sign_in.index", next=request.full_path.rstrip("?")), 303)
        forget(make_response(response))
        return response
    return error_page(401, *map(_, WORDS[401]))


def _refused(error: Refused) -> Response:
    return error_page(409, _("The controller refused"), error.need)


def _log(error: IronroomError) -> Response:
    current_app.logger.error("the log: %s", error.sentence)
    return error_page(503, *map(_, LOG), waits=True)


def _broken(error: Exception) -> Response:
    if isinstance(error, OSError) and error.errno in {ENOSPC, EDQUOT, EFBIG}:
        current_app.logger.error("no room: %s", error)
        return error_page(507, *map(_, NO_ROOM))
    current_app.logger.error("a view broke", exc_info=error)
    return error_page(500, *map(_, WORDS[500]))


def _was_sent() -> bool:
    return request.method not in SAFE
