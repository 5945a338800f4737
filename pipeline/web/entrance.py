"""In and out: login, logout, the first password by a one-time link, another password later; and how an errand goes."""

from __future__ import annotations

import secrets

from starlette.responses import Response

from pipeline.errors import ConfigError
from pipeline.web.sessions import LONGEST_SECONDS, same
from pipeline.web.visit import COOKIE, Visit, local_path, redirect, render

_LOGIN_COOKIE = "baosong_login"
_LONGEST_NAME = 20


def show_login(visit: Visit) -> Response:
    """The form."""
    if visit.session is not None:
        return redirect(local_path(visit.query.get("next", "")))
    return _form(visit, "", local_path(visit.query.get("next", "")))


def _form(visit: Visit, wrong: str, then: str, status: int = 200) -> Response:
    # A token in a cookie and in the form: nobody logs a browser of the office in from another site.
    token = secrets.token_urlsafe(24)
    response = render(
        visit, "login.html.j2", status=status, token=token, wrong=wrong, then=then, unset=not visit.desk.secret.is_set
    )
    response.set_cookie(
        _LOGIN_COOKIE, token, max_age=3600, path="/login", httponly=True, samesite="strict", secure=visit.secure
    )
    return response


def log_in(visit: Visit) -> Response:
    """Try name and password."""
    then = local_path(visit.field("next"))
    if not same(visit.field("token"), visit.cookies.get(_LOGIN_COOKIE, "")):
        return _form(visit, "页面已过期，请再填一次。", then, 403)
    name = _name(visit)
    if not name:
        return _form(visit, "请填写您的姓名，决定会以这个名字记入台账。", then, 400)
    pause = visit.desk.attempts.begin(visit.client)
    if pause:
        return _form(visit, f"试错次数太多，请{int(pause // 60) + 1}分钟后再试。", then, 429)
    if not visit.desk.secret.matches("".join(visit.form.get("password", [])[:1])):
        return _form(visit, "密码不对，请再试一次。", then, 401)
    visit.desk.attempts.succeed(visit.client)
    return _enter(visit, name, then)


def _name(visit: Visit) -> str:
    return "".join(sign for sign in visit.field("name") if sign.isprintable())[:_LONGEST_NAME]


def _enter(visit: Visit, name: str, then: str) -> Response:
    visit.desk.sessions.end(visit.cookies.get(COOKIE))
    token, _ = visit.desk.sessions.begin(name)
    response = redirect(then)
    response.set_cookie(
        COOKIE, token, max_age=int(LONGEST_SECONDS), path="/", httponly=True, samesite="lax", secure=visit.secure
    )
    response.delete_cookie(_LOGIN_COOKIE, path="/login", httponly=True, samesite="strict")
    return response


def log_out(visit: Visit) -> Response:
    """End the session."""
    visit.desk.sessions.end(visit.cookies.get(COOKIE))
    response = redirect("/login")
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
    return response


def show_invitation(visit: Visit) -> Response:
    """The form for the first password, for who holds the one-time link."""
    return _invite(visit, "")


def _invite(visit: Visit, wrong: str, status: int = 200) -> Response:
    token = visit.path["token"]
    valid = not visit.desk.secret.is_set and same(token, visit.desk.invitation)
    return render(visit, "invitation.html.j2", status=status if valid else 404, token=token, valid=valid, wrong=wrong)


def accept_invitation(visit: Visit) -> Response:
    """Set the first password, and log in."""
    if visit.desk.secret.is_set or not same(visit.path["token"], visit.desk.invitation):
        return _invite(visit, "", 404)
    name, password, again = _name(visit), *(visit.form.get(each, [""])[0] for each in ("password", "again"))
    if not name:
        return _invite(visit, "请填写您的姓名。", 400)
    if password != again:
        return _invite(visit, "两次填写的密码不一样，请再填一次。", 400)
    try:
        visit.desk.secret.set(password)
    except ConfigError as error:
        return _invite(visit, str(error), 400)
    return _enter(visit, name, "/")


def show_password(visit: Visit) -> Response:
    """The form for another password."""
    return render(visit, "password.html.j2")


def change_password(visit: Visit) -> Response:
    """Another password, for who knows the one before; everybody else is logged out."""
    old, new, again = (visit.form.get(each, [""])[0] for each in ("old", "password", "again"))
    pause = visit.desk.attempts.begin(visit.client)
    if pause:
        raise ConfigError(f"试错次数太多，请{int(pause // 60) + 1}分钟后再试")
    if not visit.desk.secret.matches(old):
        raise ConfigError("原密码不对，密码没有改")
    visit.desk.attempts.succeed(visit.client)
    if new != again:
        raise ConfigError("两次填写的新密码不一样，密码没有改")
    visit.desk.secret.set(new)
    name = visit.who
    visit.desk.sessions.end_all()
    return _enter(visit, name, "/")


def show_working(visit: Visit) -> Response:
    """How the errand under way goes; the page looks again by itself."""
    errand = visit.desk.errands.current
    if errand is None:
        return redirect("/")
    if errand.outcome is not None:
        visit.desk.errands.current = None
        return visit.finish(errand.outcome, errand.then)
    return render(visit, "working.html.j2", errand=errand)
