"""What a verdict rests on besides the mail and the past: the campaign's files, the register, the program itself."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from pipeline.model.campaign import Campaign
from pipeline.register import Register


def find_edition(campaign: Campaign, register: Register, office: str) -> str:
    """A name that changes when any of these changes; it begins with the campaign's id and a colon.

    Two messages of one edition, judged in the same order with the same past, get the same verdict.
    """
    parts = (campaign.rules_digest, office, _program(), register.digest)
    return f"{campaign.id}:{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:32]}"


@cache
def _program() -> str:
    """The digest of the program's own files: an update may judge otherwise without a new version number."""
    digest = hashlib.sha256()
    root = Path(__file__).parent
    for file in sorted(path for path in root.rglob("*") if path.suffix in (".py", ".toml")):
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
