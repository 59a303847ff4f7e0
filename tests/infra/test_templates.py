"""The templates parse, fit together, and what is said about them is said of them."""

import json
from pathlib import Path

import pytest

from tools.checks.infra.checkov import CHECKOV, find_checkov_problems
from tools.checks.infra.documents import (
    PARAMETER_FILES,
    find_azure_yaml_problems,
    find_document_problems,
    find_parameter_problems,
)
from tools.checks.infra.settings import SettingSources, find_setting_problems
from tools.checks.infra.template import INFRA, TemplateError, read_template, template_paths
from tools.checks.infra.wiring import find_wiring_problems
from tools.paths import ROOT

MODULE = "@minLength(1)\nparam name string\nparam tags object = {}\n\noutput id string = '${name}${tags}'\n"


def written(folder: Path, text: str, name: str = "main.bicep") -> Path:
    (folder / "part.bicep").write_text(MODULE)
    (folder / name).write_text(text)
    return folder / name


def wiring_problems(folder: Path, text: str) -> list[str]:
    return list(find_wiring_problems(read_template(written(folder, text))))


@pytest.mark.parametrize("path", template_paths(), ids=lambda path: path.stem)
def test_a_template_parses_and_fits_what_it_calls(path: Path) -> None:
    assert list(find_wiring_problems(read_template(path))) == []


@pytest.mark.parametrize("path", template_paths(), ids=lambda path: path.stem)
def test_every_parameter_is_described(path: Path) -> None:
    parameters = read_template(path).section("parameters")

    assert [name for name, declared in parameters.items() if "'description'" not in repr(declared)] == []


def test_parameters_and_azure_yaml_fit_the_templates() -> None:
    assert list(find_document_problems()) == []


def test_azd_can_set_every_parameter_but_objects() -> None:
    given = set(json.loads((INFRA / "main.parameters.json").read_text())["parameters"])

    assert set(read_template(INFRA / "main.bicep").section("parameters")) - given == {
        "tags",
        "alertOverrides",
    }


def test_azd_gives_the_same_defaults_as_the_template() -> None:
    given = json.loads((INFRA / "main.parameters.json").read_text())["parameters"]
    declared = read_template(INFRA / "main.bicep").section("parameters")
    by_azd = {name: str(one["value"]).strip("${}").partition("=")[2] for name, one in given.items()}
    by_template = {name: declared[name]["default"] for name in given}

    assert by_azd == {
        name: "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in by_template.items()
    }


def test_what_the_app_reads_is_set_and_what_is_set_is_read() -> None:
    assert list(find_setting_problems()) == []


def test_checkov_finds_nothing() -> None:
    if not CHECKOV.is_installed():
        pytest.skip("Checkov is not installed; ./dev infra-check does it")

    assert list(find_checkov_problems()) == []


def test_a_template_that_does_not_parse_is_named_with_the_place(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"^main\.bicep: .* line 1"):
        read_template(written(tmp_path, "param name string = toLower(\n"))


def test_a_module_that_is_not_there_is_found(tmp_path: Path) -> None:
    text = "module part 'other.bicep' = {\n  name: 'part'\n}\n"

    assert wiring_problems(tmp_path, text) == ["main.bicep: part is made from other.bicep, which is not there"]


def test_a_parameter_that_a_module_does_not_take_or_lacks_is_found(tmp_path: Path) -> None:
    text = "module part 'part.bicep' = {\n  name: 'part'\n  params: {\n    size: 1\n  }\n}\n"

    assert wiring_problems(tmp_path, text) == [
        "main.bicep: part is given size, which part.bicep does not take",
        "main.bicep: part is not given name, which part.bicep needs",
    ]


def test_an_output_that_is_not_there_is_found(tmp_path: Path) -> None:
    text = (
        "module part 'part.bicep' = {\n  name: 'part'\n  params: {\n    name: 'a'\n  }\n}\n\n"
        "output key string = part.outputs.key\n"
    )

    assert wiring_problems(tmp_path, text) == ["main.bicep: part has no output key"]


@pytest.mark.parametrize("value", ["wrong", "'a-${wrong}'", "{ key: wrong }", "empty(wrong) ? 'a' : 'b'", "wrong.id"])
def test_a_name_that_nothing_declares_is_found(tmp_path: Path, value: str) -> None:
    assert wiring_problems(tmp_path, f"output id string = {value}\n") == ["main.bicep: nothing declares wrong"]


def test_a_parameter_that_nothing_uses_is_found(tmp_path: Path) -> None:
    text = "@description('is said to be used')\nparam used string\nparam other string\n\noutput id string = other\n"

    assert wiring_problems(tmp_path, text) == ["main.bicep: nothing uses used"]


def test_parameters_that_do_not_fit_are_found(tmp_path: Path) -> None:
    given = tmp_path / "main.parameters.json"
    given.write_text('{"parameters": {"size": {"value": 1}}}')

    assert list(find_parameter_problems(given, read_template(written(tmp_path, MODULE)))) == [
        "main.parameters.json gives size, which main.bicep does not take",
        "main.parameters.json does not give name, which main.bicep needs",
    ]


def test_a_path_in_azure_yaml_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    page = tmp_path / "azure.yaml"
    page.write_text("name: app\nhooks:\n  postdeploy:\n    run: gone.sh\n")

    assert list(find_azure_yaml_problems(page)) == [
        "azure.yaml names infra/main.bicep, which is not there",
        "azure.yaml names gone.sh, which is not there",
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (
            "configuration.md",
            "| `AUTO_UPGRADE_CA_BUNDLE` |",
            "| `AUTO_UPGRADE_NEW` |",
            "the app reads AUTO_UPGRADE_NEW; app.bicep does not set it, nor settings.toml say why",
        ),
        (
            "app.bicep",
            "AUTO_UPGRADE_POLICY_SOAK",
            "AUTO_UPGRADE_POLICY_SOAKED",
            "app.bicep sets AUTO_UPGRADE_POLICY_SOAKED, which nobody reads",
        ),
        (
            "settings.toml",
            "for simulations; in Azure the machine's clock is right",
            "",
            "no reason for AUTO_UPGRADE_CLOCK_URL",
        ),
        (
            "settings.toml",
            "AUTO_UPGRADE_CLOCK_URL",
            "AUTO_UPGRADE_POLICY_SOAK",
            "leaves AUTO_UPGRADE_POLICY_SOAK to its default, but it is set",
        ),
        (
            "settings.toml",
            "__credential",
            "__other",
            "explains AzureWebJobsStorage__other, which app.bicep does not set",
        ),
    ],
)
def test_a_setting_on_which_app_and_template_differ_is_found(
    tmp_path: Path, file: str, old: str, new: str, problem: str
) -> None:
    for source in (ROOT / "docs/configuration.md", INFRA / "modules/app.bicep", INFRA / "settings.toml"):
        text = source.read_text()
        (tmp_path / source.name).write_text(text.replace(old, new) if source.name == file else text)
    sources = SettingSources(tmp_path / "configuration.md", tmp_path / "app.bicep", tmp_path / "settings.toml")

    assert any(problem in found for found in find_setting_problems(sources))


def test_each_parameter_file_is_for_a_template_that_is_there() -> None:
    assert all(path.is_file() and template.is_file() for path, template in PARAMETER_FILES.items())
