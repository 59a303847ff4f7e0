"""A separate process that sends telemetry, for `test_sending`: a process can be set up for that only once."""

from __future__ import annotations

import sys
import time

from azure.core.credentials import AccessToken

from shared import telemetry
from shared.telemetry.sending import flush, start_sending


class _Credential:
    def get_token(self, *scopes: str, **_: object) -> AccessToken:
        assert [scope.replace("//.", "/.") for scope in scopes] == ["https://monitor.azure.com/.default"]
        return AccessToken("the-token", int(time.time()) + 3600)


def main(connection_string: str) -> None:
    """Emit an event, an error, a counter, a gauge and a span; print how many seconds sending them took."""
    start_sending(connection_string, _Credential(), "the-app")
    with telemetry.span("watch runs", run="r"):
        telemetry.unreadable("estate", ["A row has no id."])
        telemetry.failed("Deciding p", ZeroDivisionError("a bug"))
        telemetry.azure_called("ResourceManager", "GET", 200)
        telemetry.ages_measured(90.5, None)
    began = time.monotonic()
    flush()
    sys.stdout.write(f"{time.monotonic() - began}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
