"""The ledger as the JSON that the contract promises (``messages --json``, ``status --json``, ``check --json``)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:  # all of it is longer to load than a township takes to be shown
    from pipeline.model.campaign import Campaign
    from pipeline.model.finding import Finding
    from pipeline.model.ledger import JudgedMessage
    from pipeline.model.standing import Remembered, Standing
    from pipeline.model.submission import Evidence, Filing
    from pipeline.model.verdict import Verdict
    from pipeline.outline import Outline
    from pipeline.recheck import Rechecked

Json = dict[str, Any]

_JSON = json.JSONEncoder(ensure_ascii=False)


def message_lines(messages: Iterable[JudgedMessage], zone: ZoneInfo) -> Iterator[str]:
    """Each message with its attachments, findings and reply."""
    return _lines({}, "messages", (_message(message, zone) for message in messages))


def _lines(head: Json, name: str, rows: Iterable[Json]) -> Iterator[str]:
    """One object of JSON that ends in a long list, a line for each of its values: never the whole in memory."""
    yield json.dumps(head, ensure_ascii=False).removesuffix("}") + (", " if head else "") + f'"{name}": ['
    last = None
    for row in rows:
        if last is not None:
            yield f"{last},"
        last = _JSON.encode(row)
    yield f"{last or ''}]}}"


def _message(message: JudgedMessage, zone: ZoneInfo) -> Json:
    reply = message.reply
    return {
        "message_id": message.message_id,
        "from": message.sender.address,
        "subject": message.subject,
        "received_at": _moment(message.received_at, zone),
        "disposition": message.disposition,
        "reason": message.reason,
        "village": message.village,
        "attachments": [
            {
                "name": each.name,
                "path": list(each.path),
                "sha256": each.digest,
                "size": each.size,
                "quarantined": each.quarantined,
                "village": each.village,
                "deliverable": each.deliverable,
                "evidence": _evidence(each.evidence),
            }
            for each in message.attachments
        ],
        "links": [
            {
                "name": each.link.name,
                "provider": each.link.provider,
                "url": each.link.url,
                "expires_at": _moment(each.link.expires_at, zone) if each.link.expires_at else None,
                "village": each.village,
                "deliverable": each.deliverable,
            }
            for each in message.links
        ],
        "deliveries": [
            {
                "village": each.village,
                "deliverable": each.deliverable,
                "state": each.state,
                "late": each.late,
                "stands": each.stands,
                "read": _read(each.remembered),
            }
            for each in message.deliveries
        ],
        "findings": [finding_json(finding) for finding in message.findings],
        "reply": {
            "state": "queued" if reply.state == "sending" else reply.state,
            "to": reply.to,
            "message_id": reply.message_id,
            "reason": reply.reason,
            "note": reply.note,
        },
        "trouble": message.trouble,
    }


def _evidence(evidence: Iterable[Evidence]) -> list[Json]:
    """Why a file belongs where it was put, the words that said so with it; the strongest source decides."""
    return [{"source": each.source, "names": each.names, "text": each.text} for each in evidence]


def _read(remembered: Remembered) -> Json:
    """What was read in a delivery, as written and as understood, so that every repair can be seen."""
    return {
        "activities": [
            {
                "text": each.text,
                "date": each.held_on.isoformat() if each.held_on else None,
                "time": each.time,
                "place": each.place,
                "people": each.people,
                "account": each.account,
            }
            for each in remembered.activities
        ],
        "figures": [
            {"id": each.place.id, "title": each.place.title, "written": each.raw, "value": each.value}
            for each in remembered.figures
        ],
        "pictures": len(remembered.pictures),
        "text": len(remembered.text),
    }


def finding_json(finding: Finding) -> Json:
    """One finding."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "audience": finding.audience,
        "village": finding.village,
        "deliverable": finding.deliverable,
        "attachment": finding.attachment,
        "where": finding.where,
        "message": finding.message,
    }


def status_lines(campaign: Campaign | Outline, standings: Iterable[Standing], as_of: datetime) -> Iterator[str]:
    """The ledger by village, in the register's order."""
    due = {each.id: each.due_on.isoformat() for each in campaign.deliverables}
    villages = (
        {
            "village": village,
            "deliverables": [_standing(each, due[each.deliverable], campaign.timezone) for each in rows],
        }
        for village, rows in groupby(standings, key=lambda each: each.village)
    )
    return _lines({"campaign": campaign.id, "as_of": _moment(as_of, campaign.timezone)}, "villages", villages)


def _standing(standing: Standing, due_on: str, zone: ZoneInfo) -> Json:
    return {
        "id": standing.deliverable,
        "due": due_on,
        "state": standing.state,
        "late": standing.late,
        "received_at": _moment(standing.received_at, zone) if standing.received_at else None,
        "findings": [finding_json(finding) for finding in standing.findings],
    }


def verdict_json(verdict: Verdict) -> Json:
    """What ``check`` found, in the same words as a message of the ledger."""
    return {
        "disposition": verdict.disposition,
        "reason": verdict.reason,
        "attachments": [_filing(filing) for filing in verdict.filings],
        "deliverables": [
            {
                "village": outcome.village,
                "id": outcome.deliverable,
                "state": outcome.state,
                "late": outcome.late,
                "read": _read(outcome.remembered),
            }
            for outcome in verdict.outcomes
        ],
        "findings": [finding_json(finding) for finding in verdict.findings],
    }


def _filing(filing: Filing) -> Json:
    attachment = filing.attachment
    return {
        "name": attachment.name,
        "path": list(attachment.path),
        "sha256": attachment.blob.digest,
        "size": attachment.blob.size,
        "village": filing.village,
        "deliverable": filing.deliverable,
        "evidence": _evidence(filing.evidence),
    }


def recheck_json(result: Rechecked, campaign: Campaign) -> Json:
    """What comes out otherwise by today's rules, by village and deliverable and by mail."""
    return {
        "mails": result.mails,
        "judged": result.judged,
        "applied": result.applied,
        "letters": result.letters,
        "troubles": list(result.troubles),
        "changes": [
            {
                "village": each.village,
                "deliverable": each.deliverable.id,
                "before": _standing(each.before, each.deliverable.due_on.isoformat(), campaign.timezone),
                "after": _standing(each.after, each.deliverable.due_on.isoformat(), campaign.timezone),
                "gone": [finding_json(finding) for finding in each.gone],
                "new": [finding_json(finding) for finding in each.new],
                "decided_by_person": each.ruled,
            }
            for each in result.changes
        ],
        "messages": [
            {"before": _message(each.before, campaign.timezone), "after": _message(each.after, campaign.timezone)}
            for each in result.mail_changes
        ],
    }


@lru_cache(4096)  # what came in one mail has one moment
def _moment(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="seconds")
