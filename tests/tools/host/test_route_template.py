"""Route templates: literals and parameters, and nothing else."""

import pytest

from tools.host.route_template import RouteTemplate


@pytest.mark.parametrize(
    ("template", "path", "values"),
    [
        ("api/things", "/api/THINGS/", {}),
        ("/api/things/", "/api/things", {}),
        ("api/things/{id}", "/api/things/7", {"id": "7"}),
        ("api/{group_name}/x/{id}", "/api/g%2F1/X/a.b", {"group_name": "g%2F1", "id": "a.b"}),
        ("api/v1.0", "/api/v1.0", {}),
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
        ("api/{id}/x", "/api/a/y"),
        ("api/x.y", "/api/xzy"),
    ],
)
def test_a_path_that_does_not_match_gives_nothing(template: str, path: str) -> None:
    assert RouteTemplate(template).match(path) is None


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("{*rest}", "does not serve '{*rest}'"),
        ("{a?}", "does not serve '{a?}'"),
        ("{a=1}", "does not serve '{a=1}'"),
        ("{a:int}", "does not serve '{a:int}'"),
        ("a-{b}", "does not serve 'a-{b}'"),
        ("{a}/{A}", "parameter 'A' appears twice"),
        ("{a", "does not serve '{a'"),
        ("a//b", "two slashes in a row"),
        ("what?", "does not serve 'what?'"),
    ],
)
def test_a_template_with_more_than_literals_and_parameters_is_rejected(template: str, reason: str) -> None:
    with pytest.raises(ValueError, match="route") as refusal:
        RouteTemplate(template)
    assert reason in str(refusal.value)


def test_literals_go_before_parameters() -> None:
    templates = ["{id}", "ping", "{id}/more", "ping/{id}", "ping/more"]
    ordered = sorted((RouteTemplate(template) for template in templates), key=lambda template: template.order)
    assert [template.template for template in ordered] == ["ping", "ping/more", "ping/{id}", "{id}", "{id}/more"]


def test_an_optional_parameter_of_no_characters_is_the_route_of_what_is_before_it() -> None:
    template = RouteTemplate("api/{ignored:maxlength(0)?}")

    assert template.match("/api/") == template.match("/api") == {}
    assert template.match("/api/x") is None
