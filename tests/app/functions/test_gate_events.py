"""Events about gates, in both schemas of Event Grid: each names the update run to read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import azure.functions as func
import pytest

from functions.incoming_event import incoming_event, trace_parent_of
from shared.core.model.ids import ResourceId
from shared.errors import InvalidInputError
from shared.events import read_gate_run

SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000001"
FLEET = f"{SUBSCRIPTION}/resourceGroups/platform/providers/Microsoft.ContainerService/fleets/retail"
GATE = f"{FLEET}/gates/6a7c6f7a-1de6-4a2b-9a64-5f1f0a2f8c11"
RUN = f"{FLEET}/updateRuns/auto-rapid"
CREATED = "Microsoft.ResourceNotifications.AKSResources.FleetGateCreated"
Data = dict[str, object]
Schema = Callable[[str, Data], "func.EventGridEvent | func.CloudEvent"]


def gate_data(run: object = RUN) -> Data:
    """What Azure Resource Notifications say about a gate."""
    return {
        "resourceInfo": {
            "id": GATE,
            "name": GATE.rpartition("/")[2],
            "type": "Microsoft.ContainerService/fleets/gates",
            "properties": {
                "displayName": "go?",
                "gateType": "Approval",
                "provisioningState": "Succeeded",
                "state": "Pending",
                "target": {
                    "id": run,
                    "updateRunProperties": {"name": "auto-rapid", "stage": "canary", "group": "", "timing": "Before"},
                },
            },
        },
        "operationalInfo": {"resourceEventTime": "2025-09-01T08:01:11.0000000+02:00"},
        "apiVersion": "2026-06-01",
    }


def in_event_grids_schema(kind: str, data: Data) -> func.EventGridEvent:
    return func.EventGridEvent(
        id="1",
        data=data,
        topic=SUBSCRIPTION,
        subject=GATE,
        event_type=kind,
        event_time=None,
        data_version="1",
    )


def as_a_cloud_event(kind: str, data: Data) -> func.CloudEvent:
    return func.CloudEvent(
        specversion="1.0", id="1", source=SUBSCRIPTION, type=kind, subject=GATE, data=data, time=None
    )


BOTH = pytest.mark.parametrize("schema", [in_event_grids_schema, as_a_cloud_event])


@BOTH
@pytest.mark.parametrize("change", ["Created", "Updated", "Deleted"])
@pytest.mark.parametrize("provider", ["AKSResources", "AksResources"])
def test_the_run_whose_gate_it_is_is_read_from_each_kind_of_event(schema: Schema, change: str, provider: str) -> None:
    """Azure's documentation lists the types with one spelling, and shows events with the other."""
    event = schema(f"Microsoft.ResourceNotifications.{provider}.FleetGate{change}", gate_data())

    assert read_gate_run(incoming_event(event)) == ResourceId.parse(RUN)


@BOTH
@pytest.mark.parametrize("kind", ["FleetAutoUpgrade.ReleaseDetected", f"{CREATED}.v2", ""])
def test_another_event_is_refused_with_its_type(schema: Schema, kind: str) -> None:
    with pytest.raises(InvalidInputError, match="event type"):
        read_gate_run(incoming_event(schema(kind, gate_data())))


@BOTH
@pytest.mark.parametrize("run", [None, 5, "", "somewhere", FLEET, GATE])
def test_what_is_no_run_is_refused_with_its_place(schema: Schema, run: object) -> None:
    with pytest.raises(InvalidInputError, match=r"data\.resourceInfo\.properties\.target\.id"):
        read_gate_run(incoming_event(schema(CREATED, gate_data(run))))


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"resourceInfo": None},
        {"resourceInfo": {"properties": []}},
        {"resourceInfo": {"properties": {"target": RUN}}},
    ],
)
def test_data_in_another_form_is_refused_with_the_place_too(data: Data) -> None:
    with pytest.raises(InvalidInputError, match=r"data\.resourceInfo\.properties\.target\.id"):
        read_gate_run(incoming_event(in_event_grids_schema(CREATED, data)))


@pytest.mark.parametrize(
    ("data", "trace_parent"),
    [({"traceparent": "00-a-b-01"}, "00-a-b-01"), ({"traceparent": 5}, ""), ({"traceparent": None}, ""), ({}, "")],
)
def test_the_trace_that_an_event_carries_on_is_a_text_or_none(data: Mapping[str, object], trace_parent: str) -> None:
    assert trace_parent_of(in_event_grids_schema(CREATED, dict(data))) == trace_parent
