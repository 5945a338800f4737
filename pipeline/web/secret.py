"""The page's password: one hash in a file of its own beside config.toml, readable by its owner alone."""

from __future__ import annotations

import os
import secrets
import threading
from dataclasses import dataclass, field
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pipeline.errors import AccessError, ConfigError

SHORTEST = 8  # characters
LONGEST = 200
# Each hashing takes 64 MB for a moment: so many at once, and a flood of guesses waits.
_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Secret:
    """The password of one office's page."""

    file: Path
    _hasher: PasswordHasher = field(default_factory=PasswordHasher)  # argon2id, RFC 9106's second recommendation
    _turn: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(_AT_ONCE))

    @property
    def is_set(self) -> bool:
        """Whether there is a password."""
        return self.file.is_file()

    def set(self, password: str) -> None:
        """Take a new one. ConfigError where it is too short, AccessError where it cannot be kept."""
        if not SHORTEST <= len(password) <= LONGEST:
            raise ConfigError(f"密码至少{SHORTEST}个字，最多{LONGEST}个字，请换一个")
        with self._turn:
            hashed = self._hasher.hash(password)
        unfinished = self.file.with_name(f"{self.file.name}.{secrets.token_hex(4)}.part")
        try:
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as stream:
                stream.write(hashed + "\n")
            unfinished.replace(self.file)
        except OSError as error:
            raise AccessError(f"密码存不进 {self.file}（{error.strerror}），请检查文件夹的写入权限") from error

    def matches(self, password: str) -> bool:
        """Whether this is the password; False where none is set."""
        if len(password) > LONGEST:
            return False
        try:
            hashed = self.file.read_text("ascii").strip()
            with self._turn:
                return self._hasher.verify(hashed, password)
        except (OSError, UnicodeDecodeError, VerificationError, InvalidHashError):
            return False
