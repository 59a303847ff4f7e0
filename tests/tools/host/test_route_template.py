"""Route templates, read as ASP.NET Core reads them."""

import pytest

from tools.host.route_template import RouteTemplate


@pytest.mark.parametrize(
    ("template", "path", "values"),
    [
        ("api/things", "/api/THINGS/", {}),
        ("api/things/{id}", "/api/things/7", {"id": "7"}),
        ("api/{*rest}", "/api/a/b/c", {"rest": "a/b/c"}),
        ("api/{**rest}", "/api", {}),
        ("api/{id?}", "/api", {}),
        ("api/{id=5}", "/api", {"id": "5"}),
        ("api/{id=5}", "/api/6", {"id": "6"}),
        ("api/{name}.{ending}", "/api/a.b.txt", {"name": "a", "ending": "b.txt"}),
        ("api/v{version:int}/x", "/api/v2/x", {"version": "2"}),
        ("api/{id:guid}", "/api/0f8fad5b-d9cb-469f-a165-70867728950e", {"id": "0f8fad5b-d9cb-469f-a165-70867728950e"}),
        ("api/{x:alpha:length(2,3)}", "/api/abc", {"x": "abc"}),
        ("api/{x:range(1,9)}", "/api/9", {"x": "9"}),
        ("api/{x:regex(^(a|b)+$)}", "/api/ab", {"x": "ab"}),
        ("api/{x:bool}", "/api/True", {"x": "True"}),
        ("", "/", {}),
    ],
)
def test_a_path_that_matches_gives_its_parameters(template: str, path: str, values: dict[str, str]) -> None:
    assert RouteTemplate(template).match(path) == values


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("api/things", "/api/things/1"),
        ("api/{id}", "/api"),
        ("api/{id}", "/api/a/b"),
        ("api/{id:int}", "/api/2147483648"),
        ("api/{id:int}", "/api/x"),
        ("api/{x:alpha:length(2,3)}", "/api/abcd"),
        ("api/{x:min(3)}", "/api/2"),
        ("api/{x:max(3)}", "/api/4"),
        ("api/{x:maxlength(3)}", "/api/abcd"),
        ("api/{x:minlength(3)}", "/api/ab"),
        ("api/{x:guid}", "/api/1"),
        ("api/{x:regex(^a+$)}", "/api/ab"),
        ("api/x.y", "/api/xzy"),
    ],
)
def test_a_path_that_does_not_match_gives_nothing(template: str, path: str) -> None:
    assert RouteTemplate(template).match(path) is None


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("{*rest}/more", "catch-all 'rest' can only be the last"),
        ("a-{*rest}", "catch-all 'rest' can only be the last"),
        ("{a?}/b", "optional 'a' can only be the last"),
        ("{a}/{A}", "parameter 'A' appears twice"),
        ("{a:prime}", "unknown constraint 'prime'"),
        ("{a", "'{a' cannot be read"),
        ("a//b", "two slashes in a row"),
        ("what?", "cannot be read"),
    ],
)
def test_a_template_that_the_real_host_refuses_is_refused(template: str, reason: str) -> None:
    with pytest.raises(ValueError, match="route") as refusal:
        RouteTemplate(template)
    assert reason in str(refusal.value)


def test_literals_go_before_parameters_constraints_before_none_and_longer_before_shorter() -> None:
    templates = ["{*rest}", "{id}", "{id:int}", "ping", "{id}/more", "ping/more"]
    ordered = sorted((RouteTemplate(template) for template in templates), key=lambda template: template.order)
    assert [template.template for template in ordered] == [
        "ping/more",
        "ping",
        "{id:int}",
        "{id}/more",
        "{*rest}",
        "{id}",
    ]
