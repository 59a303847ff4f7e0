"""The settings file, ``host.json``, and settings named in bindings."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.host.errors import StartUpError
from tools.host.keys import HostKeys
from tools.json_value import Json

_SETTING = re.compile(r"%([^%]+)%")


@dataclass(frozen=True)
class Settings:
    """What the settings file holds: app settings by name, and access keys."""

    values: Mapping[str, str]
    keys: HostKeys

    def to_environment(self) -> None:
        """Make every app setting an environment variable; the file wins over what is there."""
        os.environ.update(self.values)


def read_settings(file: Path) -> Settings:
    """Read ``{"Values": {name: text}, "hostKeys": {...}}``, the form of ``local.settings.json``.

    Raises:
        StartUpError: the file is missing, or not of this form.
    """
    content = read_object(file)
    values = content.get("Values", {})
    keys = content.get("hostKeys", {})
    if not isinstance(values, dict) or not isinstance(keys, dict):
        raise StartUpError(f"{file}: 'Values' and 'hostKeys' must be objects")
    texts: dict[str, str] = {}
    for name, value in values.items():
        if not isinstance(value, str):
            raise StartUpError(f"{file}: the app setting {name} must be a text, as every app setting is")
        texts[name] = value
    return Settings(texts, HostKeys.from_settings(keys))


def read_route_prefix(app_dir: Path) -> str:
    """Read the prefix of HTTP routes from ``host.json``, ``api`` where it says nothing. No slashes at its ends.

    Raises:
        StartUpError: there is no valid ``host.json``; the real host refuses to start without one, too.
    """
    file = app_dir / "host.json"
    content = read_object(file)
    if content.get("version") != "2.0":
        raise StartUpError(f'{file}: "version" must be "2.0"')
    prefix: Json = "api"
    extensions = content.get("extensions")
    http = extensions.get("http") if isinstance(extensions, dict) else None
    if isinstance(http, dict):
        prefix = http.get("routePrefix", prefix)
    if not isinstance(prefix, str):
        raise StartUpError(f"{file}: extensions.http.routePrefix must be a text")
    return prefix.strip("/")


def resolve_settings(value: Json, function: str) -> Json:
    """Replace every ``%NAME%`` in a binding by the app setting of that name.

    Raises:
        StartUpError: the setting does not exist.
    """
    if isinstance(value, str):
        return _SETTING.sub(lambda match: _setting(match.group(1), function), value)
    if isinstance(value, list):
        return [resolve_settings(item, function) for item in value]
    if isinstance(value, dict):
        return {key: resolve_settings(item, function) for key, item in value.items()}
    return value


def _setting(name: str, function: str) -> str:
    value = os.environ.get(name)
    if value is None:
        raise StartUpError(f"function {function!r}: the app setting {name} is used in a binding but not set")
    return value


def read_object(file: Path) -> dict[str, Json]:
    """Read a file that holds a JSON object.

    Raises:
        StartUpError: it does not.
    """
    try:
        content: Json = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise StartUpError(f"{file}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise StartUpError(f"{file}: is not valid JSON: {error}") from error
    if not isinstance(content, dict):
        raise StartUpError(f"{file}: must hold a JSON object")
    return content
