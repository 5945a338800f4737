"""What a page is given, and how it answers: who asks, the form that was sent, templates, and the way back."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from pipeline.errors import BaosongError, BusyError
from pipeline.office import Office
from pipeline.web.attempts import Attempts
from pipeline.web.books import Books
from pipeline.web.errands import Errands, Outcome, Work
from pipeline.web.secret import Secret
from pipeline.web.sessions import Session, Sessions, same
from pipeline.web.thumbnails import Thumbnails
from pipeline.web.wording import ENVIRONMENT

COOKIE = "baosong"
_LOCAL = re.compile(r"/(?![/\\])[^\x00-\x20\\]*")


@dataclass(frozen=True, slots=True)
class Desk:
    """What all pages share."""

    office: Office
    secret: Secret
    sessions: Sessions
    attempts: Attempts
    errands: Errands
    thumbnails: Thumbnails
    books: Books = field(default_factory=Books)
    invitation: str = ""  # the token of the one-time link by which the first password is set


@dataclass(frozen=True, slots=True)
class Visit:
    """One request."""

    desk: Desk
    session: Session | None
    path: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, list[str]]
    client: str
    url: str
    cookies: Mapping[str, str]
    secure: bool

    @property
    def office(self) -> Office:
        """The office."""
        return self.desk.office

    @property
    def who(self) -> str:
        """The name that decisions are kept under."""
        assert self.session is not None
        return self.session.who

    def field(self, name: str, default: str = "") -> str:
        """A field of the form, without blanks around it."""
        return next(iter(self.form.get(name, ())), default).strip()

    def tell(self, words: str, *, good: bool = True, act: int = 0) -> None:
        """Words to be shown on the next page."""
        assert self.session is not None
        self.session.told.append((good, words, act))

    def back(self, default: str = "/") -> str:
        """The page that the form was sent from, if it says so."""
        return local_path(self.field("back"), default)

    def start(self, words: str, then: str, work: Work) -> Response:
        """Begin an errand, and show how it goes."""
        errand = self.desk.errands.start(words, then, work)
        if errand.outcome is None:
            return redirect("/working")
        return self.finish(errand.outcome, then)

    def finish(self, outcome: Outcome, then: str) -> Response:
        """Tell what came of an errand."""
        self.tell(outcome.words, good=outcome.good, act=outcome.act)
        return redirect(then)


View = Callable[[Visit], Response]


def local_path(written: str, default: str = "/") -> str:
    """A path of this page, never another place's address."""
    return written if _LOCAL.fullmatch(written) else default


def redirect(path: str) -> Response:
    """To be asked for with GET."""
    return RedirectResponse(quote(path, safe="/?&=%#@:,+-._~"), 303)


def render(visit: Visit, template: str, *, status: int = 200, **words: object) -> Response:
    """A page of ours."""
    told: list[tuple[bool, str, int]] = []
    if visit.session is not None:
        told, visit.session.told = visit.session.told, []
    words |= {
        "campaign": visit.office.campaign,
        "session": visit.session,
        "csrf": visit.session.csrf if visit.session else "",
        "here": visit.url,
        "told": told,
        "now": visit.office.now(),
    }
    return HTMLResponse(ENVIRONMENT.get_template(template).render(words), status)


def trouble(visit: Visit, heading: str, words: str, status: int) -> Response:
    """A page that says what is wrong."""
    return render(visit, "trouble.html.j2", status=status, heading=heading, words=words)


# --- from a request to a visit ----------------------------------------------------------------------------------------


def page(desk: Desk, view: View, *, public: bool = False) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint of a page that is only looked at."""

    async def _endpoint(request: Request) -> Response:
        visit = _visit(desk, request, {})
        if visit.session is None and not public:
            return _to_login(visit)
        return await run_in_threadpool(_look, view, visit)

    return _endpoint


def action(desk: Desk, view: View, *, public: bool = False) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint of a form that does something: only in a session, only with the session's own token."""

    async def _endpoint(request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
            return HTMLResponse("请从页面上提交。", 415)
        try:
            body = (await request.body()).decode("utf-8")
            form = parse_qs(body, keep_blank_values=True)
        except ValueError:
            return HTMLResponse("提交的内容读不出。", 400)
        visit = _visit(desk, request, form)
        if visit.session is None and not public:
            return _to_login(visit)
        if visit.session is not None and not public and not same(visit.field("csrf"), visit.session.csrf):
            return trouble(visit, "页面已过期", "请回到上一页，刷新后再提交一次。", 403)
        return await run_in_threadpool(_act, view, visit)

    return _endpoint


def _visit(desk: Desk, request: Request, form: Mapping[str, list[str]]) -> Visit:
    return Visit(
        desk=desk,
        session=desk.sessions.find(request.cookies.get(COOKIE)),
        path={name: str(value) for name, value in request.path_params.items()},
        query=dict(request.query_params),
        form=form,
        client=request.client.host if request.client else "",
        url=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        cookies=request.cookies,
        secure=request.url.scheme == "https",
    )


def _to_login(visit: Visit) -> Response:
    wanted = "" if visit.form or visit.url == "/" else f"?next={quote(local_path(visit.url), safe='')}"
    return redirect(f"/login{wanted}")


def _look(view: View, visit: Visit) -> Response:
    try:
        return view(visit)
    except BaosongError as error:
        return trouble(visit, "暂时打不开", str(error), 503)


def _act(view: View, visit: Visit) -> Response:
    try:
        return view(visit)
    except BaosongError as error:
        if visit.session is None:
            return trouble(visit, "没有完成", str(error), 503)
        words = f"正在收发，请稍候。{error}" if isinstance(error, BusyError) else str(error)
        visit.tell(words, good=False)
        return redirect(visit.back())
