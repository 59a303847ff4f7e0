"""Route templates of HTTP triggers, as far as the app's routes need them: literals, ``{name}``, and the empty route.

ASP.NET Core, which routes requests in the real host, has more: constraints, defaults, optional parameters, catch-alls.
Of these the app uses one, an optional last parameter of at most no characters: it is how a function gets the route of
the prefix itself, since the host reads an empty route as the function's name. Any other template is an error.
"""

import re

_PARAMETER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_NOTHING = re.compile(r"\{[A-Za-z_][A-Za-z0-9_]*:maxlength\(0\)\?\}")


class RouteTemplate:
    """A template, ready to match paths. Literals match without regard to case."""

    def __init__(self, template: str) -> None:
        """Read a template; slashes at its ends do not count.

        Raises:
            ValueError: it has two slashes in a row, a name twice, or more than literals and ``{name}``.
        """
        self.template = template.strip("/")
        segments = self.template.split("/") if self.template else []
        if segments and _NOTHING.fullmatch(segments[-1]):
            segments.pop()
        names: list[str] = []
        pattern = ""
        for segment in segments:
            found = _PARAMETER.fullmatch(segment)
            if found is None:
                pattern += f"/{self._literal(segment)}"
                continue
            if found[1].lower() in [name.lower() for name in names]:
                raise ValueError(f"route {self.template!r}: parameter {found[1]!r} appears twice")
            names.append(found[1])
            pattern += f"/(?P<{found[1]}>[^/]+)"
        self.order = tuple((_PARAMETER.fullmatch(segment) is not None, segment.lower()) for segment in segments)
        """Sorts templates by how specific they are: literals come first."""
        self._pattern = re.compile(f"{pattern}/?", re.IGNORECASE | re.DOTALL)

    def match(self, path: str) -> dict[str, str] | None:
        """The parameters of a path that starts with a slash; ``None`` if it does not match."""
        found = self._pattern.fullmatch(path)
        return None if found is None else found.groupdict()

    def _literal(self, text: str) -> str:
        if not text:
            raise ValueError(f"route {self.template!r}: two slashes in a row")
        if set(text) & set("{}?*"):
            raise ValueError(f"route {self.template!r}: this host does not serve {text!r}")
        return re.escape(text)
