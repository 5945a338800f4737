"""Readers in worker processes: real processes, and readers that behave as bad files make them behave."""

import ctypes
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from pipeline.errors import AccessError
from pipeline.model.content import Content, Document, Other, Unreadable
from pipeline.model.files import FileKind, Problem
from pipeline.model.reading import Picture
from pipeline.sandbox.readers import Job, Readers
from pipeline.sandbox.workers import Limits

HERE = Path(__file__)
LIMITS = Limits(processor_seconds=0.5, clock_seconds=60, memory=400_000_000)
CHILDREN = {
    "loop": "while True: pass",
    "hoard": "import time; kept = b'x' * 600_000_000; time.sleep(60)",
    "sleep": "import time; time.sleep(600)",
}
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither limits nor signals")


def behave(job: Job) -> Content:
    """A reader that does to its process what the file's name says."""
    path, kind, name = job.path, job.kind, job.name
    match name.split():
        case ["crash"]:
            ctypes.string_at(0)
        case ["leave", status]:
            os._exit(int(status))
        case ["kill"]:
            os.kill(os.getpid(), signal.SIGKILL)
        case ["raise"]:
            raise KeyError("no such style")
        case ["loop"]:
            while True:
                pass
        case ["sleep", seconds]:
            time.sleep(float(seconds))
        case ["eat"]:
            return Unreadable(Problem.DAMAGED, str(len(bytearray(1_000_000_000))))
        case ["hoard"]:
            kept = bytearray(b"x" * 600_000_000)
            time.sleep(60)
            return Unreadable(Problem.DAMAGED, str(len(kept)))
        case ["child", what]:
            child = subprocess.Popen([sys.executable, "-c", CHILDREN[what]])
            if path != HERE:
                path.write_text(str(child.pid))
            child.wait()
        case ["litter"]:
            os.write(1, b"on standard output")
            os.write(2, b"on standard error")
        case ["terminate"]:
            os.kill(os.getpid(), signal.SIGTERM)
        case ["large", size]:
            return Document(kind, ("字" * int(size),), ())
    return Unreadable(Problem.DAMAGED, f"{name} by {os.getpid()}")


def jobs(*names: str) -> list[Job]:
    return [Job(HERE, FileKind.DOCX, name) for name in names]


def details(contents: list[Content]) -> list[str]:
    return [content.detail for content in contents if isinstance(content, Unreadable)]


def problems(contents: list[Content]) -> list[Problem]:
    return [content.problem for content in contents if isinstance(content, Unreadable)]


def worker_of(content: Content) -> int:
    assert isinstance(content, Unreadable)
    return int(content.detail.rsplit(" ", 1)[1])


def exists(process: int) -> bool:
    """Whether the process lives; a dead one that its parent has not yet asked for does not."""
    if sys.platform == "linux":
        try:
            if len(list(Path(f"/proc/{process}/task").iterdir())) > 1:
                return True  # its first thread may be dead while another still holds its files open
            return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text(encoding="ascii")
        except (FileNotFoundError, ProcessLookupError):
            return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until_gone(processes: set[int], seconds: float) -> set[int]:
    """Those that still live after so long."""
    until = time.monotonic() + seconds
    while any(map(exists, processes)) and time.monotonic() < until:
        time.sleep(0.02)
    return set(filter(exists, processes))


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    with Readers(limits=LIMITS, workers=2, read=behave) as readers:
        yield readers


def test_contents_come_in_the_order_of_the_files(readers: Readers) -> None:
    """The first file takes longest, and its content still stands first."""
    names = ("sleep 0.3", "b", "c", "d", "e")
    assert [detail.split(" by ")[0] for detail in details(readers.read_all(jobs(*names)))] == list(names)


def test_several_workers_read_at_once(readers: Readers) -> None:
    """Two files that wait for nothing but the clock are read by two processes, and neither is this one."""
    workers = {worker_of(content) for content in readers.read_all(jobs("sleep 0.2", "sleep 0.2"))}
    assert len(workers) == 2
    assert os.getpid() not in workers


def test_no_file_starts_no_process() -> None:
    """A mail without files costs nothing."""
    before = multiprocessing.active_children()
    with Readers(read=behave) as readers:
        assert readers.read_all([]) == []
        assert set(multiprocessing.active_children()) <= set(before)


