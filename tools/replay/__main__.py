"""`python -m tools.replay`, which `./dev replay` runs."""

import sys

from tools.replay.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
