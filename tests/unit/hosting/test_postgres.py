"""Reading what a server left: its pid file, and the last thing that it complained of."""

import os
import shutil
from pathlib import Path

import pytest

from crossline.errors import DatabaseUnavailable
from crossline.hosting.account import Account
from crossline.hosting.binaries import Binaries
from crossline.hosting.place import Place
from crossline.hosting.postgres import DURABLE, SETTINGS, THROWAWAY, Cluster

US = Account(name="us", uid=os.geteuid(), gid=os.getegid(), borrowed=False)


@pytest.fixture
def cluster(tmp_path: Path) -> Cluster:
    """A data folder without a server, and programs that are the system's `false`."""
    (tmp_path / "place" / "data").mkdir(parents=True)
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("initdb", "postgres"):
        (programs / name).symlink_to(shutil.which("false") or "/bin/false")
    return Cluster(Place(tmp_path / "place", US), Binaries(programs, 18, "18.6"))


@pytest.mark.parametrize("text", ["", "12\n", "not a number\n" * 8])
def test_a_pid_file_that_is_not_whole_names_no_server(cluster: Cluster, text: str) -> None:
    (cluster.place.data / "postmaster.pid").write_text(text)
    assert cluster.postmaster() is None


def test_a_pid_file_that_names_us_names_no_server(cluster: Cluster) -> None:
    (cluster.place.data / "postmaster.pid").write_text(f"{os.getpid()}\n" + "x\n" * 6 + "ready\n")
    assert cluster.postmaster() is None
    cluster.stop()  # signals nobody


def test_a_failed_making_leaves_no_data_folder_and_no_password(cluster: Cluster) -> None:
    cluster.place.data.rmdir()
    with pytest.raises(DatabaseUnavailable, match=r"The database could not be made in .*place: initdb failed"):
        cluster.make("hush")
    assert not cluster.exists()
    assert [path.name for path in cluster.place.folder.iterdir()] == ["preparing"]


def test_a_failed_start_quotes_the_servers_last_complaint(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crossline.hosting.postgres.RETRY_SECONDS", 0)
    cluster.place.log.write_text("2026 LOG:  starting\n2026 FATAL:  the disk is full\n2026 LOG:  ended\n")
    with pytest.raises(DatabaseUnavailable, match=r"would not start: the disk is full \(its log is .*server\.log\)"):
        cluster.start(cluster.place.folder)


def test_only_throwaway_servers_may_lose_data() -> None:
    assert DURABLE["fsync"] == DURABLE["full_page_writes"] == DURABLE["synchronous_commit"] == "on"
    assert set(THROWAWAY.values()) == {"off"}
    assert not set(SETTINGS) & set(DURABLE)
