"""Where a step begins and ends: functions of the program by their names, each with two boundaries.

A name that is no longer there fails at once, so that the list keeps up with the program. Functions that are imported
by name are taken from the module that calls them.
"""

from __future__ import annotations

FETCH = (
    "pipeline.ledger.rounds:begin_poll",
    "pipeline.run:fetch",
    "pipeline.mailbox.session:ImapSession.open",
    "pipeline.mailbox.session:ImapSession.examine",
    "pipeline.mailbox.session:ImapSession.search",
    "pipeline.mailbox.session:ImapSession.fetch",
    "pipeline.fetching:_fetch_some",
    "pipeline.cache.workplace:Workplace.lay",
    "pipeline.cache.local:LocalCache._settle",
    "pipeline.cache.local:LocalCache._move",
    "pipeline.cache.local:_fsync_folder",
    "pipeline.storing:Storing.store",
    "pipeline.storing:Storing._store",
    "pipeline.storing:note_arrivals",
    "pipeline.ledger.intake:receive_all",
)
JUDGE = (
    "pipeline.ledger.rounds:note_fetch",
    "pipeline.run:watch",
    "pipeline.judging:_judge_each",
    "pipeline.ledger.intake:begin_attempts",
    "pipeline.judging:_judge_together",
    "pipeline.judging:judge_opened",
    "pipeline.opening:Ahead.begin",
    "pipeline.opening:Ahead._begin",
    "pipeline.opening:Ahead._take_opened",
    "pipeline.cache.spool:Spool.keep",
    "pipeline.sandbox.workers:_Worker.answer",
    "pipeline.cache.local:LocalCache.take",
    "pipeline.judging:reach_verdict",
    "pipeline.judging:render_letter",
    "pipeline.ledger.verdicts:record",
    "pipeline.ledger.letters:confirm",
    "pipeline.ledger.letters:add_letter",
    "sqlmodel:Session.commit",  # before and after every transaction, whatever it holds
)
SEND = (
    "pipeline.posting:Post.send_written",
    "pipeline.posting:Post.send_all",
    "pipeline.reminding:renew_reminders",
    "pipeline.ledger.letters:LetterQueue.begin",
    "pipeline.outbox.smtp:SmtpTransport.ready",
    "pipeline.outbox.smtp:SmtpTransport.send",
    "smtplib:SMTP.mail",
    "smtplib:SMTP.rcpt",
    "smtplib:SMTP.docmd",
    "pipeline.ledger.letters:LetterQueue.hand_over",
    "smtplib:SMTP.getreply",  # the last one of a letter: it is taken, and we do not know
    "pipeline.ledger.letters:LetterQueue.sent",
    "pipeline.ledger.rounds:end_poll",
)
STEPS = (*FETCH, *JUDGE, *SEND)
BOUNDARIES = tuple(f"{edge} {step}" for step in STEPS for edge in ("before", "after"))
RECORDED = "after pipeline.judging:_judge_together"
