"""What Event Grid needs of the emulated time."""

import datetime as dt
from typing import Protocol


class SupportsNow(Protocol):
    """Returns the time of the emulated world, in UTC."""

    def now(self) -> dt.datetime:
        """The present moment."""
        ...
