"""The ledger's state machine: whatever comes in whatever order, it says what a few lines of rules say.

Deliveries are judged by the project's own judge and recorded in a real database; the model beside it knows the contract
and nothing of either.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from pipeline.errors import ConfigError
from pipeline.ledger import decisions, entries, intake, letters, memory, verdicts, views
from pipeline.ledger.opening import Ledger, open_ledger
from pipeline.model.content import Content
from pipeline.model.letter import RenderedLetter
from pipeline.model.message import Location, Message, RawMessage
from pipeline.model.standing import State
from pipeline.verdict import judge
from tests.submissions import CAMPAIGN, REGISTER, at, file_mail, mail, plan, sent, text

VILLAGE, DELIVERABLE = "石桥村", "plan"
SETTLED = (State.ACCEPTED, State.WAIVED, State.NIL)
Given = tuple[Message, list[Content]]


@dataclass(frozen=True)
class Expected:
    """How the plan of 石桥村 stands, by the contract; ``state`` is None while nothing has come."""

    state: State | None = None
    late: bool = False
    received_at: datetime | None = None
    file: str = ""


class Plans(RuleBasedStateMachine):
    """One village's plan, good and bad versions, a coordinator, and time that goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="baosong-machine-")
        self.ledger: Ledger
        self.now = at(5, 1)
        self.due = CAMPAIGN.deliverable(DELIVERABLE).due_at
        self.expected = Expected()
        self.history: list[tuple[datetime, Expected]] = []
        self.mails: list[Given] = []
        self.stood: set[str] = set()  # files that were in force at some time

    @initialize()
    def open(self) -> None:
        """A ledger; a new one where there is none."""
        self.ledger = open_ledger(f"sqlite:///{Path(self.folder.name).as_posix()}/b.db")
        entries.prepare_entries(self.ledger, CAMPAIGN, REGISTER)

    def teardown(self) -> None:
        """The past once more, then the files go."""
        if hasattr(self, "ledger"):
            self._assert_past_stays()
            self.ledger.engine.dispose()
        self.folder.cleanup()

    # --- what happens -------------------------------------------------------------------------------------------------

    @rule(hours=st.integers(1, 60))
    def wait(self, hours: int) -> None:
        """Time goes on."""
        self.now += timedelta(hours=hours)

    @rule(good=st.booleans(), version=st.integers(0, 3))
    def deliver(self, good: bool, version: int) -> None:
        """The village sends a version of its plan; the same one, perhaps, that it sent before."""
        self.now += timedelta(minutes=1)
        content = plan(VILLAGE, f"第{version}稿") if good else text(f"{VILLAGE}方案第{version}稿")
        given = mail(
            sent("方案.docx", content), subject=f"{VILLAGE}方案", received_at=self.now, number=len(self.mails) + 1
        )
        self.mails.append(given)
        self._take_in(given)
        self._expect_delivery(State.ACCEPTED if good else State.RETURNED, given[0].attachments[0].blob.digest)

    @rule(state=st.sampled_from([State.ACCEPTED, State.RETURNED, State.WAIVED]))
    def decide(self, state: State) -> None:
        """The coordinator decides; what never came can only be waived."""
        self.now += timedelta(minutes=1)
        try:
            decisions.decide(
                self.ledger, CAMPAIGN, VILLAGE, DELIVERABLE, state=state, who="主任", why="看过", now=self.now
            )
        except ConfigError:
            assert self.expected.state is None
            assert state is not State.WAIVED
            return
        self._expect(replace(self.expected, state=state))

    @rule(days=st.integers(0, 10))
    def extend(self, days: int) -> None:
        """More time, or the old deadline again."""
        self.due = CAMPAIGN.deliverable(DELIVERABLE).due_at + timedelta(days=days)
        decisions.extend(
            self.ledger, CAMPAIGN, VILLAGE, DELIVERABLE, due_at=self.due, who="王", why="雨天", now=self.due
        )

    @precondition(lambda self: self.mails)
    @rule(data=st.data())
    def replay(self, data: st.DataObject) -> None:
        """A mail is met again, in another folder or after a crash: judged once more, it changes nothing."""
        self._take_in(data.draw(st.sampled_from(self.mails)), again=True)

    @rule()
    def start_again(self) -> None:
        """The program ends and starts."""
        self.ledger.engine.dispose()
        self.open()

    # --- what must hold -----------------------------------------------------------------------------------------------

    @invariant()
    def stands_as_expected(self) -> None:
        """The ledger's view now, and what the next judge will be told, are what the contract says."""
        if not hasattr(self, "ledger"):
            return
        assert self._seen(self.now) == self._told(self.expected, self.now)
        known = memory.recall(self.ledger, CAMPAIGN, [VILLAGE], []).standings[VILLAGE, DELIVERABLE]
        assert (known.state, known.late, known.due_at) == (
            self.expected.state or State.MISSING,
            self.expected.late,
            self.due,
        )
        assert known.attachments == ((self.expected.file,) if self.expected.file else ())

    @invariant()
    def an_earlier_moment_is_told_out_of_now(self) -> None:
        """By what was decided since, as if it were read anew."""
        if not hasattr(self, "ledger"):
            return
        now = views.standings(self.ledger, CAMPAIGN, self.now)
        for earlier in (self.now - timedelta(days=1), self.now - timedelta(days=4)):
            before = views.standings_before(self.ledger, CAMPAIGN, now, self.now, earlier)
            assert before == views.standings(self.ledger, CAMPAIGN, earlier)

    def _assert_past_stays(self) -> None:
        """At every moment so far it stood as it stood then."""
        for at_moment, expected in self.history:
            assert self._seen(at_moment) == self._told(expected, at_moment)
        if self.history:
            before = self.history[0][0] - timedelta(seconds=1)
            assert self._seen(before) == self._told(Expected(), before)

    @invariant()
    def each_mail_is_answered_once(self) -> None:
        """As many letters as mails, however often they were met."""
        if hasattr(self, "ledger"):
            due = letters.LetterQueue(self.ledger).due(self.now + timedelta(days=1))
            assert len(due) == len(views.messages(self.ledger)) == len(self.mails)
            assert list(intake.each_waiting(self.ledger)) == []

    # --- the model ----------------------------------------------------------------------------------------------------

    def _expect_delivery(self, state: State, file: str) -> None:
        before = self.expected
        if file == before.file:  # the same octets again change nothing
            return
        if before.state is State.ACCEPTED and file in self.stood:  # an older version takes nothing back
            return
        if before.state in SETTLED and state is not State.ACCEPTED:  # a worse version does not replace a better one
            return
        in_time = before.state is State.ACCEPTED and not before.late
        self.stood.add(file)
        self._expect(Expected(state, self.now >= self.due and not in_time, self.now, file))

    def _expect(self, expected: Expected) -> None:
        self.expected = expected
        self.history.append((self.now, expected))

    def _told(self, expected: Expected, moment: datetime) -> tuple[State, bool, datetime | None]:
        nothing = State.MISSING if moment >= self.due else State.NOT_DUE
        return expected.state or nothing, expected.late, expected.received_at

    # --- the ledger ---------------------------------------------------------------------------------------------------

    def _seen(self, moment: datetime) -> tuple[State, bool, datetime | None]:
        [found] = [
            each
            for each in views.standings(self.ledger, CAMPAIGN, moment)
            if (each.village, each.deliverable) == (VILLAGE, DELIVERABLE)
        ]
        return found.state, found.late, found.received_at

    def _take_in(self, given: Given, *, again: bool = False) -> None:
        message = given[0]
        place = Location("imaps://u@h", "垃圾邮件" if again else "INBOX", 7, str(len(self.mails)))
        new = intake.receive(self.ledger, RawMessage(place, message.received_at, message.blob), self.now)
        assert new is not again
        past = memory.recall(self.ledger, CAMPAIGN, [VILLAGE], [])
        verdict = judge(file_mail(given, past), past, CAMPAIGN, REGISTER)
        key = f"reply:{message.blob.digest}"
        answer = RenderedLetter(key, "reply", "office@x", "a@b.cn", "收到", f"<{key}@x>", b"octets")
        verdicts.record(self.ledger, verdict, answer, None, CAMPAIGN, self.now)


Plans.TestCase.settings = settings(
    max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestPlans = Plans.TestCase
