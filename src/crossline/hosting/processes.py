"""What the system says about a process number, on Linux and macOS."""

import os
import subprocess
from pathlib import Path


def is_alive(pid: int) -> bool:
    """Does the process run? One that has ended and waits for its parent to notice (a zombie) does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def command_line_of(pid: int) -> str:
    """The program that runs under this number with its arguments, or nothing when the system does not say."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return _ask_ps(pid, "args=")
    return words.replace(b"\0", b" ").decode(errors="surrogateescape").strip()


def _is_zombie(pid: int) -> bool:
    try:
        facts = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return _ask_ps(pid, "stat=").startswith("Z")
    # The program's name stands in brackets and may hold anything; the state is the first word after it.
    return facts.rpartition(")")[2].split()[:1] == ["Z"]


def _ask_ps(pid: int, column: str) -> str:
    try:
        answer = subprocess.run(
            ["ps", "-ww", "-p", str(pid), "-o", column], capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return answer.stdout.strip()
