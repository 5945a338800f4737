"""A new check is one new module and its test: nothing else needs an edit. The recipe of CONTRIBUTING.md, walked."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flow.township import RULES, lay_out_office, plan

ROOT = Path(__file__).parent.parent

_MODULE = '''"""方案里没有写到表扬。

查什么
    方案里有没有写到“表扬”。

为什么
    这是为测试写的一项核对。

不合格
    “本村将开展宣传服务活动。”

合格
    “对表现突出的会员小组予以表扬。”

怎么改
    写上怎样表扬。

选项
    word  要写到的词
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.check import Check, Hit
from pipeline.model.facts import Prose
from pipeline.model.finding import Severity


@dataclass(frozen=True, slots=True)
class Options:
    word: str = "表扬"


def find(prose: Prose, options: Options) -> Iterator[Hit]:
    if options.word not in prose.text:
        yield Hit(values={"word": options.word})


CHECK = Check(severity=Severity.WARNING, on=Prose, options=Options, find=find, message="没有写到“{word}”，请补上。")
'''


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A folder with a copy of the package and the new module in it."""
    folder = tmp_path / "package"
    shutil.copytree(ROOT / "pipeline", folder / "pipeline", ignore=shutil.ignore_patterns("__pycache__", "migrations"))
    (folder / "pipeline" / "checks" / "always_praise.py").write_text(_MODULE, encoding="utf-8")
    return folder


def baosong(package: Path, *commands: list[str]) -> list[tuple[int, str]]:
    """Exit status and output (complaints too) of each command, all run by one process on this copy of the package."""
    code = (
        "import contextlib, io, json, sys\n"
        "from pipeline.cli import main\n"
        "told = []\n"
        "for command in json.loads(sys.argv[1]):\n"
        "    said = io.StringIO()\n"
        "    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):\n"
        "        told.append((main(command), said.getvalue()))\n"
        "print(json.dumps(told))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(commands)],
        capture_output=True, text=True, check=True, cwd=package, env={**os.environ, "PYTHONPATH": str(package)},
    )  # fmt: skip
    return [(status, said) for status, said in json.loads(done.stdout)]


def lay_out_campaign(folder: Path, put: str) -> str:
    """An office whose campaign says this of the plan's checks; the path of its configuration."""
    shutil.copytree(RULES, folder / "rules")
    rules = folder / "rules" / "2023-529.toml"
    first, mark, rest = rules.read_text("utf-8").partition("[deliverable.checks.text-too-short]")
    rules.write_text(f"{first}{put}\n{mark}{rest}", encoding="utf-8")
    return str(lay_out_office(folder, campaign="rules/2023-529.toml"))


def test_a_new_file_is_a_new_check(package: Path, tmp_path: Path) -> None:
    """It explains itself, runs on what it looks at, and a campaign can turn its screws, but not others."""
    silent = lay_out_campaign(tmp_path / "silent", "")
    strict = lay_out_campaign(
        tmp_path / "strict", '[deliverable.checks.always-praise]\nseverity = "error"\nword = "小红花"'
    )
    wrong = lay_out_campaign(tmp_path / "wrong", '[deliverable.checks.always-praise]\nwrod = "小红花"')
    file = tmp_path / "石桥村方案.docx"
    file.write_bytes(plan("石桥村"))
    check = ["--now", "2023-05-04", "check", "--json", str(file)]
    explained, by_default, as_wanted, refused = baosong(
        package,
        ["explain", "always-praise"],
        ["--config", silent, *check],
        ["--config", strict, *check],
        ["--config", wrong, "rules", "check"],
    )
    assert (explained[0], explained[1].splitlines()[0]) == (0, "always-praise  方案里没有写到表扬。")
    assert '默认 word = "表扬"' in explained[1]
    assert (by_default[0], _found(by_default[1])) == (0, [("warning", "没有写到“表扬”，请补上。")])
    assert (as_wanted[0], _found(as_wanted[1])) == (1, [("error", "没有写到“小红花”，请补上。")])
    assert refused[0] == 2
    assert "always-praise.wrod" in refused[1]


def _found(said: str) -> list[tuple[str, str]]:
    (result,) = json.loads(said)["results"]
    return [
        (finding["severity"], finding["message"])
        for finding in result["findings"]
        if finding["code"] == "always-praise"
    ]
