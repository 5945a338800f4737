"""The offices of one worker: their configurations, and which of them read the same mailbox."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path

from pipeline.config import Config
from pipeline.config.loading import load_config
from pipeline.errors import ConfigError

Say = Callable[[str], None]
Reach = tuple[str, tuple[str, ...]]  # the url of an account, and the folders read; none: all


def find_offices(files: Sequence[Path], say: Say) -> dict[str, Config]:
    """The offices of these configurations, by the names of their schemas. Raises ConfigError.

    ``files`` are configurations, or folders that hold one each in a folder of its own. Of those in a folder one that is
    broken is told and left out: the others' mail shall not wait for it.
    """
    found: dict[str, Config] = {}
    for given in files:
        for file in sorted(given.glob("*/config.toml")) if given.is_dir() else [given]:
            try:
                config = _load_distributed(file)
            except ConfigError as error:
                if not given.is_dir():
                    raise
                say(f"{file.parent.name}：{error}。这个单位暂不处理，改好后请重新启动 baosong worker")
                continue
            if config.office in found:
                raise ConfigError(f"与 {found[config.office].file} 用了同一个名称", file=file, key="office")
            if found and config.database != next(iter(found.values())).database:
                raise ConfigError("一个 baosong worker 的各单位要在同一个数据库", file=file, key="database")
            found[config.office] = config
    if not found:
        raise ConfigError(f"{files[0]} 里没有单位：每个单位一个文件夹，里面放它的 config.toml")
    for account, names in find_shared({name: reach_of(config) for name, config in found.items()}):
        say(f"需要处理：{explain_shared(account, names)}")
    return found


def _load_distributed(file: Path) -> Config:
    config = load_config(file)
    if not config.distributed:
        raise ConfigError('请写 engine = "procrastinate"', file=file, key="engine")
    return config


def reach_of(config: Config) -> list[Reach]:
    """What an office reads."""
    return [(each.url.text, each.folders) for each in config.mailboxes]


def find_shared(reaches: Mapping[str, Collection[Reach]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The accounts of which several of these offices read the same folders, each with those offices' names."""
    readers: defaultdict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    for name in sorted(reaches):
        for account, folders in reaches[name]:
            readers[account].append((name, folders))
    for account, known in sorted(readers.items()):
        meeting = {
            name
            for (one, mine), (other, theirs) in combinations(known, 2)
            if one != other and (not mine or not theirs or set(mine) & set(theirs))
            for name in (one, other)
        }
        if meeting:
            yield account, tuple(sorted(meeting))


def explain_shared(account: str, names: Sequence[str]) -> str:
    """What comes of it, and what to do."""
    return (
        f"{'、'.join(names)} 收的是同一个邮箱（{account}），同一封来信会登记{len(names)}次、答复{len(names)}次。"
        "请给每个单位单独的邮箱，或在 [mailbox] 里用 folders 写明各收哪个邮件夹"
    )
