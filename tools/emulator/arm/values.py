"""Values that ARM writes everywhere: times, who made what when, lists in pages."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

from tools.emulator.arm.errors import ArmError
from tools.emulator.arm.message import ArmRequest
from tools.json_value import Json

_NO_AUTHOR: Final = "00000000-0000-0000-0000-000000000000"


def json_time(moment: datetime, digits: int = 7) -> str:
    """ISO 8601 in UTC with Z; `digits` of the second, 7 as in `systemData`, 0 for none."""
    text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    fraction = f"{moment.microsecond:06d}000"[:digits]
    return f"{text}.{fraction}Z" if digits else f"{text}Z"


def parse_time(text: str) -> datetime:
    """A time in ISO 8601; UTC where it has no offset.

    Raises:
        ValueError: it is none.
    """
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def system_data(created_at: datetime, modified_at: datetime, author: str = _NO_AUTHOR) -> dict[str, Json]:
    """The `systemData` of a resource; `author` is the object id of an application."""
    return {
        "createdAt": json_time(created_at),
        "createdBy": author,
        "createdByType": "Application",
        "lastModifiedAt": json_time(modified_at),
        "lastModifiedBy": author,
        "lastModifiedByType": "Application",
    }


def list_page(request: ArmRequest, items: Sequence[Json]) -> dict[str, Json]:
    """`{"value", "nextLink"?}`: all items, or the page that `$top` and `$skipToken` ask for.

    Raises:
        ArmError: 400, one of the two is not valid.
    """
    skip = _skip(request.query.get("$skipToken"))
    top = _top(request.query.get("$top"), len(items))
    page: dict[str, Json] = {"value": list(items[skip : skip + top])}
    if skip + top < len(items):
        token = base64.urlsafe_b64encode(str(skip + top).encode()).decode()
        page["nextLink"] = f"{request.base_url}{request.path}?" + urlencode(
            {**request.query, "$skipToken": token}, safe="$"
        )
    return page


def _top(text: str | None, everything: int) -> int:
    if text is None:
        return everything
    if not text.isdecimal() or int(text) < 1:
        raise ArmError(400, "InvalidQueryParameterValue", f"$top must be a whole number from 1 on, not '{text}'.")
    return int(text)


def _skip(token: str | None) -> int:
    if not token:
        return 0
    try:
        return int(base64.urlsafe_b64decode(token))
    except (binascii.Error, ValueError) as error:
        raise ArmError(400, "InvalidQueryParameterValue", "$skipToken is not one of this list.") from error
