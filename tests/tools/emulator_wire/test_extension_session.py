"""The recorded session of the CLI extension, played against an emulator process, gets the responses of Azure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TypeAlias

import httpx
import pytest

from tests.tools.emulator.builders import fleet, member, world_content
from tests.tools.emulator.emulator_process import EmulatorProcess
from tests.tools.emulator_wire.arm_responses import Work
from tests.tools.emulator_wire.bodies import GROUP
from tests.tools.emulator_wire.extension_responses import GENERATED, NOT_IN_THE_FIRST, RESPONSES, bodies, comparable
from tests.tools.emulator_wire.extension_session import API_VERSIONS, GATES_SINCE, WITH_GATES, ExtensionSession
from tests.tools.emulator_wire.response_check import response_slips
from tools.json_value import Json

BEFORE, TARGET = "1.30.4", "1.30.5"
SENT = [
    (api_version, command)
    for api_version in API_VERSIONS
    for command in RESPONSES
    if api_version >= GATES_SINCE or command not in NOT_IN_THE_FIRST
]
Play: TypeAlias = Callable[[str], ExtensionSession]


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    """The session in an api-version; played once, each in turn with the same cluster."""
    directory = tmp_path_factory.mktemp("extension")
    world = directory / "world.yaml"
    world.write_text(json.dumps(world_content(fleet("other", member("flmc-000003", kubernetesVersion=BEFORE)))))
    played: dict[str, ExtensionSession] = {}
    with EmulatorProcess(directory, world=world) as emulator:
        emulator.authorize()
        emulator.http.event_hooks = {}  # a session is played to its end, and its responses are checked one by one
        cluster = _free_cluster(emulator.http)

        def session(api_version: str) -> ExtensionSession:
            if api_version not in played:
                played[api_version] = ExtensionSession(emulator.http, api_version, cluster, TARGET)
                played[api_version].play()
            return played[api_version]

        yield session


def _free_cluster(http: httpx.Client) -> str:
    """The world's cluster, which leaves the fleet that it came in."""
    known = f"{GROUP}/fleets/other/members/flmc-000003?api-version=2026-06-01"
    cluster = str(http.get(known).json()["properties"]["clusterResourceId"])
    http.delete(known).raise_for_status()
    while http.get(known).is_success:
        pass
    return cluster


def body(session: ExtensionSession, command: str) -> Json:
    response: Json = session.responses[command].json()
    return comparable(response, session.gate)


@pytest.mark.parametrize(("api_version", "command"), SENT)
def test_a_command_gets_the_recorded_status_at_once_or_with_an_operation(
    play: Play, api_version: str, command: str
) -> None:
    response = play(api_version).responses[command]
    work = Work.OPERATION if "azure-asyncoperation" in response.headers else Work.AT_ONCE

    assert (response.status_code, work) == RESPONSES[command], response.text


@pytest.mark.parametrize(("api_version", "command"), SENT)
def test_a_response_has_no_slip(play: Play, api_version: str, command: str) -> None:
    session = play(api_version)

    assert response_slips(session.responses[command]) == []
    assert [slip for response in session.ends[command] for slip in response_slips(response)] == []


@pytest.mark.parametrize("api_version", API_VERSIONS)
def test_the_session_has_sent_every_command_in_the_recorded_order(play: Play, api_version: str) -> None:
    wanted = [command for version, command in SENT if version == api_version]

    assert [*play(api_version).responses] == wanted


@pytest.mark.parametrize("command", bodies("", "", API_VERSIONS[-1]))
@pytest.mark.parametrize("api_version", WITH_GATES)
def test_a_command_gets_the_recorded_body(play: Play, api_version: str, command: str) -> None:
    session = play(api_version)
    recorded = bodies(session.cluster_id, TARGET, api_version)[command]

    assert body(session, command) == comparable(recorded)


@pytest.mark.parametrize(("api_version", "command"), [sent for sent in SENT if RESPONSES[sent[1]][1] is Work.OPERATION])
def test_an_operation_ends_and_a_deletion_with_204_at_its_location(play: Play, api_version: str, command: str) -> None:
    session = play(api_version)
    poll, *result = session.ends[command]

    assert poll.json().keys() == {"name", "status", "startTime", "endTime"}
    assert poll.json()["status"] == "Succeeded"
    assert [response.status_code for response in result] == ([204] if command.endswith("delete") else [])


@pytest.mark.parametrize("api_version", API_VERSIONS)
def test_the_response_to_start_is_stale_and_the_next_read_is_not(play: Play, api_version: str) -> None:
    responses = play(api_version).responses
    created, started, shown = (
        responses[f"fleet updaterun {command}"].json() for command in ("create --update-strategy-name", "start", "show")
    )

    assert started == created
    assert shown["eTag"] != started["eTag"]


@pytest.mark.parametrize("api_version", API_VERSIONS)
def test_generate_returns_with_the_id_of_a_run_and_no_more(play: Play, api_version: str) -> None:
    response = play(api_version).responses["fleet autoupgradeprofile generate-update-run"].json()

    assert response.keys() == {"id"}
    assert GENERATED.fullmatch(response["id"])


@pytest.mark.parametrize("api_version", API_VERSIONS)
def test_the_lists_of_fleets_hold_the_new_one_beside_the_other(play: Play, api_version: str) -> None:
    responses = play(api_version).responses
    for command in ("fleet list", "fleet list everywhere"):
        names = {item["name"] for item in responses[command].json()["value"]}
        assert names == {"other", "fl-000002"}


def test_the_first_api_version_has_no_gates(play: Play) -> None:
    session = play("2025-03-01")
    stage = session.responses["fleet updaterun create --stages"].json()["properties"]["status"]["stages"][0]

    assert not {"beforeGates", "afterGates"} & stage.keys()
