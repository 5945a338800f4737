"""The virus scanner of the office's machine, where one is configured: clamd, asked by its INSTREAM command.

https://docs.clamav.net/manual/Usage/Scanning.html#clamd. Own code: the client libraries on the registry are a page each
and have not been kept.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable
from contextlib import closing
from typing import TYPE_CHECKING, BinaryIO

from pipeline.errors import AccessError, TransientError

if TYPE_CHECKING:
    from pipeline.config import ScanConfig

_CHUNK = 128 * 1024
_MOST_ANSWER = 4096


def is_infected(scan: ScanConfig, file: BinaryIO) -> bool:
    """Whether clamd finds something in these octets. What is larger than it takes is not scanned, and passes.

    Raises TransientError where it does not answer: the mail is judged when it does.
    """
    answer = _ask(scan, b"INSTREAM", iter(lambda: file.read(_CHUNK), b""))
    if answer.endswith("FOUND"):
        return True
    if answer.endswith(" OK") or "size limit exceeded" in answer:
        return False
    raise TransientError(f"病毒扫描程序出错（{answer[:100]}），邮件已保存，恢复后自动核对；请检查 clamd 的日志")


def ping(scan: ScanConfig) -> str:
    """What clamd calls itself. AccessError where it is not there."""
    try:
        return _ask(scan, b"VERSION", ()).partition("/")[0]
    except TransientError as error:
        raise AccessError(str(error)) from error


def _ask(scan: ScanConfig, command: bytes, chunks: Iterable[bytes]) -> str:
    try:
        with closing(_connect(scan)) as connection:
            connection.sendall(b"z" + command + b"\0")
            if command == b"INSTREAM":
                _stream(connection, chunks)
            return _answer(connection)
    except OSError as error:
        raise TransientError(
            f"病毒扫描程序 {scan.place} 没有应答（{error.strerror or error}），邮件已保存，恢复后自动核对；"
            "请检查 clamd 是否在运行，或删去 config.toml 的 [scan]"
        ) from error


def _connect(scan: ScanConfig) -> socket.socket:
    if scan.host:
        return socket.create_connection((scan.host, scan.port), timeout=scan.timeout)
    if not hasattr(socket, "AF_UNIX"):
        raise OSError("Windows 上请写 主机:端口")
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(scan.timeout)
    try:
        connection.connect(scan.place)
    except OSError:
        connection.close()
        raise
    return connection


def _stream(connection: socket.socket, chunks: Iterable[bytes]) -> None:
    try:
        for chunk in chunks:
            connection.sendall(struct.pack(">L", len(chunk)) + chunk)
        connection.sendall(struct.pack(">L", 0))
    except (BrokenPipeError, ConnectionResetError):
        pass  # it has had enough (StreamMaxLength) and has said so: the answer tells


def _answer(connection: socket.socket) -> str:
    said = bytearray()
    while not said.endswith(b"\0") and len(said) < _MOST_ANSWER and (piece := connection.recv(_MOST_ANSWER)):
        said += piece
    if not said:
        raise ConnectionResetError("连接被中断")
    return said.rstrip(b"\0\n").decode("utf-8", "replace")
