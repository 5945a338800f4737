"""The one direction: an import never runs against it. The contracts stand in pyproject.toml, [tool.importlinter]."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def lint(folder: Path) -> tuple[int, str]:
    """Exit status and words of import-linter on the package in this folder."""
    # Its own command (lint-imports) may be out of the path; without its art it begins with the findings.
    code = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command(['--no-cache'])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package and its contracts."""
    shutil.copytree(ROOT / "pipeline", tmp_path / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_import_runs_in_the_one_direction() -> None:
    """All contracts are kept, and every module has its place."""
    status, said = lint(ROOT)
    assert status == 0, said


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("forms/filled.py", "import pipeline.ledger.intake", "Imports run one way"),
        ("checks/late.py", "import pipeline.cache.local", "From octets to verdict nothing touches"),
        ("matching/rounds.py", "import time", "From octets to verdict nothing touches"),
        ("model/message.py", "import pipeline.model.verdict", "The model's values follow the flow"),
        ("model/facts.py", "import pipeline.check", "Imports run one way"),
        ("model/reading.py", "import PIL", "The model's values touch nothing"),
        ("cli/jsonview.py", "import sqlmodel", "Only the ledger knows the database"),
        ("facts.py", "import docx", "Only content opens documents"),
        ("report/page.py", "import smtplib", "Only mailbox and outbox speak"),
    ],
)
def test_an_import_against_it_is_found(copy: Path, module: str, line: str, contract: str) -> None:
    """One line in the wrong place breaks the contract that forbids it."""
    file = copy / "pipeline" / module
    # After the module's docstring and its __future__ import.
    head, future, rest = file.read_text("utf-8").partition("from __future__ import annotations\n")
    file.write_text(head + future + line + "\n" + rest, encoding="utf-8")
    status, said = lint(copy)
    assert status == 1
    assert any(each.startswith(contract) and "BROKEN" in each for each in said.splitlines()), said


def test_everything_is_caught_in_two_places_only() -> None:
    """Around one message and around one check; elsewhere an error is caught by its name, or ends the round.

    Who raises it again after all has caught nothing.
    """
    places = [
        file.relative_to(ROOT / "pipeline").as_posix()
        for file in sorted((ROOT / "pipeline").rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) == "Exception")
        and ast.unparse(node.body[-1]) != "raise"
    ]
    assert places == ["judging.py", "verdict.py"]


def test_a_module_without_a_place_is_found(copy: Path) -> None:
    """A new module must be given its place in the direction."""
    (copy / "pipeline" / "novelty.py").write_text('"""New."""\n', encoding="utf-8")
    status, said = lint(copy)
    assert status == 1
    assert "novelty" in said
