# ruff: noqa: E501 a clerk's sentence is not cut, and a mail is read as a whole
"""How well the product's ledger agrees with the truth of the held-out mailbox.

A finding is right when its code and deliverable are; findings of the mail as a whole need no deliverable. What may be
said (``allowed``) counts neither way. Nothing here is shared with any other scorer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from pipeline.model.ledger import JudgedMessage
from pipeline.model.letter import LetterState
from pipeline.model.standing import Standing, State
from tests.heldout.mails import Mail

# Said of a mail or its sender, whatever deliverable they hang on.
_OF_THE_MAIL = frozenset(
    {
        *("village-unknown", "village-mismatch", "sender-unregistered", "sender-unverified"),
        *("attachment-unrecognised", "attachment-missing"),
    }
)

Pair = tuple[str, str | None]


@dataclass
class Score:
    """The figures, and a line for each mistake."""

    right: int = 0
    missed: int = 0
    wrong: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    codes: dict[str, Counter[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        """Of the findings."""
        return 2 * self.right / max(1, 2 * self.right + self.missed + self.wrong)

    def share(self, what: str) -> float:
        """Of mails with the right disposition, of files with the right village or deliverable, of states, of answers."""
        return self.counts[f"{what} right"] / max(1, self.counts[what])

    def count(self, what: str, *, right: bool, note: str) -> None:
        """One more of these."""
        self.counts[what] += 1
        self.counts[f"{what} right"] += right
        if not right:
            self.notes.append(note)

    def table(self) -> str:
        """For a person to read."""
        lines = [f"findings     F1 {self.f1:.3f}   {self.right} right, {self.missed} missed, {self.wrong} wrong"]
        lines += [
            f"  {code:<24}{each['right']:3d} right, {each['missed']} missed, {each['wrong']} wrong"
            for code, each in sorted(self.codes.items())
            if each["missed"] or each["wrong"]
        ]
        lines += [
            f"{what:<12} {self.share(what):.3f}   of {self.counts[what]}"
            for what in ("disposition", "found", "village", "deliverable", "state", "late", "answer")
        ]
        return "\n".join([*lines, *(f"  {note}" for note in dict.fromkeys(self.notes))])


def score(
    mails: Sequence[Mail],
    judged: Mapping[str, JudgedMessage],
    standings: Mapping[datetime, Iterable[Standing]],
    letters: int,
) -> Score:
    """``judged`` by the digest of the mail's octets; ``standings`` by moment; ``letters`` is how many went out."""
    result = Score()
    for mail in mails:
        message = judged.get(mail.digest)
        if message is None:
            result.count("disposition", right=False, note=f"{mail.name}: never judged")
            continue
        said = str(message.disposition)
        note = f"{mail.name}: {said} ({message.reason or message.trouble}), not {'/'.join(mail.dispositions)}"
        result.count("disposition", right=message.disposition in mail.dispositions, note=note)
        if "ignored" not in mail.dispositions:
            _score_files(mail, message, result)
        _score_findings(mail, message, result)
        answered = message.reply.state is not LetterState.NONE
        if mail.answered is not None:
            note = f"{mail.name}: {'answered' if answered else f'not answered ({message.reply.reason})'}"
            result.count("answer", right=answered == mail.answered, note=note)
    promised = sum(message.reply.state is not LetterState.NONE for message in judged.values())
    result.count("answer", right=promised == letters, note=f"{letters} letters for {promised} answers")
    for moment, rows in standings.items():
        _score_ledger(mails, moment, rows, result)
    return result


def _score_files(mail: Mail, message: JudgedMessage, result: Score) -> None:
    free = list(message.attachments)
    for sent in mail.files:
        mine = next((each for each in free if each.digest == sha256(sent.octets).hexdigest()), None)
        result.count("found", right=mine is not None, note=f"{mail.name}: {sent.name} not among the attachments")
        if mine is None:
            continue
        free.remove(mine)
        result.count(
            "village",
            right=mine.village == sent.village,
            note=f"{mail.name}: {sent.name} of {mine.village}, not {sent.village}",
        )
        note = f"{mail.name}: {sent.name} is {mine.deliverable}, not {'/'.join(map(str, sent.deliverables))}"
        result.count("deliverable", right=mine.deliverable in sent.deliverables, note=note)


def _score_findings(mail: Mail, message: JudgedMessage, result: Score) -> None:
    said: dict[Pair, str] = {}
    for finding in message.findings:
        pair = (finding.code, None if finding.code in _OF_THE_MAIL else finding.deliverable)
        said.setdefault(pair, f"{finding.attachment or ''} {finding.where} {finding.message}"[:150])
    left = dict(said)
    for claim in mail.expected:
        hits = [pair for pair in said if pair[0] in claim.codes and _agree(pair[1], claim.deliverable)]
        _count(result, claim.codes[0], "right" if hits else "missed")
        if not hits:
            result.notes.append(f"{mail.name}: missed {'|'.join(claim.codes)} @ {claim.deliverable}")
        for pair in hits:
            left.pop(pair, None)
    for pair, words in left.items():
        if not any(code in {pair[0], "*"} and _agree(pair[1], where) for code, where in mail.allowed):
            _count(result, pair[0], "wrong")
            result.notes.append(f"{mail.name}: wrong {pair[0]} @ {pair[1]}: {words}")


def _agree(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def _count(result: Score, code: str, what: str) -> None:
    setattr(result, what, getattr(result, what) + 1)
    result.codes.setdefault(code, Counter())[what] += 1


def _score_ledger(mails: Sequence[Mail], moment: datetime, rows: Iterable[Standing], result: Score) -> None:
    truth: dict[tuple[str, str], tuple[str, bool | None]] = {}
    touched: set[tuple[str, str]] = set()
    for mail in mails:
        if mail.received_at <= moment:
            truth |= mail.leaves
            touched |= {(s.village, d) for s in mail.files for d in s.deliverables if s.village and d}
    for row in rows:
        key = (row.village, row.deliverable)
        if key not in truth:
            nothing = row.state in {State.MISSING, State.NOT_DUE}
            if key not in touched and not nothing:
                result.count("state", right=False, note=f"{key}: {row.state} though nothing came")
            continue
        states, late = truth[key]
        note = f"{row.village} {row.deliverable}: {row.state}, not {states}"
        result.count("state", right=row.state in states.split("|"), note=note)
        if late is not None and row.state in {State.ACCEPTED, State.REVIEW}:
            result.count(
                "late", right=row.late == late, note=f"{row.village} {row.deliverable}: late {row.late}, not {late}"
            )
