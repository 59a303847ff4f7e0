"""The compiler is found where a person has it, and what it says is handed on."""

import os
import stat
from pathlib import Path

import pytest

from tools.checks.infra.compiler import Compiler, CompilerError, Installed, find_installed


def put_compiler(folder: Path, text: str = "#!/bin/sh\n") -> Path:
    folder.mkdir(parents=True)
    path = folder / "bicep"
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def answering(version: str) -> str:
    """A program that answers one request with a version, as `bicep jsonrpc` does."""
    answer = f'{{"jsonrpc":"2.0","id":1,"result":{{"version":"{version}"}}}}'
    return f"#!/bin/sh\nprintf 'Content-Length: {len(answer)}\\r\\n\\r\\n%s' '{answer}'\nexec cat >/dev/null\n"


def test_the_compiler_that_the_variable_names_comes_first(tmp_path: Path) -> None:
    named, on_path = put_compiler(tmp_path / "named"), put_compiler(tmp_path / "path")
    environment = {"BICEP": str(named), "PATH": str(on_path.parent), "HOME": str(tmp_path)}

    assert find_installed(environment) == Installed(named, "BICEP")


def test_the_compiler_on_the_path_comes_before_that_of_the_azure_cli(tmp_path: Path) -> None:
    on_path = put_compiler(tmp_path / "path")
    put_compiler(tmp_path / ".azure" / "bin")

    assert find_installed({"PATH": str(on_path.parent), "HOME": str(tmp_path)}) == Installed(on_path, "PATH")


@pytest.mark.parametrize("chosen", [False, True])
def test_the_compiler_of_the_azure_cli_is_found_in_its_folder(tmp_path: Path, chosen: bool) -> None:
    folder = tmp_path / ("elsewhere" if chosen else ".azure")
    by_azure_cli = put_compiler(folder / "bin")
    environment = {"PATH": "", "HOME": str(tmp_path), **({"AZURE_CONFIG_DIR": str(folder)} if chosen else {})}

    assert find_installed(environment) == Installed(by_azure_cli, "az bicep")


def test_without_any_there_is_none(tmp_path: Path) -> None:
    assert find_installed({"PATH": str(tmp_path), "HOME": str(tmp_path)}) is None


def test_a_variable_that_leads_nowhere_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CompilerError, match=r"BICEP names /nowhere/bicep, which is not there"):
        find_installed({"BICEP": "/nowhere/bicep", "PATH": os.environ["PATH"]})


def test_a_compiler_that_is_too_old_is_refused(tmp_path: Path) -> None:
    installed = Installed(put_compiler(tmp_path / "old", answering("0.36.1")), "PATH")

    with pytest.raises(CompilerError, match=r"bicep is 0\.36\.1; 0\.49\.2 or later is needed"):
        Compiler(installed)


@pytest.mark.parametrize("version", ["0.49.2", "0.100.0", "1.0.0"])
def test_a_later_compiler_is_taken(tmp_path: Path, version: str) -> None:
    with Compiler(Installed(put_compiler(tmp_path / "new", answering(version)), "PATH")) as started:
        assert started.version == version


def test_what_a_compiler_says_when_it_ends_is_handed_on(tmp_path: Path) -> None:
    installed = Installed(put_compiler(tmp_path / "broken", "#!/bin/sh\necho no such machine >&2\n"), "PATH")

    with pytest.raises(CompilerError, match="ended: no such machine"):
        Compiler(installed)


def test_a_file_that_is_no_program_is_an_error(tmp_path: Path) -> None:
    path = put_compiler(tmp_path / "text")
    path.chmod(0o644)

    with pytest.raises(CompilerError, match="does not start"):
        Compiler(Installed(path, "BICEP"))


def test_an_error_and_a_rule_of_the_linter_are_found_with_their_place(compiler: Compiler, tmp_path: Path) -> None:
    template = tmp_path / "main.bicep"
    template.write_text("param unused string\noutput name string = wrong\n")

    compiled = compiler.compile(template)

    assert compiled.template == {}
    assert [str(one) for one in compiled.diagnostics] == [
        f'{template}(1,7): warning no-unused-params: Parameter "unused" is declared but never used.',
        f'{template}(2,22): error BCP057: The name "wrong" does not exist in the current context.',
    ]


def test_a_deployment_that_would_stop_ends_with_its_sentence(compiler: Compiler, tmp_path: Path) -> None:
    (tmp_path / "main.bicep").write_text("param size int\noutput half int = size > 1 ? size / 2 : fail('Too small.')\n")
    way = tmp_path / "small.bicepparam"
    way.write_text("using 'main.bicep'\nparam size = 1\n")

    with pytest.raises(CompilerError, match=r"Too small\."):
        compiler.snapshot(way)


def test_parameters_with_errors_are_not_evaluated(compiler: Compiler, tmp_path: Path) -> None:
    (tmp_path / "main.bicep").write_text("param size int\noutput half int = size / 2\n")
    way = tmp_path / "wrong.bicepparam"
    way.write_text("using 'main.bicep'\nparam size = 'big'\n")

    with pytest.raises(CompilerError, match="BCP033"):
        compiler.snapshot(way)
