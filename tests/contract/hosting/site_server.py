"""`crossline serve` without the rest of the command line, for tests to watch and kill: python site_server.py HOME PORT."""

import sys
from pathlib import Path

from crossline.errors import CrosslineError
from crossline.hosting.database import ensure_database
from crossline.hosting.home import Home
from crossline.hosting.web import serve


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


home = Home(Path(sys.argv[1]))
try:
    sys.exit(serve(int(sys.argv[2]), access=ensure_database(home, durable=False), home=home, say=say))
except CrosslineError as error:
    say(str(error))
    sys.exit(1)
