"""The command: reads facts, decides on them, prints; what is wrong goes to stderr, and nothing else goes there."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from shared.core.decision import Decision
from shared.core.model.ids import ResourceId
from shared.core.policies.rules import find_policy_rule
from shared.decision_json import decision_json
from shared.errors import UserMustFixError
from shared.use_cases.decide_profile import EvaluationOptions, decide_profile
from tools.documents import DocumentError
from tools.explain.document import FactsDocument, read_facts
from tools.explain.offline import CapturedReaders

OK, NOT_UNDERSTOOD, WRONG_USAGE = 0, 1, 2
STDIN = "-"


@dataclass(frozen=True, slots=True)
class ExplainOptions:
    """What was written on the command line."""

    facts: str
    """A file, or `-` for stdin."""
    at: datetime | None = None
    policies: tuple[tuple[str, str], ...] = ()
    as_json: bool = False


def run_explain(options: ExplainOptions) -> int:
    """Run the command; its exit code."""
    try:
        policies = _read_policies(options.policies)
    except UserMustFixError as error:
        return _fail(error.explanation, WRONG_USAGE)
    try:
        content = _read(options.facts)
        document = read_facts(content, _name(options.facts))
    except OSError as error:
        return _fail(f"{_name(options.facts)}: {error.strerror}", WRONG_USAGE)
    except DocumentError as error:
        return _fail(str(error), NOT_UNDERSTOOD)
    decision = explain(document, options.at, policies)
    if options.as_json:
        sys.stdout.write(f"{json.dumps(decision_json(decision))}\n")
    else:
        from tools.explain.report import print_decision  # rich takes longer to import than a decision

        print_decision(decision, document.now if options.at is None else options.at)
    return OK


def explain(document: FactsDocument, at: datetime | None = None, policies: Iterable[tuple[str, str]] = ()) -> Decision:
    """The decision on the facts, as a preview makes it.

    Args:
        document: the facts.
        at: decide for this time; None for that of the facts.
        policies: policies that replace those of the facts, as key and value.
    """
    overrides = {**document.policies.overrides, **dict(policies)}
    options = EvaluationOptions(document.intent, at, overrides, wants_warnings=True)
    return decide_profile(CapturedReaders(document), ResourceId.parse(document.profile_id), options)


def _read_policies(policies: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The policies by their keys, checked as those of a preview request are."""
    checked: list[tuple[str, str]] = []
    for key, value in policies:
        rule = find_policy_rule(key, f"--policy {key}")
        rule.read(value, f"--policy {key}")
        checked.append((rule.key, value))
    return checked


def _read(facts: str) -> object:
    try:
        if facts == STDIN:
            return json.load(sys.stdin)
        return json.loads(Path(facts).read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise DocumentError("is not text in UTF-8", None, _name(facts)) from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise DocumentError(f"{place}: is not JSON: {error.msg}", None, _name(facts)) from None
    except RecursionError:
        raise DocumentError("is nested too deeply", None, _name(facts)) from None


def _name(facts: str) -> str:
    return "standard input" if facts == STDIN else facts


def _fail(message: str, code: int) -> int:
    sys.stderr.write(f"./dev explain: {message}\n")
    return code
