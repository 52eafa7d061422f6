"""`python -m crossline`: what the launcher runs."""

import sys

from crossline.cli import main

if __name__ == "__main__":
    sys.exit(main())
