"""Documents: what is right is read, and an error names the place and what would be right there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, ClassVar, Literal

import pytest
from pydantic import Field, TypeAdapter

from tools.documents import WHOLE, CamelCaseDocument, DocumentError, Form, Time, invalid, read


class Wheel(CamelCaseDocument):
    spokes: Annotated[int, Field(ge=20, le=36), WHOLE] = 32


class Bicycle(CamelCaseDocument):
    extension_prefix: ClassVar[str] = "x-"

    frame_number: Annotated[str, Form("^[A-Z]{2}[0-9]+$", "a frame number such as AB12")]
    kind: Literal["road", "touring", "folding"]
    wheels: list[Wheel] = Field(default_factory=list, min_length=1)
    weight: Annotated[float, Field(gt=0)] = 10.0
    bought: Time | None = None
    labels: dict[str, str] = Field(default_factory=dict)


BICYCLE = TypeAdapter(Bicycle)
GOOD = {"frameNumber": "AB12", "kind": "road"}


def refusal(content: object) -> str:
    with pytest.raises(DocumentError) as refused:
        read(BICYCLE, content, "b.yaml")
    return str(refused.value).removeprefix("b.yaml: ")


def test_what_is_right_is_read_with_its_defaults() -> None:
    assert read(BICYCLE, {**GOOD, "wheels": [{}], "x-anything": 1}, None) == Bicycle.model_validate(
        {**GOOD, "wheels": [{"spokes": 32}], "weight": 10}
    )


@pytest.mark.parametrize(("written", "spokes"), [(24, 24), (24.0, 24)])
def test_a_whole_number_can_be_written_as_json_writes_it_too(written: float, spokes: int) -> None:
    assert read(BICYCLE, {**GOOD, "wheels": [{"spokes": written}]}, None).wheels[0].spokes == spokes


@pytest.mark.parametrize("text", ["2026-05-11T06:00:00Z", "2026-05-11T08:00:00+02:00", "2026-05-11T06:00:00"])
def test_a_time_is_in_utc(text: str) -> None:
    bought = read(BICYCLE, {**GOOD, "bought": text}, None).bought

    assert bought == datetime(2026, 5, 11, 6, tzinfo=UTC)
    assert bought.tzinfo is UTC


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([], "the document: [] is not of type 'object'"),
        ({"kind": "road"}, "the document: 'frameNumber' is missing"),
        ({**GOOD, "weigth": 9}, "weigth: there is no such key; did you mean 'weight'?"),
        ({"kind": "road", "frame": "AB12"}, "frame: there is no such key; did you mean 'frameNumber'?"),
        ({**GOOD, "frame_number": "AB12"}, "frame_number: there is no such key; did you mean 'frameNumber'?"),
        ({**GOOD, "wheels": [{"z": 1}]}, "wheels[0].z: there is no such key; there are spokes"),
        ({**GOOD, "frameNumber": 12}, "frameNumber: 12 is not of type 'string'; write it in quotes"),
        ({**GOOD, "frameNumber": "ab"}, "frameNumber: 'ab' is not a frame number such as AB12"),
        ({**GOOD, "frameNumber": "AB12\n"}, "frameNumber: 'AB12\n' is not a frame number such as AB12"),
        ({**GOOD, "kind": "rode"}, "kind: 'rode' is not one of road, touring, folding; did you mean 'road'?"),
        ({**GOOD, "wheels": {}}, "wheels: {} is not of type 'array'"),
        ({**GOOD, "wheels": []}, "wheels: [] has fewer than 1 items"),
        ({**GOOD, "wheels": [{}, 1]}, "wheels[1]: 1 is not of type 'object'"),
        ({**GOOD, "wheels": [{"spokes": 19}]}, "wheels[0].spokes: 19 is less than the minimum of 20"),
        ({**GOOD, "wheels": [{"spokes": 37}]}, "wheels[0].spokes: 37 is greater than the maximum of 36"),
        ({**GOOD, "wheels": [{"spokes": 24.5}]}, "wheels[0].spokes: 24.5 is not of type 'integer'"),
        ({**GOOD, "wheels": [{"spokes": True}]}, "wheels[0].spokes: True is not of type 'integer'"),
        ({**GOOD, "weight": 0}, "weight: 0 is not more than 0"),
        ({**GOOD, "weight": "9"}, "weight: '9' is not of type 'number'"),
        ({**GOOD, "bought": "soon"}, "bought: not a time in ISO 8601, such as 2026-05-11T06:00:00Z"),
        ({**GOOD, "bought": "9999-01-01"}, "bought: not in a year from 1970 to 8999"),
        ({**GOOD, "bought": 2026}, "bought: 2026 is not of type 'string'; write it in quotes"),
        ({**GOOD, "labels": {"owner": 1}}, "labels.owner: 1 is not of type 'string'; write it in quotes"),
    ],
)
def test_a_mistake_is_rejected_with_its_place_and_what_is_right(content: object, message: str) -> None:
    assert refusal(content) == message


def test_of_several_mistakes_one_nearest_to_the_top_is_reported() -> None:
    assert refusal({"wheels": [{"spokes": 19}], "kind": "road"}) == "the document: 'frameNumber' is missing"


def test_the_error_of_a_part_has_its_place_in_the_whole() -> None:
    error = DocumentError("wrong", ("spokes",)).below("wheels", 1)

    assert (str(error), error.path) == ("wheels[1].spokes: wrong", ("wheels", 1, "spokes"))


def test_what_a_validator_says_has_the_place_that_it_names() -> None:
    assert invalid("wrong", "wheels", 1).context == {"message": "wrong", "path": ("wheels", 1)}
