"""What the system says of a process number."""

import os
import subprocess
import sys
from pathlib import Path

from crossline.hosting.processes import command_line_of, is_alive


def test_we_are_alive_under_our_own_command() -> None:
    assert is_alive(os.getpid())
    assert Path(sys.executable).name in command_line_of(os.getpid())


def test_what_ended_is_dead_before_and_after_its_parent_looks() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.read()  # ends with the process
    process.stdout.close()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert not is_alive(process.pid)
    process.wait()
    assert not is_alive(process.pid)
    assert command_line_of(process.pid) == ""
