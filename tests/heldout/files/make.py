"""Makes the files of this folder with LibreOffice: real Word 97, Excel 97, RTF and PDF, which no library here writes.

python -m tests.heldout.files.make        needs soffice; the files are kept, so that the tests do not
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.heldout.deeds import deeds
from tests.heldout.forms import rebuilt, statistics_sheet
from tests.heldout.texts import PLANS, SUMMARIES
from tests.heldout.word import prose

HERE = Path(__file__).parent


def make() -> None:
    """Write all of them."""
    sources = {
        "plan.docx": (prose(PLANS["幸福村"]), "doc"),
        "plan-west.docx": (prose(PLANS["西洼村"]), "pdf"),
        "progress.docx": (rebuilt("七里铺社区居委会", "七里铺社区居委会", deeds("七里铺社区", 1, 2, 3)), "doc"),
        "statistics.xlsx": (statistics_sheet("和平社区", (3, 210, 1, 12, 2, 130), others="无"), "xls"),
        "summary.docx": (prose(SUMMARIES["新合村"]), "rtf"),
    }
    program = shutil.which("soffice")
    assert program, "LibreOffice is not installed"
    with tempfile.TemporaryDirectory() as folder:
        for name, (octets, ending) in sources.items():
            source = Path(folder) / name
            source.write_bytes(octets)
            subprocess.run(
                [program, "--headless", "--convert-to", ending, "--outdir", str(HERE), str(source)], check=True
            )


if __name__ == "__main__":
    make()
