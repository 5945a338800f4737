"""PDF: its text, by pypdf. A form that comes as PDF cannot be read into its tables."""

from __future__ import annotations

import io
import logging
import struct
import time
import zlib
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

from pipeline.content.refusal import Refusal, refuse
from pipeline.model.content import Document
from pipeline.model.files import FileKind, Problem

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it warns of every oddity; only the outcome matters here

_PAGES = 100
_PATIENCE = 5.0  # seconds; what was read until then is enough to judge by
# What pypdf raises on damaged files beside its own errors.
_PYPDF_ERRORS = (
    PyPdfError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,
    AssertionError,
    RuntimeError,  # RecursionError and NotImplementedError too
    OSError,
    EOFError,
    MemoryError,
    struct.error,
    zlib.error,
)


def read_pdf(path: Path) -> Document:
    """The text's lines as paragraphs; none of them where the pages are pictures (a scan). Raises Refusal."""
    octets = path.read_bytes()
    give_up_at = time.monotonic() + _PATIENCE
    lines: list[str] = []
    try:
        reader = PdfReader(io.BytesIO(octets), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):  # a password for changes only is no hindrance
            raise Refusal(Problem.ENCRYPTED, "password")
        for page in reader.pages[:_PAGES]:
            lines += page.extract_text().splitlines()
            if time.monotonic() > give_up_at:
                break
    except (FileNotDecryptedError, DependencyError) as error:
        raise refuse(Problem.ENCRYPTED, error) from error
    except _PYPDF_ERRORS as error:
        raise refuse(Problem.DAMAGED, error) from error
    return Document(kind=FileKind.PDF, paragraphs=tuple(line.strip() for line in lines if line.strip()), tables=())
