"""Examples and exit codes that `./dev COMMAND --help` shows after a command's options."""

from __future__ import annotations

EXIT_CODES = "Exit codes: 0 success, 1 failure, 2 wrong usage, 130 interrupted."
INFRA_EXIT_CODES = """Exit codes: 0 success, 1 there are problems, 2 wrong usage, 3 no problem, but not everything
could be checked, for example without a compiler: the last lines say what and why, 130 interrupted."""
UP_EXAMPLES = """\b
Examples:
  ./dev up                                        the fleets of the full demo, on 1 January 2025
  ./dev up --start 2026-03-01 --speed 1h/s        later, and an hour every second
  ./dev up --to 2025-06-30                        first everything up to then, then stay there
  ./dev up --world small --port 8443              other fleets; ARM on port 8443, the app on 8444
  ./dev up --setting AUTO_UPGRADE_DETECT_SCHEDULE='0 */10 * * * *'

Then, in another terminal: ./dev az …, ./dev time …, or curl. docs/local.md shows how.

Exit codes: 130 or 143 when Ctrl-C or a signal ends it, 1 if it could not start or a part of it ended, 2 wrong usage."""
TIME_EXAMPLES = """\b
Examples:
  ./dev time                      what time it is, and what happens next
  ./dev time --next-release       to the next moment at which a region gets a release
  ./dev time --to 2025-06-30      to a date; with a time of day: 2025-06-30T12:00Z
  ./dev time --speed 1h/s         let it run by itself, an hour every second; --speed 0 stops it

Exit codes: 0 success, 1 if no stack is up or time cannot be moved there, 2 wrong usage, 130 interrupted on the way."""
EXPLAIN_EXAMPLES = """\b
Examples:
  curl -H "x-functions-key: $KEY" "$APP_URL/api$PROFILE/preview?facts=true" > facts.json
  ./dev explain facts.json                        why this decision
  ./dev explain facts.json --policy freeze=none   what another policy would decide
  ./dev explain facts.json --at 2026-12-24        what would be decided then, with the same releases
  ./dev explain --json - < facts.json | jq .members

Exit codes: 0 decided, also if the decision is Blocked; 1 the facts are not understood: the message names the place;
2 wrong usage, 130 interrupted."""
FUZZ_EXAMPLES = """\b
Examples:
  ./dev fuzz --inputs 100000      many, in a few minutes
  ./dev fuzz --seed 7             others
  ./dev fuzz --seed 7 --input 42  one of them again

Exit codes: 0 no law is broken, 1 one is, 2 wrong usage, 130 interrupted."""
TEST_EXAMPLES = """\b
Examples:
  ./dev test                      everything; .ci/run runs this
  ./dev test --quick              what needs no stack, for while you work
  ./dev test tests/app/core -k soak -x
                                  pytest alone, with its own options

Exit codes: 0 success, 1 failure, 130 interrupted; with options of pytest, pytest's."""
SIMULATE_EXAMPLES = """\b
Examples:
  ./dev simulate                  200 seeds
  ./dev simulate --seeds 10000    for half an hour, after a change of how runs are written
  ./dev simulate --seed 417       what happens in one seed, step by step
  ./dev simulate --seeds 300 --mutants    whether the laws find each rule that is switched off

Exit codes: 0 every law held, 1 one was broken: its seed is named, 2 wrong usage, 130 interrupted."""
CRASH_TEST_EXAMPLES = """\b
Examples:
  ./dev crash-test --every 10                 a tenth of the cases
  ./dev crash-test --flow restart --flow native

Exit codes: 0 every case ends as it does undisturbed, 1 one does not, 2 wrong usage, 130 interrupted."""
