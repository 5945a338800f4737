"""Where the password is kept: the system's keyring, or a file for the service that only its owner may read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.config.passwords import keep_password
from pipeline.errors import AccessError
from pipeline.wizard.account import Account
from pipeline.wizard.interview import Choice, Interview
from pipeline.wizard.service import ENVIRONMENT

KEYRING, FILE, NONE = "keyring", "file", "none"
_NAMES = ("BAOSONG_MAILBOX_PASSWORD", "BAOSONG_OUTGOING_PASSWORD")


def choose_place(interview: Interview, given: str | None, *, service: str) -> str:
    """Where it is to be kept: a service of the system cannot open its user's keyring."""
    choices = [
        Choice(KEYRING, "存入系统密码库（Windows 凭据管理器、macOS 钥匙串、Linux 桌面的密码库）"),
        Choice(FILE, f"存入 {ENVIRONMENT} 文件，只有本人可读，供开机自动运行的服务使用"),
        Choice(NONE, "不保存，由我自己设环境变量"),
    ]
    default = FILE if service == "systemd" else KEYRING
    return interview.choose("密码存在哪里？", choices, option="--keep-password", given=given, default=default)


def keep(interview: Interview, account: Account, password: str, place: str, folder: Path) -> bool:
    """Keep it; whether the file for the service was written. Where there is no keyring, the file takes its place."""
    if place == KEYRING:
        logins = {account.incoming.user, account.outgoing.user} - {""}
        if all(keep_password(login, password) for login in logins):
            interview.say("密码已存入系统密码库。")
            return False
        interview.say("这台机器没有系统密码库，改存到文件。")
        place = FILE
    if place == FILE:
        file = folder / ENVIRONMENT
        _write_private(file, "".join(f"{name}={_quoted(password)}\n" for name in _NAMES))
        interview.say(f"密码已存入 {file}，只有本人可读，请勿发给别人、勿放进共享文件夹。")
        interview.say(f"手工运行命令前，先在命令行执行：set -a; . '{file}'; set +a")
        return True
    interview.say(f"没有保存密码。运行前请设环境变量 {_NAMES[0]} 和 {_NAMES[1]}。")
    return False


def _quoted(password: str) -> str:
    """As systemd.exec(5) and a shell both read it: within single quotes nothing is special but the quote itself."""
    if "'" not in password:
        return f"'{password}'"
    escaped = password.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$").replace("`", "\\`")
    return f'"{escaped}"'


def _write_private(file: Path, text: str) -> None:
    """Never readable by others, not even for a moment."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        raise AccessError(f"密码文件写不进去（{error.strerror}），请检查文件夹的权限：{file}") from error


@contextmanager
def in_environment(password: str | None) -> Iterator[None]:
    """The password where this program looks first, for as long as the block lasts."""
    before = {name: os.environ.get(name) for name in _NAMES}
    if password:
        os.environ.update(dict.fromkeys(_NAMES, password))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
