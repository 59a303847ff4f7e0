"""Random values: JSON that is nearly good, and bytes that are nearly JSON."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import cast

from tests.app.builders.alerts import Json
from tests.app.use_cases.scene import FLEET, PROFILE

SENT = "sent by the caller: for no log?"
"""A part of texts that callers send. Its characters are in no id, so that no log may have it."""

_CLUSTER = FLEET.text.replace("fleets/retail", "managedClusters/one")
TEXTS: Sequence[str] = (
    "",
    " ",
    SENT,
    SENT * 10_000,
    f"{SENT}\n\x1b[31m\u202e\x00",
    "\ud800",
    "true",
    "null",
    "-1",
    "9" * 5000,
    "1e999999",
    "NaN",
    "P7D",
    "P99999999999D",
    "PT" + "9" * 400 + "S",
    "2026-12-20T06:00:00Z",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00",
    "2026-12-20T06:00:00+99:99",
    "upgrade",
    "generateUpdateRun",
    "westus2",
    "none",
    "2026-12-15/2027-01-05",
    "0001-01-01/9999-12-31",
    ".",
    "..",
    "%2e%2e%2f",
    "a/b/c",
    "rapid",
    "retail",
    "' or 1 == 1",
    "<script>alert(1)</script>",
    FLEET.text,
    FLEET.text.upper(),
    PROFILE.text,
    f"{FLEET}/updateRuns/auto-1",
    f"{FLEET}/members/{SENT}",
    f"{FLEET}/../{'a/' * 1000}",
    _CLUSTER,
)
NUMBERS: Sequence[Json] = (0, 1, -1, 2**63, 10**4000, 1.5, float("inf"), float("nan"), True, False, None)
_JSON_BYTES = b'{}[]",:0123456789.eE+-truefalsn \\u\xff\xfe\x00\xef\xbb\xbf'
DEEP = 100_000


def a_text(chance: random.Random) -> str:
    """A text: one that means something somewhere, two of them, or characters of any kind."""
    kind = chance.random()
    if kind < 0.7:
        return chance.choice(TEXTS)
    if kind < 0.85:
        return chance.choice(TEXTS)[:50] + chance.choice(TEXTS)[:50]
    return "".join(map(chr, chance.choices((*range(128), 0xDF, 0x202E, 0x4E2D, 0xD7FF), k=chance.randrange(40))))


def a_value(chance: random.Random, levels: int = 3) -> Json:
    """Any JSON, a few levels deep."""
    kind = chance.random()
    if kind < 0.5 or levels == 0:
        return a_text(chance)
    if kind < 0.7:
        return chance.choice(NUMBERS)
    if kind < 0.85:
        return [a_value(chance, levels - 1) for _ in range(chance.randrange(4))]
    return {a_text(chance): a_value(chance, levels - 1) for _ in range(chance.randrange(4))}


def mutated(chance: random.Random, good: Json) -> Json:
    """The value with up to four changes; sometimes with none."""
    value = copy.deepcopy(good)
    for _ in range(chance.choice((0, 1, 1, 1, 2, 4))):
        value = _with_change(chance, value)
    return value


def _with_change(chance: random.Random, value: Json) -> Json:
    places = list(_places(value))
    if not places or chance.random() < 0.05:
        return a_value(chance)
    container, key = chance.choice(places)
    change = chance.random()
    if change < 0.2:
        del container[key]
    elif change < 0.4:
        other, place = chance.choice(places)
        container[key] = copy.deepcopy(other[place])
    else:
        container[key] = a_value(chance)
        if change < 0.5:
            container[a_text(chance) if isinstance(key, str) else key] = a_value(chance)
    return value


def _places(value: Json) -> Iterator[tuple[dict[object, Json], object]]:
    """Each place in the value: a container, and a key or an index in it."""
    keys: Iterable[object] = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    container = cast("dict[object, Json]", value)
    for key in list(keys):
        yield container, key
        yield from _places(container[key])


def a_body(chance: random.Random, good: Json) -> bytes:
    """The bytes of a request or message: mostly JSON that is nearly good, else bytes of any kind."""
    kind = chance.random()
    if kind < 0.75:
        return _encoded(mutated(chance, good))
    return chance.choice(_RAW)(chance, _encoded(good))


def _encoded(value: Json) -> bytes:
    return json.dumps(value).encode()


def _flipped(chance: random.Random, good: bytes) -> bytes:
    changed = bytearray(good)
    for _ in range(chance.randrange(1, 8)):
        place = chance.randrange(len(changed) + 1)
        changed[place : place + chance.randrange(3)] = bytes([chance.choice(_JSON_BYTES)])
    return bytes(changed)


def _nested(chance: random.Random, _: bytes) -> bytes:
    opening, closing = chance.choice(((b"[", b"]"), (b'{"a":', b"}"), (b'[{"start":', b"}]")))
    levels = chance.choice((30, 900, 5_000, DEEP))
    return opening * levels + b"1" * chance.randrange(2) + closing * chance.choice((0, levels))


_RAW: Sequence[Callable[[random.Random, bytes], bytes]] = (
    _flipped,
    _flipped,
    lambda chance, good: good[: chance.randrange(len(good) + 1)],
    lambda chance, _: chance.randbytes(chance.randrange(200)),
    lambda chance, good: good.decode().encode(chance.choice(("utf-16", "utf-32", "utf-8-sig"))),
    lambda chance, _: a_text(chance).encode(errors="surrogatepass") * chance.choice((1, 1000)),
    lambda _, good: good + good,
    _nested,
)
