"""S3-compatible storage: the one that ``BAOSONG_TEST_S3`` names, else moto's server within this process."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.request import Request, urlopen

from moto.server import ThreadedMotoServer
from obstore.store import S3Store


@dataclass(slots=True)
class Storage:
    """A running server, and what a program must be told to reach it."""

    environment: dict[str, str]
    bucket: str
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def new_prefix(self) -> str:
        """The url of a place in the bucket where nothing lies yet."""
        return f"s3://{self.bucket}/t{os.getpid()}-{next(self._numbers)}"

    def store(self, url: str) -> S3Store:
        """A client of the tests' own."""
        return S3Store.from_url(
            url,
            endpoint=self.environment["AWS_ENDPOINT_URL"],
            access_key_id=self.environment["AWS_ACCESS_KEY_ID"],
            secret_access_key=self.environment["AWS_SECRET_ACCESS_KEY"],
            region="us-east-1",
            client_options={"allow_http": True},
        )


@contextmanager
def running_storage() -> Iterator[Storage]:
    """The server, for one run of the tests."""
    given = os.environ.get("BAOSONG_TEST_S3")
    keys = {name: os.environ.get(name, "test") for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
    if given:
        yield Storage({"AWS_ENDPOINT_URL": given, "AWS_REGION": "us-east-1", **keys}, "baosong-tests")
        return
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        environment = {"AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_REGION": "us-east-1", **keys}
        storage = Storage(environment, "baosong-tests")
        _make_bucket(f"http://{host}:{port}/baosong-tests")
        yield storage
    finally:
        server.stop()


def _make_bucket(url: str) -> None:
    with urlopen(Request(url, method="PUT")) as answer:
        assert answer.status == 200
