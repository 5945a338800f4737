"""Word 97 to 2003 (.doc, and Kingsoft's .wps, which is the same format), by way of the library msdoc2docx.

The library turns the file into a docx, pictures' octets kept as they were, and :mod:`pipeline.content.word` reads that.
What it calls UNSUPPORTED, or loses pictures of, LibreOffice is asked for (:mod:`pipeline.content.office`).
"""

from __future__ import annotations

import struct
import tempfile
from dataclasses import replace
from pathlib import Path

from doc2docx import convert
from doc2docx.errors import (
    BinaryBoundsError,
    Doc2DocxError,
    EncryptedDocumentError,
    InvalidCompoundFile,
)

from pipeline.content.ole import carries_program, refuse_encrypted_package
from pipeline.content.refusal import Refusal, refuse
from pipeline.content.word import read_word
from pipeline.model.content import Document
from pipeline.model.files import FileKind, Problem

# What the converter says where it has thrown all drawings away, and where one of them was.
_PICTURES_LOST = frozenset({"OFFICEART_MALFORMED", "OBJECT_ANCHOR_DEFERRED"})
# What the converter lets through on damaged files, beside its own errors (seen over the files of POI and Tika).
_UNEXPECTED = (ValueError, LookupError, ArithmeticError, TypeError, AttributeError, RecursionError, struct.error)


def read_doc(path: Path) -> Document:
    """The document as :func:`~pipeline.content.word.read_word` would give its docx twin. Raises Refusal."""
    octets = path.read_bytes()
    refuse_encrypted_package(octets)
    document = read_word(convert_doc(path), FileKind.DOC)
    return replace(document, macros=carries_program(octets))


def convert_doc(path: Path) -> bytes:
    """The docx twin. Raises Refusal."""
    with tempfile.TemporaryDirectory(prefix="baosong-") as folder:
        docx = Path(folder) / "document.docx"
        try:
            report = convert(path, docx).report
        except EncryptedDocumentError as error:
            raise refuse(Problem.ENCRYPTED, error) from error
        except (InvalidCompoundFile, BinaryBoundsError) as error:
            raise refuse(Problem.DAMAGED, error) from error
        except Doc2DocxError as error:
            raise refuse(Problem.UNSUPPORTED, error) from error
        except _UNEXPECTED as error:  # ours as likely as the file's
            raise refuse(Problem.UNSUPPORTED, error) from error
        if {each.code for each in report.diagnostics} >= _PICTURES_LOST:
            raise Refusal(Problem.UNSUPPORTED, "drawings that the converter leaves out")
        return docx.read_bytes()
