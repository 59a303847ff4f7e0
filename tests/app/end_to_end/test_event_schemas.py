"""AKS's release event in both schemas of Event Grid: each makes the app look, and ends in a started run."""

from __future__ import annotations

import pytest

from tests.app.end_to_end.scene import SUBSCRIPTION, Scene
from tools.json_value import JsonObject
from tools.stack.control import as_text

TYPE = "Microsoft.ContainerService.NewKubernetesVersionAvailable"
CLUSTER = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/platform/providers/Microsoft.ContainerService/managedClusters/x"
)
VERSIONS: JsonObject = {
    "latestSupportedKubernetesVersion": "1.34.2",
    "latestStableKubernetesVersion": "1.33.5",
    "lowestMinorKubernetesVersion": "1.33",
    "latestPreviewKubernetesVersion": "",
}


def in_event_grids_schema(at: str) -> tuple[str, object]:
    event = {"id": "1", "topic": CLUSTER, "subject": "x", "eventType": TYPE, "eventTime": at, "data": VERSIONS}
    return "application/json", [{**event, "dataVersion": "1", "metadataVersion": "1"}]


def as_a_cloud_event(at: str) -> tuple[str, object]:
    event = {"specversion": "1.0", "id": "1", "source": CLUSTER, "subject": "x", "type": TYPE, "time": at}
    return "application/cloudevents+json", {**event, "data": VERSIONS}


@pytest.mark.parametrize("form", [in_event_grids_schema, as_a_cloud_event])
def test_akss_event_ends_in_a_started_run(scene: Scene, form: object) -> None:
    scene.stack.emulator.unsubscribe("aks")
    scene.release("1.34.2")
    assert callable(form)
    content_type, body = form(as_text(scene.now()))

    answer = scene.stack.host.http.post(
        scene.stack.host.webhook("release_events"),
        json=body,
        headers={"aeg-event-type": "Notification", "content-type": content_type},
    )
    scene.rest()

    assert answer.status_code == 202
    assert len(scene.journal("runStarted")) == 1
