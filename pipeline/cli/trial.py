"""``baosong check``: files and .eml judged by the rules alone, as if they came by mail now. No mailbox, no ledger."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from pipeline.cache import Cache
from pipeline.cache.local import LocalCache
from pipeline.campaign import load_campaign
from pipeline.config.loading import load_config
from pipeline.errors import ConfigError
from pipeline.mailbox.arrival import arrival_time
from pipeline.matching import file_submission, find_villages, listed_writers
from pipeline.message.unpacking import unpack_message
from pipeline.model.campaign import Campaign
from pipeline.model.past import Past
from pipeline.model.submission import Evidence, Source
from pipeline.model.verdict import Verdict
from pipeline.office import system_clock
from pipeline.opening import read_contents
from pipeline.register import Register
from pipeline.register_file import load_register
from pipeline.sandbox.readers import Readers
from pipeline.tomlfile import did_you_mean
from pipeline.verdict import judge


def try_paths(
    config_file: Path,
    paths: Sequence[Path],
    *,
    village: str | None,
    deliverable: str | None,
    now: datetime | None,
) -> list[tuple[list[str], Verdict]]:
    """A verdict for each .eml, and one for all other files together, as one mail would bring them."""
    config = load_config(config_file)
    campaign = load_campaign(config.campaign)
    register = load_register(config.villages, campaign.place_words)
    _refuse_strange("village", village, register.names)
    _refuse_strange("deliverable", deliverable, [each.id for each in campaign.deliverables])
    mails = [path for path in paths if path.suffix.lower() == ".eml"]
    files = [path for path in paths if path not in mails]
    moment = now or system_clock()
    with tempfile.TemporaryDirectory(prefix="baosong-") as folder:
        cache = LocalCache(Path(folder))
        results = []
        for path in mails:
            octets = _read(path)
            arrived = arrival_time(octets, moment)
            results.append(([path.name], _judge(cache, octets, arrived, campaign, register, village, deliverable)))
        if files:
            # Nobody sent them: what a check says of the sender says nothing here.
            of_files = {code: setting for code, setting in campaign.checks.items() if not code.startswith("sender-")}
            rules = replace(campaign, checks=of_files)
            verdict = _judge(cache, _as_mail(files), moment, rules, register, village, deliverable)
            results.append(([path.name for path in files], verdict))
        return results


def _refuse_strange(key: str, name: str | None, known: Sequence[str]) -> None:
    if name is not None and name not in known:
        hint = did_you_mean(name, known) or f"，可用的有 {'、'.join(known)}"
        raise ConfigError(f"--{key} 没有 {name}{hint}")


def _read(path: Path) -> bytes:
    if path.is_dir():
        raise ConfigError("这是文件夹，请写里面的文件，例如 文件夹/*.docx", file=path)
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError("文件读不出来，请检查文件是否还在、有没有权限", file=path) from error


def _as_mail(files: Sequence[Path]) -> bytes:
    mail = EmailMessage()
    mail["Subject"] = ""
    mail.set_content("")
    for file in files:
        mail.add_attachment(_read(file), maintype="application", subtype="octet-stream", filename=file.name)
    return mail.as_bytes()


def _judge(
    cache: Cache,
    octets: bytes,
    received_at: datetime,
    campaign: Campaign,
    register: Register,
    village: str | None,
    deliverable: str | None,
) -> Verdict:
    message = unpack_message(cache, cache.store([octets]), received_at)
    with Readers() as readers:
        contents = read_contents(readers, cache, message.attachments)
    writers = listed_writers(message.sender.address, register)
    owners = find_villages(message, contents, campaign, register, writers)
    if village is not None:
        told = Evidence(Source.COORDINATOR, village, "--village")
        owners = {number: (village, (told, *evidence)) for number, (_, evidence) in owners.items()}
    submission = file_submission(message, contents, owners, Past(), campaign, register, writers)
    if deliverable is not None:
        filings = tuple(replace(filing, deliverable=deliverable) for filing in submission.filings)
        submission = replace(submission, filings=filings)
    return judge(submission, Past(), campaign, register)
