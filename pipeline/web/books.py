"""What the last reconciling of mailbox, ledger and cache found. It reads all that is kept: only when asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.office import Office
from pipeline.stocktaking import Stocktaking, take_stock


@dataclass(slots=True)
class Books:
    """The last result; nothing until somebody asks."""

    taken: Stocktaking | None = None
    at: datetime | None = None

    def compare(self, office: Office) -> str:
        """Hold the three against one another; what to tell of it."""
        self.taken, self.at = take_stock(office), office.now()
        return tell_stock(self.taken)


def tell_stock(stock: Stocktaking) -> str:
    """One line: 邮箱217封，台账217封，全部对得上。"""
    server = f"邮箱{stock.on_server}封，" if stock.looked else ""
    if stock.differences:
        said = f"有{len(stock.differences)}处对不上，列在待办里。"
    elif stock.troubles:
        said = "没能与邮箱核对；台账和原件对得上。"
    else:
        said = "全部对得上。" if stock.looked else "台账和原件对得上。"
    return f"{server}台账{stock.in_ledger}封，{said}"
