"""Puts the repository root first on the import path, wherever pytest was started; programs under test hear Ctrl-C."""

import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

# a shell has what it runs in the background ignore SIGINT, and every program inherits that
signal.signal(signal.SIGINT, signal.default_int_handler)
