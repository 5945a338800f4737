"""What can be told of an OLE compound file ([MS-CFB]) before a library opens it."""

from __future__ import annotations

import re
import struct

from pipeline.content.refusal import Refusal
from pipeline.model.files import Problem

MAGIC = bytes.fromhex("D0CF11E0A1B11AE1")
_ENTRY_SIZE = 128
_PROGRAM = re.compile(rb"\.(?:exe|com|scr|pif|bat|cmd|vbs|vbe|js|jse|wsf|wsh|ps1|hta|lnk|msi|jar)\0", re.IGNORECASE)


def has_entry(octets: bytes, name: str) -> bool:
    """Whether the compound file has a storage or stream of this name, at any depth.

    Directory entries are 128 octets long and begin with the name in UTF-16 ([MS-CFB] 2.6.1), so a damaged file
    answers too.
    """
    wanted = name.encode("utf-16-le") + b"\0\0"
    at = octets.find(wanted)
    while at >= 0:
        if at % _ENTRY_SIZE == 0 and octets[at + 64 : at + 66] == struct.pack("<H", len(wanted)):
            return True
        at = octets.find(wanted, at + 2)
    return False


def carries_program(octets: bytes) -> bool:
    """Whether the compound file has macros, or a program put in as an object (its name stands in Ole10Native)."""
    return has_entry(octets, "_VBA_PROJECT") or (
        has_entry(octets, "\x01Ole10Native") and _PROGRAM.search(octets) is not None
    )


def refuse_encrypted_package(octets: bytes) -> None:
    """Raise Refusal if this is a docx or xlsx with a password, wrapped in a compound file ([MS-OFFCRYPTO] 2.3)."""
    if octets.startswith(MAGIC) and has_entry(octets, "EncryptedPackage"):
        raise Refusal(Problem.ENCRYPTED, "EncryptedPackage")
