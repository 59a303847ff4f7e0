"""Files that are not Bicep parse, and `azure.yaml` leads to files that exist."""

from pathlib import Path

import pytest

from tools.checks.infra.documents import find_azure_yaml_problems, find_document_problems, find_malformed


def test_every_file_parses_and_azure_yaml_leads_to_files_that_exist() -> None:
    assert list(find_document_problems()) == []


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("a.json", "{", "a.json is no JSON: "),
        ("a.toml", "a = ", "a.toml is no TOML: "),
        ("a.yaml", "a: [", "a.yaml is no YAML: "),
    ],
)
def test_a_malformed_file_is_found(tmp_path: Path, name: str, text: str, problem: str) -> None:
    path = tmp_path / name
    path.write_text(text)

    [found] = find_malformed(path)
    assert found.startswith(problem)


def test_a_path_in_azure_yaml_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    page = tmp_path / "azure.yaml"
    page.write_text(
        "name: app\nservices:\n  app:\n    project: .\nhooks:\n  postdeploy:\n    posix:\n      run: absent.sh\n"
        "  predown:\n    - run: none.sh\n    - windows:\n        run: none.ps1\n"
    )

    assert list(find_azure_yaml_problems(page)) == [
        "azure.yaml names infra/main.bicep, which is not there",
        "azure.yaml names ./host.json, which is not there",
        "azure.yaml names absent.sh, which is not there",
        "azure.yaml names none.sh, which is not there",
        "azure.yaml names none.ps1, which is not there",
    ]
