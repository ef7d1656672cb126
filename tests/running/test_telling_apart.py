"""What a failed start asks for, told from its last lines; and where content stood."""

from __future__ import annotations

from pathlib import Path

import pytest

from pysteward.core.errors import SettingsError
from pysteward.core.findings import Evidence, Finding
from pysteward.core.running import NotChecked, Program, program_for, read_env_file
from pysteward.core.running.entry_point import with_entry_point
from pysteward.core.running.evidence import own_line, trace_line
from pysteward.core.running.network import network_line
from pysteward.core.running.programs import missing_file, renderer_for
from pysteward.core.running.variables import missing_variable

VARIABLES = {
    "RuntimeError: API_KEY is not set": "API_KEY",
    'environs.exceptions.EnvError: Environment variable "DB_URL" not set': "DB_URL",
    "ImproperlyConfigured: Set the DATABASE_URL environment variable": "DATABASE_URL",
    "decouple.UndefinedValueError: SECRET_KEY not found. Declare it as envvar or define one": (
        "SECRET_KEY"
    ),
    "ValueError: the environment variable 'TOKEN_FILE' is missing": "TOKEN_FILE",
    "KeyError: 'sales'": None,
    "ValueError: x must be set before y": None,
    "RuntimeError: HTTP is required": None,
}


@pytest.mark.parametrize("line", VARIABLES)
def test_a_variable_is_found_in_the_words_of_each_library(line: str) -> None:
    found = missing_variable(["Traceback (most recent call last):", line], {"HTTP"})
    assert (found and found[0]) == VARIABLES[line]


def test_a_field_of_pydantics_settings_is_a_variable() -> None:
    lines = [
        "pydantic_core._pydantic_core.ValidationError: 1 validation error for AppSettings",
        "database_url",
        "  Field required [type=missing, input_value={}, input_type=dict]",
    ]
    assert missing_variable(lines, ()) == ("DATABASE_URL", 0)
    assert missing_variable(lines, {"DATABASE_URL"}) is None


def test_only_the_last_chain_of_tracebacks_tells_of_the_network() -> None:
    early = ["Traceback (most recent call last):", "OSError: Network is unreachable", ""]
    late = ["Traceback (most recent call last):", '  File "app.py", line 1', "ValueError: no"]
    chained = ["During handling of the above exception, another exception occurred:", ""]
    assert network_line(early) == 1
    assert network_line([*early, *late]) is None
    assert network_line([*early, *chained, *late]) == 1
    assert network_line(["gaierror: Name or service not known"]) == 0


def test_the_line_of_a_notebook_is_told_by_cell(tmp_path: Path) -> None:
    for head in ("Cell In[2], line 2", "Input In [2], in <cell line: 2>()"):
        lines = [head, "      1 y = 2", "----> 2 print(x / 0)", "", "ZeroDivisionError: division"]
        found = own_line(4, lines, tmp_path, "report.ipynb")
        assert found is not None
        assert (found.source, found.line, found.text) == (
            "report.ipynb, cell 2",
            2,
            "print(x / 0)",
        )


