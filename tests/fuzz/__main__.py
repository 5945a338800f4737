"""``python -m tests.fuzz SECONDS [TARGET…]``: fuzz each target in turn; exit status 1 where one fell.

Each runs in a process of its own, by Atheris (libFuzzer, guided by coverage) where it is installed, else by mutation
alone. A fault is written into ``fuzz-faults/``, once for each place in the code, and the run goes on; the last line has
the figures. BAOSONG_CORPUS names a folder of further seeds.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import tempfile
import time
import traceback
from importlib.util import find_spec
from pathlib import Path
from random import Random

FAULTS = Path("fuzz-faults")
CORPUS = Path(os.environ.get("BAOSONG_CORPUS") or Path(__file__).resolve().parents[3] / "shared" / "corpus")
HANG_SECONDS = 25  # for one input; a message may hold archives that take as long as their own limits allow
MEMORY_MB = 3000


def main(arguments: list[str]) -> int:
    """Share the seconds among the targets."""
    if arguments[:1] == ["--one"]:
        return _fuzz_one(arguments[1], float(arguments[2]), Path(arguments[3]))
    from tests.fuzz.targets import TARGETS  # noqa: PLC0415

    seconds = float(arguments[0]) if arguments else 600.0
    names = arguments[1:] or list(TARGETS)
    FAULTS.mkdir(exist_ok=True)
    before = set(FAULTS.iterdir())
    runs = 0
    for name in names:
        done = _fuzz(name, seconds / len(names))
        runs += done
        print(f"{name:10} {done:9} runs", flush=True)
    faults = sorted(set(FAULTS.iterdir()) - before)
    for fault in faults:
        print(f"fault: {fault}")
    engine = "atheris" if find_spec("atheris") else "mutation"
    print(f"{engine}: {len(names)} targets, {runs} runs, {seconds:.0f} s, {len(faults)} faults")
    return 1 if faults else 0


def _fuzz(name: str, seconds: float) -> int:
    """The number of runs; started again where an input killed the process."""
    until = time.time() + seconds
    runs = 0
    with tempfile.TemporaryDirectory(prefix="baosong-fuzz-") as folder:
        while time.time() < until - 1:
            done = subprocess.run(
                [sys.executable, "-m", "tests.fuzz", "--one", name, str(until), folder],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=False,
            )
            said = done.stdout.decode("utf-8", "replace")
            counted = re.findall(r"(?:^#|stat::number_of_executed_units:\s*|runs )(\d+)", said, re.MULTILINE)
            runs += max(map(int, counted), default=0)
            if done.returncode and not list(FAULTS.glob(f"{name}-*")):
                (FAULTS / f"{name}-died.txt").write_text(said[-20000:], encoding="utf-8")
    return runs


def _fuzz_one(name: str, until: float, folder: Path) -> int:
    if find_spec("atheris") is None:
        return _mutate_blindly(name, until)
    import atheris  # noqa: PLC0415

    with atheris.instrument_imports(include=["pipeline"]):
        from tests.fuzz.targets import TARGETS  # noqa: PLC0415
    from tests.fuzz.mutation import mutate_member  # noqa: PLC0415

    seeds = folder / "seeds"
    if not seeds.exists():
        seeds.mkdir()
        for number, octets in enumerate(_seeds(name)):
            (seeds / f"{number:04}").write_bytes(octets)
    found = folder / "found"
    found.mkdir(exist_ok=True)
    target = TARGETS[name]

    def mutate(octets: bytes, most: int, seed: int) -> bytes:
        chance = Random(seed)
        if octets.startswith(b"PK\x03\x04") and chance.random() < 0.8:
            changed = mutate_member(octets, chance, lambda content, _: atheris.Mutate(content, len(content) + 500))
            return changed[:most]
        return bytes(atheris.Mutate(octets, most))

    atheris.Setup(
        [
            "fuzz",
            str(found),
            str(seeds),
            f"-max_total_time={max(int(until - time.time()), 1)}",
            f"-timeout={HANG_SECONDS}",
            f"-report_slow_units={HANG_SECONDS}",
            f"-rss_limit_mb={MEMORY_MB}",
            f"-artifact_prefix={FAULTS}/{name}-",
            "-max_len=100000",
            "-print_final_stats=1",
        ],
        lambda octets: try_one(name, target, octets),
        custom_mutator=mutate,
    )
    atheris.Fuzz()
    return 0


def _mutate_blindly(name: str, until: float) -> int:
    from tests.fuzz.mutation import mutate  # noqa: PLC0415
    from tests.fuzz.targets import TARGETS  # noqa: PLC0415

    chance, seeds = Random(name), _seeds(name)
    runs = 0
    while time.time() < until:
        try_one(name, TARGETS[name], mutate(chance.choice(seeds), chance))
        runs += 1
    print("runs", runs)
    return 0


def _seeds(name: str) -> list[bytes]:
    from tests.fuzz.seeds import corpus_seeds, made_seeds  # noqa: PLC0415

    return [*made_seeds(name), *(corpus_seeds(name, CORPUS) if CORPUS.is_dir() else [])]


def try_one(name: str, target: object, octets: bytes) -> None:
    """Run a target; what it raises is written down, once for each place that raises it."""
    assert callable(target)
    try:
        target(octets)
    except Exception as error:  # noqa: BLE001 (whatever it is, it is what we look for)
        place = traceback.extract_tb(error.__traceback__)[-1]
        fault = FAULTS / f"{name}-{type(error).__name__}-{Path(place.filename).stem}-{place.lineno}"
        if not fault.exists():
            fault.write_bytes(octets)
            with contextlib.suppress(OSError):
                fault.with_suffix(".txt").write_text(traceback.format_exc(), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
