"""What click's own groups and commands do not do."""

from __future__ import annotations

import click


class InOrder(click.Group):
    """Lists its commands as they are declared here: what a person tries first comes first."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names."""
        return list(self.commands)


class Verbatim(click.Command):
    """A command whose arguments another program reads, --help included."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read nothing."""
        ctx.params["arguments"] = tuple(args)
        return []
