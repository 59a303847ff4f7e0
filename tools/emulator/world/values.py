"""Values that several parts of a world file have."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field

from tools.documents import WHOLE, Form

Region: TypeAlias = Annotated[str, Form("^[a-z0-9]+$", "the name of a region such as westus2")]
Amount: TypeAlias = Annotated[float, Field(ge=0)]
Rate: TypeAlias = Annotated[float, Field(gt=0)]
Count: TypeAlias = Annotated[int, Field(ge=0), WHOLE]
Positive: TypeAlias = Annotated[int, Field(ge=1), WHOLE]
