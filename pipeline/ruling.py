"""A person's word on whose a mail's files are, laid over what the evidence says. Pure.

It stands among the evidence as that of the coordinator, and beats all other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from pipeline.matching import Owners
from pipeline.model.ledger import Rule
from pipeline.model.past import Past
from pipeline.model.standing import State
from pipeline.model.submission import Evidence, Filing, LinkFiling, Source, Submission
from pipeline.model.verdict import Outcome

_SETTLED = (State.ACCEPTED, State.WAIVED, State.NIL)


def rule_owners(owners: Owners, rules: Sequence[Rule]) -> Owners:
    """The owners as the rules have them, a later rule over an earlier one."""
    ruled = dict(owners)
    for rule in rules:
        for number, (_, evidence) in ruled.items():
            if rule.village is not None and _means(rule, number):
                ruled[number] = rule.village, (Evidence(Source.COORDINATOR, rule.village, rule.who), *evidence)
    return ruled


def rule_submission(submission: Submission, rules: Sequence[Rule]) -> Submission:
    """The submission with the deliverables that the rules name, links as well, and the village of the mail."""
    files = len(submission.filings)
    filings = tuple(_rule_filing(filing, number, rules) for number, filing in enumerate(submission.filings))
    links = tuple(_rule_link(link, files + number, rules) for number, link in enumerate(submission.links))
    told = [rule.village for rule in rules if rule.files is None and rule.village is not None]
    agreed = {each.village for each in filings if each.village} | {each.village for each in links if each.village}
    village = next(iter(agreed)) if len(agreed) == 1 else told[-1] if told else submission.village
    return replace(submission, filings=filings, links=links, village=village)


def _means(rule: Rule, number: int) -> bool:
    return rule.files is None or number in rule.files


def _rule_filing(filing: Filing, number: int, rules: Sequence[Rule]) -> Filing:
    for rule in rules:
        if rule.deliverable is not None and _means(rule, number):
            told = Evidence(Source.COORDINATOR, rule.deliverable, rule.who)
            filing = replace(filing, deliverable=rule.deliverable, evidence=(told, *filing.evidence))
    return filing


def _rule_link(link: LinkFiling, number: int, rules: Sequence[Rule]) -> LinkFiling:
    for rule in rules:
        if _means(rule, number):
            link = replace(link, village=rule.village or link.village, deliverable=rule.deliverable or link.deliverable)
    return link


def yield_to_newer(outcomes: Sequence[Outcome], past: Past, received_at: datetime) -> tuple[Outcome, ...]:
    """The outcomes of a mail judged late: what came after it stays in force, unless this one alone is accepted."""
    return tuple(
        replace(outcome, stands=False) if _is_older(outcome, past, received_at) else outcome for outcome in outcomes
    )


def _is_older(outcome: Outcome, past: Past, received_at: datetime) -> bool:
    standing = past.standings.get((outcome.village, outcome.deliverable))
    if standing is None or standing.received_at is None or standing.received_at <= received_at:
        return False
    return standing.state in (*_SETTLED, State.REVIEW) or outcome.state is not State.ACCEPTED
