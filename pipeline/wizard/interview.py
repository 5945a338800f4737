"""Questions and answers: asked at the terminal, or given beforehand by options."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import click

from pipeline.errors import ConfigError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several answers."""

    key: str  # as an option says it
    words: str


@dataclass(frozen=True, slots=True)
class Interview:
    """Asks. ``silent``: nobody is there; what no option says takes its default, and without one that is an error."""

    silent: bool = False

    def say(self, words: str = "") -> None:
        """A line for the reader."""
        click.echo(words)

    def ask(
        self,
        question: str,
        read: Callable[[str], T],
        *,
        option: str,
        given: str | None = None,
        default: str = "",
        required: bool = True,
    ) -> T:
        """An answer that ``read`` understands; what it refuses (ValueError, ConfigError) is told and asked again."""
        if given is not None or self.silent:
            if given is None and not default and required:
                raise ConfigError(f"缺少{question}，请加 {option}")
            try:
                return read(given if given is not None else default)
            except ValueError as error:
                raise ConfigError(f"{option}：{error}") from error
        while True:
            answer = self._line(question, default)
            if not answer and required:
                self.say("  请填写后再回车。")
                continue
            try:
                return read(answer)
            except (ValueError, ConfigError) as error:
                self.say(f"  {error}。请重新填写。")

    def choose(
        self, question: str, choices: Sequence[Choice], *, option: str, given: str | None = None, default: str = ""
    ) -> str:
        """The key of one of the choices, picked by number or key."""
        keys = [each.key for each in choices]
        if not self.silent and given is None:
            self.say(question)
            for number, each in enumerate(choices, 1):
                self.say(f"  {number}. {each.words}")
        first = default if default in keys else keys[0]

        def read(answer: str) -> str:
            if answer in keys:
                return answer
            if answer.isdecimal() and 1 <= int(answer) <= len(keys):
                return keys[int(answer) - 1]
            named = self.silent or given is not None
            raise ValueError(f"没有“{answer}”这一项，可选 " + ("、".join(keys) if named else f"1 至 {len(keys)}"))

        shown = first if self.silent or given is not None else str(keys.index(first) + 1)
        return self.ask("请选择序号", read, option=option, given=given, default=shown)

    def confirm(self, question: str, *, default: bool = True) -> bool:
        """Yes or no; with nobody there, the default."""
        if self.silent:
            return default
        while True:
            answer = self._line(f"{question}（{'是/否，回车为是' if default else '是/否，回车为否'}）", "")
            if not answer:
                return default
            if answer.lower() in ("是", "y", "yes", "好", "对", "1"):
                return True
            if answer.lower() in ("否", "n", "no", "不", "不对", "0"):
                return False
            self.say("  请回答“是”或“否”。")

    def secret(self, question: str) -> str:
        """A password, not shown while it is typed."""
        return str(click.prompt(question, hide_input=True, default="", show_default=False, prompt_suffix="：")).strip()

    @staticmethod
    def _line(question: str, default: str) -> str:
        shown = f"{question}（回车为 {default}）" if default else question
        return str(click.prompt(shown, default=default, show_default=False, prompt_suffix="：")).strip()
