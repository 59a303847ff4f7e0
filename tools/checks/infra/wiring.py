"""Whether templates fit together: what a compiler would refuse first, and pycep, a parser, does not see."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.checks.infra.template import Module, Template, read_template

_OUTPUT = re.compile(r"\b(\w+)(?:\[\w+\])?\.outputs\.(\w+)")
_COMMENT = re.compile(r"(?<!:)//.*$", re.MULTILINE)
_TEXT = re.compile(r"'((?:\\.|[^'\\$]|\$(?!\{)|\$\{[^{}]*\})*)'")
_INSERTED = re.compile(r"\$\{([^{}]*)\}")
_NAME = re.compile(r"(?<![\w.?@#])([A-Za-z_]\w*)\b(?!\s*\()")
_PAIR_KEY = re.compile(r"\s*(?:\w+|'')\s*")
_INNER_KEY = re.compile(r"\{\s*(?:\w+|'')\s*:")
_LOOP = re.compile(r"\bfor\s+(?:\((\w+),\s*(\w+)\)|(\w+))\s+in\b")
_LAMBDA = re.compile(r"\b(\w+)\s*=>")
_KEYWORDS = {"targetScope", "metadata", "param", "var", "resource", "module", "output", "existing", "if", "for", "in"}
_WORDS = _KEYWORDS | {"true", "false", "null", "string", "int", "bool", "object", "array", "dependsOn"}
_DECLARING = ("parameters", "variables", "resources", "modules")


def find_wiring_problems(template: Template) -> Iterator[str]:
    """What does not fit: parameters of modules, outputs that are not there, names nobody declares or nobody uses."""
    targets: dict[str, Template] = {}
    for module in template.modules():
        if not module.path.is_file():
            yield f"{template.path.name}: {module.name} is made from {module.path.name}, which is not there"
            continue
        targets[module.name] = read_template(module.path)
        yield from _parameter_problems(template, module, targets[module.name])
    for name, output in _OUTPUT.findall(template.text):
        if name in targets and output not in targets[name].section("outputs"):
            yield f"{template.path.name}: {name} has no output {output}"
    yield from _name_problems(template)


def _parameter_problems(template: Template, module: Module, target: Template) -> Iterator[str]:
    for parameter in sorted(module.given - set(target.section("parameters"))):
        yield f"{template.path.name}: {module.name} is given {parameter}, which {target.path.name} does not take"
    for parameter in sorted(target.required_parameters() - module.given):
        yield f"{template.path.name}: {module.name} is not given {parameter}, which {target.path.name} needs"


def _name_problems(template: Template) -> Iterator[str]:
    declared = {name for kind in _DECLARING for name in template.section(kind)}
    mentions = list(_mentions(template.text))
    in_loops = {name for names in _LOOP.findall(template.text) for name in names if name}
    in_loops |= set(_LAMBDA.findall(template.text))
    for name in sorted(set(mentions) - declared - in_loops - _WORDS - set(template.section("outputs"))):
        yield f"{template.path.name}: nothing declares {name}"
    for name in sorted(set(template.section("parameters")) | set(template.section("variables"))):
        if mentions.count(name) < 2:
            yield f"{template.path.name}: nothing uses {name}"


def _mentions(text: str) -> Iterator[str]:
    """Names that stand for something: not the keys of objects, functions, properties, or words in texts."""
    bare = _COMMENT.sub("", text)
    inserted = [part for found in _TEXT.findall(bare) for part in _INSERTED.findall(found)]
    for part in [_TEXT.sub("''", bare), *(_TEXT.sub("''", part) for part in inserted)]:
        for line in part.splitlines():
            yield from _names_of(line)


def _names_of(line: str) -> Iterator[str]:
    if line.lstrip().startswith(("metadata ", "targetScope ")):
        return
    key, colon, value = line.partition(":")
    is_pair = colon and _PAIR_KEY.fullmatch(key)
    yield from _NAME.findall(_INNER_KEY.sub("{", value if is_pair else line))
