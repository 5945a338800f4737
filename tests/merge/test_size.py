"""A large town: sixty villages, five activities each, three photos each."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.merge.large import lay_out_large_town
from tests.merge.town import NOW

OCTETS = 500 << 20


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a program its own peak of memory")
def test_sixty_villages_are_merged_in_little_memory(tmp_path: Path) -> None:
    """60 × 5 × 3 photos in the table and 180 beside it, within 500 MB. All are there."""
    config = lay_out_large_town(tmp_path, 1440, 1080)  # as WeChat hands them on
    # VmHWM belongs to the program itself; what wait4() tells of a child counts its parent's memory at the fork, too.
    peak = "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    command = f"import sys; from pipeline.cli import main; status = main(); {peak}; sys.exit(status)"
    arguments = ["--config", str(config), "--now", NOW, "merge"]
    done = subprocess.run([sys.executable, "-c", command, *arguments], stdout=subprocess.PIPE, text=True, check=True)
    with zipfile.ZipFile(tmp_path / "merged" / "写实表汇总.docx") as archive:
        assert len([name for name in archive.namelist() if name.startswith("word/media/")]) == 60 * 5 * 3
    with zipfile.ZipFile(tmp_path / "merged" / "材料汇总.zip") as archive:
        assert len([name for name in archive.namelist() if name.startswith("照片/")]) == 60 * 3
    assert int(done.stdout.split()[-1]) * 1024 < OCTETS
