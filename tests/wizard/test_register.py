"""The office's list of villages that is no list, or none that we can read: told in Chinese, and asked for again."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from pipeline.register_file import load_register
from pipeline.wizard.interview import Interview
from pipeline.wizard.register import ask_register


def asked(folder: Path, *answers: str) -> str:
    """What is said while these lines are answered."""

    @click.command()
    def ask() -> None:
        ask_register(Interview(), folder, given=None, old="")

    result = CliRunner().invoke(ask, input="\n".join(answers) + "\n")
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def good(tmp_path: Path) -> str:
    (tmp_path / "名单.csv").write_text("村名\n石桥村\n", encoding="utf-8")
    return "名单.csv"


def test_an_empty_list_is_asked_for_again(tmp_path: Path, good: str) -> None:
    """Nobody is asked in which of no columns the villages stand."""
    (tmp_path / "空.csv").write_text("", encoding="utf-8")
    assert "是空的" in asked(tmp_path, "空.csv", good, "是")


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no file that opens and cannot be read")
def test_a_list_that_cannot_be_read_is_asked_for_again(tmp_path: Path, good: str) -> None:
    """Excel on Windows keeps its file to itself while it is open."""
    for name in ("表.csv", "表.xlsx"):
        (tmp_path / name).symlink_to("/proc/self/mem")  # a file that opens, and whose octets nobody gets
    assert asked(tmp_path, "表.csv", "表.xlsx", good, "是").count("文件读不了") == 2


def test_a_wrong_line_is_told_in_chinese(tmp_path: Path) -> None:
    """A list whose columns nobody can guess: the clerk says where what stands."""
    (tmp_path / "表.csv").write_text("x,y\n李家,a@b.cn\n", encoding="utf-8")
    said = asked(tmp_path, "表.csv", "1", "二", "9", "2", "", "2", "", "是")
    assert said.count("请填1到2的行号") == 2
    assert "invalid" not in said
    assert load_register(tmp_path / "villages.csv").names == ("李家",)
