"""Refusals, in the form in which Event Grid words them."""

from tools.json_value import Json


class RefusedError(Exception):
    """A request that gets an error: `detail_code` is the precise one, `code` the one above it."""

    def __init__(self, status: int, code: str, detail_code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.detail_code = detail_code
        self.message = message

    def body(self) -> dict[str, Json]:
        """Event Grid's error body: it contains the message twice."""
        detail: Json = {"code": self.detail_code, "message": self.message}
        return {"error": {"code": self.code, "message": self.message, "details": [detail]}}


def bad_request(message: str) -> RefusedError:
    """400 for events or a subscription that do not have the expected form."""
    return RefusedError(400, "BadRequest", "InputJsonInvalid", message)
