"""The page as one ASGI application: which address is which module's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from pipeline.web import (
    deciding,
    downloads,
    entrance,
    inbox,
    mails,
    overview,
    photos,
    reconciling,
    reminders,
    village,
)
from pipeline.web.gate import Gate
from pipeline.web.visit import Desk, View, action, page, redirect, trouble

_STATIC = Path(__file__).parent / "static"


def make_app(desk: Desk, hosts: Collection[str], *, only_loopback: bool) -> ASGIApp:
    """The application behind its gate."""

    def get(path: str, view: View, *, public: bool = False) -> Route:
        return Route(path, page(desk, view, public=public), methods=["GET"])

    def post(path: str, view: View, *, public: bool = False) -> Route:
        return Route(path, action(desk, view, public=public), methods=["POST"])

    routes = [
        get("/", overview.show),
        post("/poll", overview.poll_now),
        get("/inbox", inbox.show),
        post("/reconcile", reconciling.compare),
        post("/repair", reconciling.mend),
        post("/settle", deciding.settle),
        post("/confirm", deciding.confirm),
        get("/village/{name}", village.show),
        get("/village/{name}/originals.zip", downloads.take_originals),
        post("/decide", deciding.decide_one),
        get("/mail/{digest}", mails.show),
        post("/mail/{digest}/assign", deciding.assign),
        post("/mail/{digest}/reread", deciding.reread),
        get("/mail/{digest}/file/{number:int}", downloads.take_file),
        get("/picture/{file}/{picture}", downloads.take_picture),
        post("/letter/{number:int}/resend", deciding.resend),
        get("/photos", photos.show),
        get("/reminders", reminders.show),
        post("/reminders", reminders.send_chosen),
        get("/downloads", downloads.show),
        post("/downloads/report", downloads.make_report),
        post("/downloads/merged", downloads.make_merged),
        get("/downloads/report/{name}", downloads.take_report),
        get("/downloads/merged/{name}", downloads.take_merged),
        get("/decisions", deciding.list_all),
        post("/undo", deciding.take_back),
        get("/working", entrance.show_working),
        get("/login", entrance.show_login, public=True),
        post("/login", entrance.log_in, public=True),
        post("/logout", entrance.log_out),
        get("/first/{token}", entrance.show_invitation, public=True),
        post("/first/{token}", entrance.accept_invitation, public=True),
        get("/password", entrance.show_password),
        post("/password", entrance.change_password),
        Mount("/static", StaticFiles(directory=_STATIC)),
    ]

    @asynccontextmanager
    async def _lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        desk.errands.close()
        desk.thumbnails.close()

    app = Starlette(routes=routes, lifespan=_lifespan, exception_handlers=_handlers(desk))
    return Gate(app, hosts, only_loopback=only_loopback)


def _handlers(desk: Desk) -> dict[Any, Callable[[Request, Exception], Awaitable[Response]]]:
    def _page(view: View, *, public: bool = False) -> Callable[[Request, Exception], Awaitable[Response]]:
        endpoint = page(desk, view, public=public)

        async def _answer(request: Request, _: Exception) -> Response:
            return await endpoint(request)

        return _answer

    return {
        404: _page(lambda visit: trouble(visit, "没有这一页", "请从上面的目录进入。", 404)),
        405: _page(lambda _: redirect("/")),
        500: _page(
            lambda visit: trouble(visit, "本程序出错", "这一步没有完成，台账不受影响。请告知维护人员。", 500),
            public=True,
        ),
    }