def test_the_line_is_looked_for_along_the_chain_of_tracebacks(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import gradio\ngradio.Interface(str)\n")
    first = ["Traceback (most recent call last):", '  File "/lib/inspect.py", line 9, in f', "E: 1"]
    between = ["", "The above exception was the direct cause of the following exception:", ""]
    second = ["Traceback (most recent call last):", '  File "app.py", line 2, in <module>', "E: 2"]
    found = own_line(2, [*first, *between, *second, "later"], tmp_path)
    assert found == Evidence("app.py", 2, "gradio.Interface(str)")
    assert own_line(2, [*first, *second], tmp_path) is None


@pytest.mark.parametrize(
    "said",
    [
        "  |.....| 100% (chunk-2)Quitting from lines 2-3 (report.Rmd) ",
        "Quitting from report.Rmd:2-3 [chunk-2]",
    ],
)
def test_the_chunk_of_a_document_that_failed_is_told(tmp_path: Path, said: str) -> None:
    (tmp_path / "report.Rmd").write_text("```{python}\nimport nothing\n```\n")
    lines = ["processing file: report.Rmd", said, "Error: No module named 'nothing'"]
    assert own_line(2, lines, tmp_path) == Evidence("report.Rmd", 2, "import nothing")


def test_the_innermost_line_of_its_own_is_where_content_stood(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import time\ntime.sleep(9)\n")
    lines = [
        "Current thread 0x00007f (most recent call first):",
        '  File "/usr/lib/python3/time.py", line 9 in sleep',
        f'  File "{tmp_path}/app.py", line 2 in <module>',
        f'  File "{tmp_path}/app.py", line 1 in <module>',
    ]
    found = trace_line(lines, tmp_path)
    assert found is not None
    assert (found.source, found.line, found.text) == ("app.py", 2, "time.sleep(9)")


@pytest.mark.parametrize("file", ["/etc/passwd", "../outside.py", "app.py/..", "no.py"])
def test_nothing_outside_of_the_content_is_quoted(tmp_path: Path, file: str) -> None:
    (tmp_path / "outside.py").write_text("secret\n")
    content = tmp_path / "content"
    content.mkdir()
    (content / "app.py").write_text("x\n")
    path = file if file.startswith("/") else f"{content}/{file}"
    assert own_line(0, [f'  File "{path}", line 1, in x'], content) is None


@pytest.mark.parametrize(
    ("mode", "entry", "meant"),
    [
        ("python-api", "app:ap", "app:app"),
        ("python-api", "ap:app", "app:app"),
        ("python-api", "sub.man:app", "sub.main:app"),
        ("python-streamlit", "ap.py", "app.py"),
        ("jupyter-static", "reprt.ipynb", "report.ipynb"),
        ("python-api", "app:nothing_alike", None),
        ("python-api", "broken:ap", None),
    ],
)
def test_a_misspelt_entry_point_is_told_with_its_line_and_what_is_meant(
    tmp_path: Path, mode: str, entry: str, meant: str | None
) -> None:
    (tmp_path / "sub").mkdir()
    texts = {"app.py": "def app(): pass\n", "broken.py": "app = (\n", "sub/main.py": "app = 1\n"}
    texts["report.ipynb"] = "{}"
    texts["manifest.json"] = f'{{\n  "version": 1,\n  "entrypoint": "{entry}"\n}}\n'
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    said = Finding("entry-point-missing", "cause", "It is missing.", "Add it.", None, ())
    found = with_entry_point(said, mode, entry, tmp_path)
    assert found.evidence == (Evidence("manifest.json", 3, f'"entrypoint": "{entry}"'),)
    assert found.cause == "It is missing." + (f" Perhaps {meant} is meant." if meant else "")


@pytest.mark.parametrize(
    ("mode", "entry", "file"),
    [
        ("python-streamlit", "ap.py", "ap.py"),
        ("python-streamlit", "app", None),
        ("jupyter-static", "no.ipynb", "no.ipynb"),
        ("python-api", "somewhere.else", None),
    ],
)
def test_a_file_that_content_does_not_have_is_told_before_anything_is_started(
    mode: str, entry: str, file: str | None
) -> None:
    assert missing_file(mode, entry, {"app.py", "report.ipynb"}) == file


@pytest.mark.parametrize(
    "mode", ["static", "tensorflow-saved-model", "nodejs-api", "", "python-something"]
)
def test_what_runs_no_python_of_its_own_is_not_checked(mode: str) -> None:
    assert isinstance(program_for(mode, "app", {"app.py"}), NotChecked)


def test_a_document_without_its_tool_is_not_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    found = renderer_for("quarto-static", "", {"report.qmd"})
    assert isinstance(found, NotChecked)
    assert "quarto, which is not installed" in found.why
    monkeypatch.setattr("shutil.which", lambda tool, **__: f"/usr/bin/{tool}")
    found = renderer_for("rmd-static", "", {"report.Rmd", "data.csv"})
    assert isinstance(found, Program)
    assert found.argv[0] == "/usr/bin/Rscript"
    assert found.argv[-1] == "report.Rmd"


def test_a_file_of_variables_is_read_and_a_bad_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "variables"
    file.write_text("# comment\n\nA=1\nexport B='two words'\nC=a=b\nD=\n")
    assert read_env_file(file) == {"A": "1", "B": "two words", "C": "a=b", "D": ""}
    for number, text in ((1, "1A=2\n"), (2, "A=1\nB\n")):
        file.write_text(text)
        with pytest.raises(SettingsError) as refused:
            read_env_file(file)
        assert refused.value.line == number
    with pytest.raises(SettingsError):
        read_env_file(tmp_path / "missing")