def test_without_workers_nothing_is_said_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that is installed badly is the operator's matter, not the file's."""
    nowhere = ModuleType("nowhere")
    exec("def read(job): ...", vars(nowhere))
    monkeypatch.setitem(sys.modules, "nowhere", nowhere)
    before = multiprocessing.active_children()
    with Readers(read=nowhere.read) as readers, pytest.raises(AccessError):
        readers.read_all(jobs("a", "b"))
    assert set(multiprocessing.active_children()) <= set(before)


@POSIX
@pytest.mark.parametrize(
    ("name", "problem", "says"),
    [
        pytest.param("crash", Problem.UNSUPPORTED, "Segmentation fault", id="segmentation fault"),
        pytest.param("leave 0", Problem.UNSUPPORTED, "(0)", id="exit"),
        pytest.param("leave 3", Problem.UNSUPPORTED, "(3)", id="exit with a status"),
        pytest.param("kill", Problem.UNSUPPORTED, "(-9)", id="killed from outside"),
        pytest.param("raise", Problem.UNSUPPORTED, "KeyError: 'no such style'", id="exception"),
        pytest.param("loop", Problem.HOSTILE, "0.5 s", id="works for ever"),
        pytest.param("eat", Problem.HOSTILE, "400 MB", id="eats memory"),
    ],
)
def test_a_bad_file_spoils_no_other(readers: Readers, name: str, problem: Problem, says: str) -> None:
    """What a file does to its reader is one value on that file, and those before, beside and behind it are read."""
    contents = readers.read_all(jobs("a", "b", name, "c", "d", "e"))
    assert problems(contents) == [*[Problem.DAMAGED] * 2, problem, *[Problem.DAMAGED] * 3]
    assert says in details(contents)[2]


@pytest.mark.parametrize("name", ["sleep 99", "loop"])
def test_a_reader_that_does_not_come_back_is_ended_by_the_clock(name: str) -> None:
    """One that waits for ever, or works for ever where the processor is not limited (Windows), is put down to us."""
    with Readers(limits=Limits(clock_seconds=0.5), workers=1, read=behave) as readers:
        contents = readers.read_all(jobs(name, "a"))
    assert problems(contents) == [Problem.UNSUPPORTED, Problem.DAMAGED]
    assert "0.5 s" in details(contents)[0]


@pytest.mark.parametrize(
    ("name", "says"), [pytest.param("loop", "0.5 s", id="works for ever"), pytest.param("hoard", "400 MB", id="memory")]
)
def test_the_watchdog_alone_sees_to_the_limits(name: str, says: str) -> None:
    """Where the system sets none (Windows, macOS), and for what a reader's own children take."""
    seconds = 0.5 if name == "loop" else 60
    limits = replace(LIMITS, processor_seconds=seconds, by_system=False)
    with Readers(limits=limits, workers=2, read=behave) as readers:
        for how in (name, f"child {name}"):
            contents = readers.read_all(jobs("a", how, "b"))
            assert problems(contents) == [Problem.DAMAGED, Problem.HOSTILE, Problem.DAMAGED]
            assert says in details(contents)[1]


def test_what_a_reader_started_ends_with_it(tmp_path: Path) -> None:
    """A library's own program must not go on for a file that was given up."""
    told = tmp_path / "child"
    with Readers(limits=Limits(clock_seconds=2), workers=1, read=behave) as readers:
        readers.read_all([Job(told, FileKind.DOCX, "child sleep")])
    assert wait_until_gone({int(told.read_text())}, 5) == set()


@POSIX
def test_each_file_has_processor_time_of_its_own() -> None:
    """The limit is one file's, not the sum of all that a worker ever read."""
    with Readers(limits=LIMITS, workers=1, read=_work_for_a_while) as readers:
        assert set(problems(readers.read_all(jobs(*"abc")))) == {Problem.DAMAGED}


def _work_for_a_while(job: Job) -> Content:
    until = time.process_time() + 0.4
    while time.process_time() < until:
        pass
    return Unreadable(Problem.DAMAGED, job.name)


def test_a_worker_is_used_again_and_replaced_in_time() -> None:
    """One process reads several files, and after so many another takes its place."""
    with Readers(limits=Limits(jobs=3), workers=1, read=behave) as readers:
        workers = [worker_of(content) for content in readers.read_all(jobs(*"abcdefg"))]
        assert [workers.count(each) for each in dict.fromkeys(workers)] == [3, 3, 1]


