"""A stand-in for the Azure CLI: records how it is called and answers from a table. Hooks are run with it on PATH.

Its first line, which names a Python, is written by `tests.hooks.hook.StandIn`. It needs the standard library alone.
"""

import json
import os
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
RECORDED_VARIABLES = ("EXISTING_SYSTEM_TOPICS", "DETECTION_ANSWERED")


def main() -> int:
    """Record the call, print the answer of the first entry that fits it, and return its exit code."""
    arguments = sys.argv[1:]
    call = {
        "arguments": arguments,
        "variables": {name: os.environ[name] for name in RECORDED_VARIABLES if name in os.environ},
    }
    with (FOLDER / "calls.jsonl").open("a") as calls:
        calls.write(json.dumps(call) + "\n")
    table = json.loads((FOLDER / "answers.json").read_text())
    for entry in table:
        is_command = arguments[: len(entry["command"])] == entry["command"]
        fits = is_command and all(any(part in argument for argument in arguments) for part in entry["parts"])
        if fits and entry["left"]:
            entry["left"] -= 1
            (FOLDER / "answers.json").write_text(json.dumps(table))
            sys.stdout.write(entry["out"])
            sys.stderr.write(entry["err"])
            return int(entry["code"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
