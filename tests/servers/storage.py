"""S3-compatible storage: the one that ``BAOSONG_TEST_S3`` names; for root a Ceph; else moto within this process."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import boto3
from moto.server import ThreadedMotoServer
from obstore.store import S3Store

from tests.servers.ceph import KEY, SECRET, running_ceph


@dataclass(slots=True)
class Storage:
    """A running server, and what a program must be told to reach it."""

    environment: dict[str, str]
    bucket: str
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def new_prefix(self) -> str:
        """The url of a place in the bucket where nothing lies yet."""
        return f"s3://{self.bucket}/t{os.getpid()}-{next(self._numbers)}"

    def make_bucket(self) -> None:
        """Before anything can be put into it. obstore knows no such request."""
        client = boto3.client(
            "s3",
            endpoint_url=self.environment["AWS_ENDPOINT_URL"],
            aws_access_key_id=self.environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.environment["AWS_SECRET_ACCESS_KEY"],
            region_name="us-east-1",
        )
        client.create_bucket(Bucket=self.bucket)

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
    if os.geteuid() == 0:
        with running_ceph() as ceph:
            keys = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET}
            storage = Storage({"AWS_ENDPOINT_URL": ceph.endpoint, "AWS_REGION": "us-east-1", **keys}, "baosong-tests")
            storage.make_bucket()
            yield storage
        return
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        environment = {"AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_REGION": "us-east-1", **keys}
        storage = Storage(environment, "baosong-tests")
        storage.make_bucket()
        yield storage
    finally:
        server.stop()
