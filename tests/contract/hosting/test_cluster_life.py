"""The embedded server's life: one for all who use it, back after a crash with its rows, gone when the last user has gone."""

import os
import signal
import stat
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from crossline.errors import DatabaseUnsuitable
from crossline.hosting.database import opened_database
from crossline.hosting.embedded import hold_server
from crossline.hosting.home import Home
from crossline.hosting.logins import Login
from crossline.hosting.place import LONGEST_SOCKET_FOLDER

from .conftest import Holder, await_holder, begin_holder, is_gone, wait_until

Hold = Callable[..., Holder]


def write_row(holder: Holder) -> None:
    with psycopg.connect(holder.said["conninfo"], autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (line text)")
        connection.execute("INSERT INTO kept VALUES ('Apollo')")


def rows(conninfo: str) -> list[tuple[str, ...]]:
    with psycopg.connect(conninfo) as connection:
        return connection.execute("SELECT line FROM kept").fetchall()


def answers(conninfo: str) -> bool:
    try:
        return rows(conninfo) == [("Apollo",)]
    except psycopg.OperationalError:
        return False


def watchdog_of(postmaster: int) -> int:
    return int(Path(f"/proc/{postmaster}/stat").read_text().rpartition(")")[2].split()[1])


def test_a_second_start_joins_the_server_that_runs(hold: Hold) -> None:
    assert hold().postmaster == hold().postmaster


def test_processes_that_race_to_start_get_one_server(home: Home) -> None:
    processes = [begin_holder(home) for _ in range(3)]
    holders = [await_holder(process) for process in processes]
    assert len({holder.postmaster for holder in holders}) == 1
    for holder in holders:
        holder.end()
    assert is_gone(holders[0].postmaster)


def test_a_normal_end_of_the_last_user_leaves_no_server(hold: Hold) -> None:
    first, second = hold(), hold()
    first.end()
    assert not is_gone(second.postmaster)
    second.end()
    assert is_gone(second.postmaster)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_the_server_goes_when_its_last_user_is_killed(hold: Hold, number: int) -> None:
    first, second = hold(), hold()
    first.kill(number)
    assert not wait_until(lambda: is_gone(second.postmaster), 0.5)
    second.kill(number)
    assert wait_until(lambda: is_gone(second.postmaster), 10)


def test_a_killed_server_comes_back_with_its_rows_while_it_is_used(hold: Hold) -> None:
    holder = hold("durable")
    write_row(holder)
    os.kill(holder.postmaster, signal.SIGKILL)
    assert wait_until(lambda: answers(holder.said["conninfo"]), 30)
    again = hold("durable")
    assert again.postmaster != holder.postmaster


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the watchdog through /proc")
def test_a_start_after_everything_was_killed_finds_the_rows(hold: Hold) -> None:
    holder = hold("durable")
    write_row(holder)
    watchdog = watchdog_of(holder.postmaster)
    for pid in (watchdog, holder.postmaster, holder.process.pid):
        os.kill(pid, signal.SIGKILL)
    assert rows(hold("durable").said["conninfo"]) == [("Apollo",)]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the watchdog through /proc")
def test_a_server_whose_watchdog_was_killed_gets_another(hold: Hold) -> None:
    holder = hold()
    os.kill(watchdog_of(holder.postmaster), signal.SIGKILL)
    again = hold()
    assert again.postmaster == holder.postmaster
    holder.kill()
    again.kill()
    assert wait_until(lambda: is_gone(again.postmaster), 10)


def test_a_pid_file_that_names_another_program_is_no_obstacle(home: Home) -> None:
    with opened_database(home, durable=False):
        pass
    lines = [
        str(os.getpid()),
        str(home.database / "data"),
        "1",
        "5432",
        str(home.database / "socket"),
        "",
        "0 0",
        "ready",
    ]
    (home.database / "data" / "postmaster.pid").write_text("\n".join(lines) + "\n")
    with opened_database(home, durable=False) as access, psycopg.connect(access.conninfo(Login.WEB)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_folder_whose_making_was_interrupted_is_made_again(home: Home) -> None:
    half = home.database / "preparing" / "base"
    home.database.mkdir(mode=0o711)
    half.mkdir(parents=True)
    (half / "half").write_text("made")
    with opened_database(home, durable=False) as access, psycopg.connect(access.conninfo(Login.WEB)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not half.exists()


def test_data_of_a_version_without_programs_is_refused_and_left_alone(home: Home) -> None:
    data = home.database / "data"
    home.database.mkdir(mode=0o711)
    data.mkdir()
    (data / "PG_VERSION").write_text("12\n")
    with pytest.raises(
        DatabaseUnsuitable, match=r"made by PostgreSQL 12 and this machine has .*18.*restore a backup"
    ) as refused:
        hold_server(home, durable=False)
    assert "\n" not in str(refused.value)
    assert [path.name for path in data.iterdir()] == ["PG_VERSION"]


def test_a_long_home_gets_a_short_private_socket_folder_which_goes_again(home: Home) -> None:
    deep = Home(home.root / ("a very long name, with a comma " * 4).strip()).make()
    with opened_database(deep, durable=False) as access:
        folder = Path(access.host)
        assert len(str(folder)) <= LONGEST_SOCKET_FOLDER
        assert folder.parent == Path("/tmp")
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert folder.stat().st_uid == (deep.database / "data").stat().st_uid
        with psycopg.connect(access.conninfo(Login.WEB)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not folder.exists()
