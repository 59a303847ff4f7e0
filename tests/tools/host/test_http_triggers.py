"""HTTP triggers: routes, keys, what a function gets and what a caller gets."""

import pytest

from tests.tools.host.host_process import FUNCTION_KEY, MASTER_KEY, HostProcess


def test_a_function_gets_method_url_parameters_headers_and_body_of_the_request(host: HostProcess) -> None:
    response = host.http.post("/api/echo/n/a?x=1&x=2&y=", content="hällo", headers={"X-Sample": "one"})
    assert response.json() == {
        "method": "POST",
        "url": f"{host.ready['url']}/api/echo/n/a?x=1&x=2&y=",
        "routeParams": {"name": "n", "rest": "a"},
        "query": {"x": "1,2", "y": ""},
        "header": "one",
        "body": "hällo",
    }


def test_a_caller_gets_status_headers_and_body_of_the_response(host: HostProcess) -> None:
    response = host.http.post("/api/echo/n/a")
    assert response.status_code == 201
    assert response.headers["content-type"] == "application/json"
    assert response.headers["x-sample-response"] == "yes"
    assert response.json()["routeParams"] == {"name": "n", "rest": "a"}


def test_an_encoded_slash_separates_no_segments_and_stays_encoded(host: HostProcess) -> None:
    response = host.http.post("/api/echo/a%2Fb/c%20d")
    assert response.json()["routeParams"] == {"name": "a%2Fb", "rest": "c d"}
    assert response.json()["url"] == f"{host.ready['url']}/api/echo/a%2Fb/c%20d"


def test_a_literal_route_goes_before_one_with_parameters_and_case_does_not_matter(host: HostProcess) -> None:
    assert host.http.post("/API/Echo/FIXED/path").text == "fixed"


def test_a_text_returned_is_a_plain_text_response(host: HostProcess) -> None:
    response = host.http.post("/api/echo/fixed/path")
    assert (response.status_code, response.headers["content-type"]) == (200, "text/plain; charset=utf-8")


@pytest.mark.parametrize("path", ["/api/items", "/api/items/1/2", "/api/unknown", "/items/1", "/"])
def test_a_path_that_no_route_takes_is_404(host: HostProcess, path: str) -> None:
    assert host.http.get(path, headers={"x-functions-key": FUNCTION_KEY}).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD"])
def test_a_method_that_no_function_takes_on_a_path_is_404_as_in_the_real_host(host: HostProcess, method: str) -> None:
    assert host.http.request(method, "/api/broken").status_code == 404


@pytest.mark.parametrize("key", [None, "wrong", MASTER_KEY[:-1]])
def test_without_the_right_key_a_function_is_401_and_does_not_run(host: HostProcess, key: str | None) -> None:
    before = host.idle()["invocations"]
    response = host.http.get("/api/items/1", headers={"x-functions-key": key} if key else {})
    assert (response.status_code, response.content) == (401, b"")
    assert host.idle()["invocations"] == before


@pytest.mark.parametrize("key", [FUNCTION_KEY, MASTER_KEY])
def test_a_function_key_or_the_master_key_opens_a_function_as_header_or_parameter(host: HostProcess, key: str) -> None:
    assert host.http.get("/api/items/1", headers={"x-functions-key": key}).status_code == 200
    assert host.http.get("/api/items/1", params={"code": key}).status_code == 200


def test_level_admin_opens_to_the_master_key_only(host: HostProcess) -> None:
    assert host.http.get("/api/secret", params={"code": FUNCTION_KEY}).status_code == 401
    assert host.http.get("/api/secret", params={"code": MASTER_KEY}).text == "for the master key"


def test_an_exception_is_500_without_a_body_and_logged_with_its_stack_trace(host: HostProcess) -> None:
    response = host.http.get("/api/broken")
    assert (response.status_code, response.content) == (500, b"")
    failures = [line for line in host.log() if line["function"] == "broken" and "exception" in line]
    assert "RuntimeError: the reason stays inside" in failures[-1]["exception"]


def test_returning_nothing_from_an_http_function_is_500(host: HostProcess) -> None:
    assert host.http.get("/api/nothing").status_code == 500


def test_a_response_204_has_no_body(host: HostProcess) -> None:
    response = host.http.get("/api/empty")
    assert (response.status_code, response.content) == (204, b"")
