"""Errors of the host itself, as opposed to those of the functions it runs."""


class StartUpError(Exception):
    """The app or its settings cannot be served. The message names the culprit and is meant for people."""


class ClockError(Exception):
    """The clock does not return the time."""


class QueueServiceError(Exception):
    """A storage account's queues cannot be reached, or refuse."""


class MalformedError(ValueError):
    """A request cannot be read. The text says why, for the client."""


class InvocationError(Exception):
    """A function failed. ``__cause__`` is what it raised; the text is safe to show to the caller."""

    def __init__(self, function: str, cause: BaseException) -> None:
        # The first half is what the real host says (its Event Grid extension's tests); the second helps locally.
        super().__init__(f"Exception while executing function: Functions.{function}: {cause}")
