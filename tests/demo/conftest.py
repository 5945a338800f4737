"""The month, written once for all tests of the demo."""

from pathlib import Path

import pytest

from pipeline.demo.month import Month, write_month

RULES = Path(__file__).parents[2] / "rules" / "2023-529"
BLANK_PROGRESS = RULES / "progress.docx"
BLANK_STATISTICS = RULES / "statistics.docx"


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory) -> Month:
    return write_month(
        tmp_path_factory.mktemp("month"), blank_progress=BLANK_PROGRESS, blank_statistics=BLANK_STATISTICS
    )
