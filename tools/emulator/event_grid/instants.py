"""Points in time on the wire."""

import datetime as dt


def to_wire(moment: dt.datetime) -> str:
    """ISO 8601 in UTC with Z and seven digits of the second, as Event Grid writes it."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "0Z"