@POSIX
def test_an_idle_worker_that_was_killed_is_replaced(readers: Readers) -> None:
    """A death between two mails is nobody's fault and leaves no mark on the next file."""
    workers = set(map(worker_of, readers.read_all(jobs("sleep 0.1", "sleep 0.1"))))
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    assert wait_until_gone(workers, 5) == set()
    assert problems(readers.read_all(jobs("a", "b", "c"))) == [Problem.DAMAGED] * 3


@POSIX
def test_a_stop_of_the_service_lets_the_file_be_finished(readers: Readers) -> None:
    """A SIGTERM to all its processes, as systemd sends it, does not make a good file unreadable."""
    assert problems(readers.read_all(jobs("terminate"))) == [Problem.DAMAGED]


def test_what_a_library_prints_reaches_no_user(readers: Readers, capfd: pytest.CaptureFixture[str]) -> None:
    """Standard output is the program's own: --json is read by machines."""
    readers.read_all(jobs("litter", "crash", "raise"))
    assert capfd.readouterr() == ("", "")


def test_large_contents_come_whole(readers: Readers) -> None:
    """More than a pipe holds at a time."""
    contents = readers.read_all(jobs("large 3000000", "large 1", "large 3000000"))
    assert [len(each.paragraphs[0]) for each in contents if isinstance(each, Document)] == [3_000_000, 1, 3_000_000]


@POSIX
def test_an_interrupted_call_leaves_nothing_for_the_next(readers: Readers) -> None:
    """Ctrl+C while files are read: the next call gets the answers to its own files."""
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    with pytest.raises(KeyboardInterrupt):
        readers.read_all(jobs("sleep 1", "sleep 1"))
    assert [detail.split()[0] for detail in details(readers.read_all(jobs("a", "b")))] == ["a", "b"]


def test_closing_ends_all_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is left behind, neither processes nor files; and one may begin again."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    readers = Readers(workers=2, read=behave)
    workers = set(map(worker_of, readers.read_all(jobs("sleep 0.1", "sleep 0.1"))))
    assert list(tmp_path.iterdir())
    readers.close()
    assert wait_until_gone(workers, 2) == set()
    assert not list(tmp_path.iterdir())
    assert problems(readers.read_all(jobs("a"))) == [Problem.DAMAGED]
    readers.close()


_PARENT = """\
import sys
from tests.sandbox.test_sandbox import Limits, Readers, behave, jobs, worker_of
if __name__ == "__main__":
    readers = Readers(limits=Limits(processor_seconds=20), workers=2, read=behave)
    print(*map(worker_of, readers.read_all(jobs("sleep 0.1", "sleep 0.1"))), flush=True)
    readers.read_all(jobs(*sys.argv[1:]))
"""


@POSIX
@pytest.mark.parametrize(
    "names", [pytest.param(["sleep 99", "loop"], id="busy"), pytest.param([], id="not closed, idle")]
)
def test_no_worker_outlives_its_parent(tmp_path: Path, names: list[str]) -> None:
    """Whether the parent is killed while its workers are busy, or ends without closing them, they end too."""
    script = tmp_path / "parent.py"
    script.write_text(_PARENT, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[2]), "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, script, *names], stdout=subprocess.PIPE, text=True, env=environment
    ) as parent:
        assert parent.stdout is not None
        workers = set(map(int, parent.stdout.readline().split()))
        assert len(workers) == 2
        if names:
            time.sleep(0.2)
            parent.kill()
        assert parent.wait(5) == (-signal.SIGKILL if names else 0)
        assert wait_until_gone(workers, 5) == set()


def test_the_programs_own_readers_work_within_the_limits(tmp_path: Path) -> None:
    """By default files are read by pipeline.content, under the limits of every day."""
    from PIL import Image  # noqa: PLC0415 (the other tests need no picture)

    picture = tmp_path / "a.jpg"
    Image.effect_noise((4000, 3000), 50).save(picture)
    broken = tmp_path / "b.docx"
    broken.write_bytes(b"PK\x03\x04 and nothing else")
    with Readers(workers=1) as readers:
        contents = readers.read_all(
            [
                Job(picture, FileKind.JPEG, "a.jpg"),
                Job(broken, FileKind.DOCX, "b.docx"),
                Job(broken, FileKind.EXECUTABLE, "c.exe"),
            ]
        )
    assert isinstance(contents[0], Picture)
    assert (contents[0].width, contents[0].height) == (4000, 3000)
    assert problems(contents) == [Problem.DAMAGED]
    assert contents[2] == Other()
