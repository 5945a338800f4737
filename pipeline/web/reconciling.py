"""Mailbox, ledger and cache held against one another, and mended, at a click."""

from __future__ import annotations

from starlette.responses import Response

from pipeline.stocktaking import repair
from pipeline.web.errands import Errand, Outcome, when_free
from pipeline.web.visit import Visit


def compare(visit: Visit) -> Response:
    """Find every difference; the inbox lists them."""

    def _compare(_: Errand) -> Outcome:
        words = visit.desk.books.compare(visit.office)
        stock = visit.desk.books.taken
        good = stock is not None and not stock.differences and not stock.troubles
        return Outcome(good, f"对账完成：{words}")

    return visit.start("正在与邮箱对账", "/inbox", _compare)


def mend(visit: Visit) -> Response:
    """Fetch and register what is missing, as ``baosong poll --repair`` does first."""

    def _mend(errand: Errand) -> Outcome:
        with when_free(visit.office, errand):
            pass
        done = repair(visit.office)
        words = visit.desk.books.compare(visit.office)
        told = f"补收{done.fetched}封，补登{done.adopted}封，下次收发时核对。{words}"
        return Outcome(not done.troubles, told + "".join(f"需要处理：{each}。" for each in done.troubles))

    return visit.start("正在补收、补登", "/inbox", _mend)
