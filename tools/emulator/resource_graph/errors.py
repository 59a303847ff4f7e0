"""Refusals, in the form in which Resource Graph words them."""

from collections.abc import Mapping

from tools.json_value import Json


class RefusedError(Exception):
    """A request that gets an error.

    `code` is at the top of the body; the reasons proper are in `details`, as in the real service, which
    says `BadRequest` above `InvalidQuery`.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        details: list[Json] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.headers = dict(headers or {})

    def body(self) -> dict[str, Json]:
        """ARM's error body."""
        error: dict[str, Json] = {"code": self.code, "message": self.message}
        if self.details is not None:
            error["details"] = self.details
        return {"error": error}


def bad_request(code: str, message: str) -> RefusedError:
    """400 for a request that is wrong in itself: `code` says how."""
    return RefusedError(
        400, "BadRequest", f"The request is invalid: {message}", details=[{"code": code, "message": message}]
    )


def invalid_query(code: str, message: str, **place: Json) -> RefusedError:
    """400 for a query that cannot be run; `place` holds `line` and `characterPositionInLine` where they are known."""
    return RefusedError(
        400,
        "BadRequest",
        f"The query is invalid: {message}",
        details=[
            {"code": "InvalidQuery", "message": "Query is invalid. Correct the error before trying again."},
            {"code": code, "message": message, **place},
        ],
    )
