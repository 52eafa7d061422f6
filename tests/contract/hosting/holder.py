"""A process that uses the database of a home, for tests to watch and kill: says what it has, then waits for its stdin to end.

python holder.py HOME [durable]
"""

import json
import os
import sys
from pathlib import Path

from crossline.hosting.database import ensure_database
from crossline.hosting.home import Home
from crossline.hosting.logins import Login

access = ensure_database(Home(Path(sys.argv[1])), durable="durable" in sys.argv)
postmaster = (Path(access.host).parent / "data" / "postmaster.pid").read_text().split("\n", 1)[0]
said = {
    "pid": os.getpid(),
    "postmaster": int(postmaster),
    "conninfo": access.conninfo(Login.OWNER),
    "socket": access.host,
}
sys.stdout.write(json.dumps(said) + "\n")
sys.stdout.flush()
sys.stdin.read()
