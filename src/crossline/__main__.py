"""`python -m crossline`: what the launcher runs."""

import os
import sys

from crossline.cli import main

if __name__ == "__main__":
    # What we write holds names: exports, simulations and the home are for whoever runs this, unless they say otherwise.
    os.umask(0o077)
    sys.exit(main())
