# ruff: noqa: E501 names are read beside each other
"""A month in an office, told village by village; what nobody decides is drawn by the seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from tests.heldout.forms import Row, office_form, rebuilt, statistics_sheet, statistics_word
from tests.heldout.mails import Client, Mail, Sent, at, due, file, mail
from tests.heldout.pictures import film, jpeg
from tests.heldout.word import prose
from tests.strangers.book import Book
from tests.strangers.days import Writing
from tests.strangers.mess import steady
from tests.strangers.office import Office

Table = Callable[[str, str, Sequence[Row]], bytes]

# Ways of building the progress table that change nothing in it.
_LOOKS: tuple[dict[str, Any], ...] = (
    {},
    {"how": "vml", "landscape": True},
    {"merged_unit": True},
    {"title_in_table": True, "how": "floating"},
    {"split_after": 1},
    {"nested": True},
    {"headings": ("单  位", "开展的具体\n活动写实", "活动\n照片"), "how": "grouped"},
    {"title": "５月份活动写实（进展情况）表", "photos_below": True},
)
_NAMES = {
    "plan": ("{v}活动方案.docx", "新建 Microsoft Word 文档(2).docx", "{v}5.29实施方案最终版改2.docx", "fangan.docx"),
    "progress": ("写实表.docx", "{v}写实表(定稿).docx", "附件1：写实表 .docx", "{v}.docx", "xieshibiao{n}.docx"),
    "statistics": ("附件2.docx", "{v}统计表.docx", "统计表 - 副本.docx", "tongjibiao.docx"),
    "summary": ("{v}总结.docx", "总结（改后）.docx", "新建 DOCX 文档.docx", "活动总结1.docx"),
    "photos": ("微信图片_2023060{n}1530{n}2.jpg", "IMG_2023052{n}_10153{n}.jpg", "mmexport168589{n}00123.jpg", "{n}.jpg", "{v}({n}).JPG"),
    "video": ("VID_20230526_15300{n}.mp4", "活动视频.mp4", "{v}.mp4", "mmexport16858{n}.mp4"),
}  # fmt: skip
_WHAT = {"plan": "活动方案", "progress": "写实表", "statistics": "统计表", "summary": "活动总结", "photos": "照片", "video": "视频"}  # fmt: skip


@dataclass(frozen=True)
class Deed:
    """An activity, as it was told first and as it is told again."""

    row: Row
    again: Row


@dataclass
class Story:
    """The mails so far, and what of the phrase book is still unused."""

    office: Office
    book: Book
    rng: random.Random
    prefix: str
    scene: int
    mails: list[Mail] = field(default_factory=list)
    _used: dict[str, int] = field(default_factory=dict)

    # --- phrases

    def phrase(self, kind: str) -> str:
        """The next of the book's phrases of this kind; none twice."""
        number = self._used.get(kind, 0)
        self._used[kind] = number + 1
        found: tuple[str, ...] = getattr(self.book, kind)
        return found[number]

    def scenes(self, count: int) -> tuple[int, ...]:
        """Pictures that stand nowhere else."""
        self.scene += count
        return tuple(range(self.scene - count, self.scene))

    def deed(self, day: str, kind: str = "deeds", pictures: int = 2, writing: Writing | None = None) -> Deed:
        """The next activity, done on ``5-08``."""
        month, number = day.split("-")
        done = date(2023, int(month), int(number))
        first, _, second = self.phrase(kind).partition("|")
        scenes = self.scenes(pictures)
        when, later = (writing or self.rng.choice(self.book.days))(done), self.rng.choice(self.book.days)(done)
        return Deed(Row(first.format(t=when), scenes), Row((second or first).format(t=later), scenes))

    def deeds(self, *days: str, **how: Any) -> list[Deed]:
        """One for each day."""
        return [self.deed(day, **how) for day in days]

    def text(self, village: str, kind: str, title: str, opening: str = "") -> str:
        """A plan or a summary that nobody else has written."""
        body = [self.phrase(kind) for _ in range(2)]
        opening = opening or self.rng.choice(
            (
                f"{title.replace(village, '')}，{village}结合自身情况，报告如下。",
                "根据上级文件精神，结合本地实际，将有关情况写在下面。",
            )
        )
        text = "\n".join([title, opening, *body, f"{village}", "2023年5月"])
        if len(text) < 190:
            return text.replace(
                f"\n{village}\n",
                f"\n以上是{village}的实际情况，由专人整理成文，有不妥当的地方欢迎指出来，随时补充改正。\n{village}\n",
            )
        return text

    # --- files

    def table(self, village: str, rows: Sequence[Row], unit: str | None = None, **look: Any) -> bytes:
        """The progress table, built as it comes."""
        names = (
            village,
            f"{village}村民委员会" if village.endswith("村") else f"{village}居委会",
            f"{self.office.town}{village}",
        )
        name = unit if unit is not None else self.rng.choice(names).replace("村村民", "村民")
        if not look and self.rng.random() < 0.3:
            cell, rest = self.rng.choice((village, name)), self.rng.choice(("keep", "empty", "cut"))
            # What is said of the unit holds for both its places: a blank one named in the other is no blank one.
            return steady(office_form(name, cell if unit is None else name, rows, rest=rest))
        return rebuilt(name, village if unit is None else name, rows, **(look or self.rng.choice(_LOOKS)))

    def name(self, village: str, kind: str, number: int = 1) -> str:
        """What the file is called."""
        return self.rng.choice(_NAMES[kind]).format(v=village, n=number)

    def plan(self, village: str, **how: Any) -> Sent:
        """A plan in Word."""
        text = self.text(village, "plans", f"{village}5.29会员活动月实施方案", how.get("opening", ""))
        return file(how.get("name") or self.name(village, "plan"), prose(text), village, "plan")

    def progress(
        self, village: str, which: str, rows: Sequence[Row], name: str = "", unit: str | None = None, **look: Any
    ) -> Sent:
        """A progress table in Word."""
        return file(name or self.name(village, "progress"), self.table(village, rows, unit, **look), village, which)

    def statistics(self, village: str, six: Sequence[str], name: str = "", *, excel: bool = False, **how: Any) -> Sent:
        """The statistics table."""
        name = name or self.name(village, "statistics")
        if excel:
            octets = steady(statistics_sheet(village, six, **how))
            return file(name.replace(".docx", ".xlsx"), octets, village, "statistics")
        return file(name, steady(statistics_word(how.pop("unit", village), six, **how)), village, "statistics")

    def summary(self, village: str, name: str = "") -> Sent:
        """A summary in Word."""
        text = self.text(village, "summaries", f"{village}5.29会员活动月总结")
        return file(name or self.name(village, "summary"), prose(text), village, "summary")

    def photos(self, village: str, count: int = 3, **how: Any) -> list[Sent]:
        """Photos from one phone."""
        pattern = self.rng.choice(_NAMES["photos"])
        return [
            file(pattern.format(v=village, n=number), jpeg(scene, **how), village, "photos")
            for number, scene in enumerate(self.scenes(count), 1)
        ]

    def video(self, village: str, name: str = "", **how: Any) -> Sent:
        """A film of eight seconds."""
        return file(name or self.name(village, "video"), film(self.scenes(1)[0], **how), village, "video")

    # --- mails

    def send(
        self,
        name: str,
        village: str,
        when: str,
        files: Sequence[Sent] = (),
        *,
        state: str = "accepted",
        subject: str | None = "",
        body: str | None = None,
        sender: str = "",
        **how: Any,
    ) -> Mail:
        """A mail of this village's clerk. ``state`` is what its files come to, where ``leaves`` does not say."""
        writer = self.office.village(village)
        if subject == "":
            kinds = [each.deliverables[0] or "" for part in files for each in part.leaves() if each.deliverables]
            what = "、".join(dict.fromkeys(_WHAT.get(kind.partition("@")[0], "材料") for kind in kinds)) or "材料"
            subject = self.rng.choice(self.book.subjects).format(v=village, what=what)
        if "leaves" not in how:
            leaves = [each for part in files for each in part.leaves() if each.village and each.deliverables]
            how["leaves"] = (
                {(each.village, each.deliverables[0]): state for each in leaves if each.deliverables[0]}
                if state
                else {}
            )
        client: Client = how.pop("client", writer.client)
        made = mail(
            f"{self.prefix}-{name}",
            when,
            sender or writer.address,
            subject,
            self.rng.choice(self.book.bodies) if body is None else body,
            files,
            client=client,
            nick=how.pop("nick", writer.nick if not sender else ""),
            **how,
        )
        self.mails.append(made)
        return made

    def again(self, name: str, made: Mail, when: str, **changes: Any) -> None:
        """The same content with a later arrival: what a stuck client sends twice."""
        old, new = (f";\r\n\t{stamp}".encode() for stamp in (_stamp(made), _stamp_at(when)))
        octets = made.octets.replace(old, new, 1)
        self.mails.append(replace(made, name=f"{self.prefix}-{name}", octets=octets, received_at=at(when), **changes))


def _stamp(made: Mail) -> str:
    return made.octets.partition(b";\r\n\t")[2].partition(b"\r\n")[0].decode()


def _stamp_at(when: str) -> str:
    from tests.heldout.mails import rfc_date  # noqa: PLC0415  short, and only here

    return rfc_date(at(when))


__all__ = ["Deed", "Story", "Table", "due"]
