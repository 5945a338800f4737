"""A private Ceph of Debian on free ports of the loopback: monitor, manager, one OSD on a file, and its S3 gateway.

Debian packages: radosgw, ceph-mon, ceph-osd, ceph-mgr, without what they recommend (no systemd, no orchestrator). Root
only: the OSD's store wants it. Everything lies in a folder of its own, and all processes end with the ``with`` block.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from tests.servers.ports import free_ports

KEY: Final = "baosong-tests"
MISSING: Final = "Ceph is not installed: sh tests/servers/install.sh"
SECRET: Final = "baosong-tests-secret"
_STORE: Final = 8 * 1024**3  # octets, sparse
_LONGEST: Final = 90.0  # seconds until the gateway answers

_CONF = """\
[global]
fsid = {fsid}
mon_host = [v1:127.0.0.1:{mon}]
mon_initial_members = a
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
ms_bind_msgr2 = false
ms_bind_port_min = {low}
ms_bind_port_max = {high}
auth_cluster_required = cephx
auth_service_required = cephx
auth_client_required = cephx
run_dir = {folder}/run
admin_socket = {folder}/run/$name.asok
pid_file = {folder}/run/$name.pid
log_file = {folder}/log/$name.log
mon_cluster_log_file = {folder}/log/cluster.log
crash_dir = {folder}/log
keyring = {folder}/keyring
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_warn_on_pool_no_redundancy = false
auth_allow_insecure_global_id_reclaim = false
osd_objectstore = bluestore
bluestore_block_size = {store}
bluestore_fsck_on_mount = false
osd_memory_target = 939524096
mon_data_avail_crit = 1
mon_data_avail_warn = 1
mon_osd_full_ratio = 0.99
mon_osd_nearfull_ratio = 0.98
[mon.a]
mon_data = {folder}/mon
[mgr.x]
mgr_data = {folder}/mgr
mgr_initial_modules =
[osd.0]
osd_data = {folder}/osd
[client.rgw]
rgw_frontends = beast endpoint=127.0.0.1:{gateway}
rgw_thread_pool_size = 16
rgw_enable_usage_log = false
"""


class Ceph:
    """The cluster. ``endpoint`` is where its gateway speaks S3 to :data:`KEY` with :data:`SECRET`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._conf = folder / "ceph.conf"
        self._mon, gateway = free_ports(2)
        self.endpoint = f"http://127.0.0.1:{gateway}"
        self._fsid = str(uuid.uuid4())
        self._running: list[subprocess.Popen[bytes]] = []
        for name in ("run", "log", "mon", "mgr", "osd"):
            (folder / name).mkdir()
        low = 20_000 + os.getpid() % 20_000
        self._conf.write_text(
            _CONF.format(
                fsid=self._fsid, folder=folder, mon=self._mon, gateway=gateway, low=low, high=low + 200, store=_STORE
            )
        )

    def start(self) -> None:
        """Return when the gateway answers. RuntimeError, with the logs' last words, where it never does."""
        keyring, monmap = str(self._folder / "keyring"), str(self._folder / "monmap")
        everything = ("--cap", "mon", "allow *", "--cap", "osd", "allow *", "--cap", "mgr", "allow *")
        self._do("ceph-authtool", "--create-keyring", keyring, "--gen-key", "-n", "mon.", "--cap", "mon", "allow *")
        for name in ("client.admin", "client.rgw", "mgr.x", "osd.0"):
            self._do("ceph-authtool", keyring, "--gen-key", "-n", name, *everything)
        self._do("monmaptool", "--create", "--fsid", self._fsid, "--addv", "a", f"[v1:127.0.0.1:{self._mon}]", monmap)
        self._do("ceph-mon", *self._common, "--mkfs", "-i", "a", "--monmap", monmap, "--keyring", keyring)
        self._run("ceph-mon", "-i", "a")
        self._run("ceph-mgr", "-i", "x")
        osd = str(uuid.uuid4())
        self._do("ceph", *self._common, "osd", "new", osd)
        self._do("ceph-osd", *self._common, "-i", "0", "--mkfs", "--osd-uuid", osd)
        self._run("ceph-osd", "-i", "0")
        self._run("radosgw", "-n", "client.rgw")
        self._await()
        self._do(
            "radosgw-admin", *self._common, "-n", "client.rgw", "user", "create", "--uid", "tests",
            "--display-name", "tests", "--access-key", KEY, "--secret-key", SECRET,
        )  # fmt: skip

    def stop(self) -> None:
        """End all its processes, the gateway first; its store is worth nothing."""
        for process in reversed(self._running):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._running.clear()

    @property
    def _common(self) -> tuple[str, ...]:
        return ("-c", str(self._conf))

    def _run(self, program: str, *arguments: str) -> None:
        log = (self._folder / "log" / f"{program}.out").open("wb")
        with log:
            self._running.append(
                subprocess.Popen(
                    [program, *self._common, "-f", *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            )

    def _do(self, *command: str) -> None:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_LONGEST, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.stdout}{done.stderr}{self._last_words()}")

    def _await(self) -> None:
        until = time.monotonic() + _LONGEST
        while True:
            with suppress(URLError, ConnectionError, TimeoutError):
                try:
                    urlopen(self.endpoint, timeout=5).close()
                except HTTPError:
                    return
                return
            if time.monotonic() > until or any(process.poll() is not None for process in self._running):
                raise RuntimeError(f"Ceph did not start: {self._last_words()}")
            time.sleep(0.2)

    def _last_words(self) -> str:
        files = sorted((self._folder / "log").iterdir())
        return "".join(f"\n--- {file.name}\n{file.read_text('utf-8', 'replace')[-1500:]}" for file in files)


def find_ceph() -> bool:
    """Whether all its programs are installed."""
    return all(map(shutil.which, ("radosgw", "ceph-mon", "ceph-osd", "ceph-mgr", "ceph")))


@contextmanager
def running_ceph() -> Iterator[Ceph]:
    """A running one."""
    folder = Path(tempfile.mkdtemp(prefix="ceph-"))
    try:
        server = Ceph(folder)
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
