"""Reminders: every letter to be seen before it is sent."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response

from pipeline.errors import ConfigError
from pipeline.model.work import Unit
from pipeline.posting import send
from pipeline.reminding import plan_reminders, store_reminders
from pipeline.run import poll
from pipeline.web.errands import Errand, Outcome, when_free
from pipeline.web.visit import Visit, redirect, render


def show(visit: Visit) -> Response:
    """What would be sent now, to whom; nothing is written."""
    return render(visit, "reminders.html.j2", reminders=plan_reminders(visit.office, by_hand=True))


def send_chosen(visit: Visit) -> Response:
    """Fetch what lies in the mailbox first, then write to those of the chosen that still owe something."""
    office, chosen = visit.office, frozenset(visit.form.get("to", ()))
    if not chosen:
        raise ConfigError("请先勾选要提醒的村")
    if (quiet := plan_reminders(office, by_hand=True).quiet) and not visit.field("anyway"):
        visit.tell(f"{quiet}，没有发送。确实要现在发，请勾选“现在就发”。", good=False)
        return redirect("/reminders")

    def _send(errand: Errand) -> Outcome:
        with when_free(office, errand):
            pass
        fetched = poll(office, resting=[Unit.SEND])
        if fetched.troubles:
            return Outcome(False, f"收信没有完成，先不提醒，以免催到已经报送的村：{fetched.troubles[0]}")
        with when_free(office, errand):
            planned = plan_reminders(office, by_hand=True)
            wanted = tuple(letter for letter in planned.letters if letter.key.split(":")[2] in chosen)
            stored = store_reminders(office, replace(planned, letters=wanted))
            report = send(office)
        note = f"{report.note}。" if report.note else ""
        return Outcome(not report.note, f"已写好{stored}封提醒，寄出{report.sent}封。{note}")

    return visit.start("正在收信、写提醒和发送", "/reminders", _send)
