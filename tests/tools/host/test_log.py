"""What gets into the log, and what does not."""

from tests.tools.host.host_process import EVENT_GRID_KEY, FUNCTION_KEY, MASTER_KEY, HostProcess


def test_a_record_has_time_level_logger_message_function_invocation_and_fields(host: HostProcess) -> None:
    assert host.http.get("/api/items/7", headers={"x-functions-key": FUNCTION_KEY}).json() == {"id": "7"}
    begun = [line for line in host.log() if line["message"].startswith("Executing 'Functions.item'")]
    records = [line for line in host.log() if line["fields"].get("item_id") == 7]
    at = records[0].pop("at")
    assert at.endswith("Z")
    assert records == [
        {
            "level": "INFO",
            "logger": "sample",
            "message": "an item was requested",
            "function": "item",
            "invocationId": begun[-1]["invocationId"],
            "fields": {"event_name": "item", "item_id": 7},
        }
    ]


def test_records_from_the_thread_pool_belong_to_their_invocation(host: HostProcess) -> None:
    host.http.get("/api/slow?seconds=0")
    record = next(line for line in host.log() if line["message"] == "slow begins")
    begun = next(line for line in host.log() if line["invocationId"] == record["invocationId"])
    assert record["function"] == "slow"
    assert begun["message"] == "Executing 'Functions.slow' (HTTP request)"


def test_no_key_and_no_code_parameter_gets_into_a_log(host: HostProcess) -> None:
    host.http.get("/api/secret", params={"code": "x"}, headers={"x-functions-key": MASTER_KEY})
    host.http.get("/api/items/1", params={"code": "a-key-of-somebody-else"})
    host.http.post("/runtime/webhooks/EventGrid", params={"functionName": "on_event", "code": EVENT_GRID_KEY})
    host.idle()
    assert "/api/secret?code=*** with ***" in host.log_text()
    for key in (MASTER_KEY, FUNCTION_KEY, EVENT_GRID_KEY, "a-key-of-somebody-else"):
        assert key not in host.log_text()
