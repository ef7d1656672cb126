"""Laws of reading and editing, for texts that nobody has thought of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings, strategies as st

from pysteward.core.errors import SettingsError
from pysteward.core.settings import (
    SETTINGS,
    Settings,
    add_value,
    load,
    remove_value,
    set_value,
)
from pysteward.core.settings.gcfg_reader import setting_of
from pysteward.core.settings.gcfg_syntax import Variable, decode

LAW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])

TEXTS = [
    json.loads(line)["text"].encode()
    for line in (Path(__file__).parents[1] / "data" / "gcfg.jsonl").read_text("utf-8").splitlines()
]
PIECES = st.sampled_from(
    b'[Python]\n|[|]|"|\\|\n|\r\n|\r|;|#|=| |\t|Enabled|Executable|VersionMatching=exact\n|RunAs'
    b"|yes|1|-|\0|\xff|\xe2\x82|\xef\xbb\xbf|\xc3\xa9|\xc2\xb2|[Applications]\n".split(b"|")
)
TOML_PIECES = st.one_of(
    st.sampled_from("\n.={}[],\"'#\\\0é1"),
    st.sampled_from(["[python]\n", "[[python]]\n", "python", '"""', "'''", "\r\n", "1979-05-27"]),
    st.sampled_from(
        ["enabled = true\n", "executables", "build-environment", "settings-from", "inf"]
    ),
)


@st.composite
def gcfg_texts(draw: st.DrawFn) -> bytes:
    """Texts that mostly parse: lines in all the manners in which lines can be written."""
    blank = st.sampled_from(["", " ", "\t", "  "])
    names = st.sampled_from(
        ["Executable", "executable", "Enabled", "VersionMatching", "ProhibitedPackage", "Wild"]
    )
    values = st.sampled_from(
        ["/opt/a", '"/opt/b c"', '"a;b" tail', "/opt/\\\n  c", "", '"x\\ty\\"z"', "é\u00a0", "a b"]
    )
    fitting = {
        "Enabled": st.sampled_from(["yes", '"off"', "tr\\\nue", "1"]),
        "VersionMatching": st.sampled_from(["", "Exact", '"near"est']),
    }
    comment = st.sampled_from(["", "", "; note", "# [Python]", ';"'])
    lines = ["[Python]"] if draw(st.booleans()) else []
    for _ in range(draw(st.integers(0, 9))):
        kind = draw(st.integers(0, 9))
        if kind == 0:
            lines.append(
                draw(st.sampled_from(["[Python]", "[python];x", '[Python "s"]', "[Applications]"]))
            )
        elif kind == 1:
            lines.append(draw(blank) + draw(comment))
        elif not lines or not any(line.startswith("[") for line in lines):
            continue
        elif kind == 2:
            lines.append(draw(blank) + draw(st.sampled_from(["Executable", "Enabled", "Wild"])))
        else:
            name = draw(names)
            value = draw(fitting.get(name, values))
            equals = draw(blank) + "=" + draw(blank)
            lines.append(draw(blank) + name + equals + value + draw(blank) + draw(comment))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    text = "\n".join(lines) + ("\n" if draw(st.booleans()) else "")
    mark = "\ufeff" if draw(st.integers(0, 5)) == 0 else ""
    return (mark + text.replace("\n", newline)).encode()


@st.composite
def toml_texts(draw: st.DrawFn) -> bytes:
    """Texts that parse: every form in which the table and its values can be written."""
    entries = {
        "enabled": st.sampled_from(["true", "false # not yet"]),
        "executables": st.sampled_from(
            ["[]", '["/a","/b"]', '[\n  "/a", # one\n  "/b"\n]', "[\n  '/a',\n  # two\n  '/b',\n]"]
        ),
        "run-as": st.sampled_from(['"alice"', "'b # c'", '"""x"""']),
        "build-environment": st.sampled_from(["{}", '{ A = "1" }', '{A="1",B="2"}']),
        "unknown-key": st.sampled_from(["1", "[[1, 2], [3]]", "1979-05-27", '{ a = { b = "]" } }']),
    }
    form = draw(st.sampled_from(["table", "dotted", "late", "none"]))
    lines = draw(st.sampled_from([[], ["# about all", ""], ["title = 'x'"]]))[:]
    prefix = "python." if form == "dotted" else ""
    if form in ("table", "late"):
        lines += ["[python] # ours"]
    for key in draw(st.lists(st.sampled_from(sorted(entries)), unique=True)) * (form != "none"):
        lines.append(
            prefix + key + draw(st.sampled_from([" = ", "=", "   =  "])) + draw(entries[key])
        )
    if form != "dotted":
        lines += draw(st.sampled_from([[], ["", "# about other", "[other]", "x = 1"]]))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    text = "\n".join(lines) + ("\n" if draw(st.booleans()) else "")
    return text.replace("\n", newline).encode()


WORDS = st.text(
    st.characters(exclude_characters="\r\0", exclude_categories=["Cs"]), min_size=1, max_size=12
)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("laws")


def put(directory: Path, content: bytes, suffix: str) -> Path:
    path = directory / f"settings{suffix}"
    path.write_bytes(content)
    path.chmod(0o644)
    return path


def loaded(path: Path) -> Settings:
    try:
        return load(path)
    except SettingsError:
        assume(False)
        raise


def outcome(path: Path) -> Settings | SettingsError:
    """What loading comes to; any other exception is a crash."""
    try:
        return load(path)
    except SettingsError as problem:
        return problem


@LAW
@given(st.one_of(st.binary(max_size=200), st.lists(PIECES, max_size=30).map(b"".join)))
def test_no_gcfg_file_crashes_the_reader(directory: Path, content: bytes) -> None:
    came = outcome(put(directory, content, ".gcfg"))
    assert isinstance(came, Settings) or (came.line and came.column and came.source is not None)


@LAW
@given(st.sampled_from(TEXTS), st.integers(0, 400), st.integers(0, 3), st.lists(PIECES, max_size=3))
def test_no_mutant_of_a_real_file_crashes_the_reader(
    directory: Path, content: bytes, at: int, cut: int, pieces: list[bytes]
) -> None:
    mutant = content[:at] + b"".join(pieces) + content[at + cut :]
    came = outcome(put(directory, mutant, ".gcfg"))
    assert isinstance(came, Settings) or (came.line and came.column and came.source is not None)


@LAW
@example("x = " + "[" * 5000)
@example("[python]\nexecutables = " + "{a=" * 5000)
@example("[python]\nparallel-builds = " + "9" * 5000)
@given(st.one_of(st.text(max_size=100), st.lists(TOML_PIECES, max_size=20).map("".join)))
def test_no_toml_file_crashes_the_reader(directory: Path, text: str) -> None:
    came = outcome(put(directory, text.encode(errors="surrogatepass"), ".toml"))
    assert isinstance(came, Settings) or came.message


@LAW
@given(gcfg_texts(), st.sampled_from(["enabled", "run-as", "version-matching"]), st.data())
def test_setting_one_value_in_gcfg_sets_it_and_nothing_else(
    directory: Path, content: bytes, name: str, data: st.DataObject
) -> None:
    path = put(directory, content, ".gcfg")
    before = loaded(path)
    value = data.draw(
        {
            "enabled": st.booleans(),
            "run-as": WORDS,
            "version-matching": st.sampled_from(["exact", "nearest", "major-minor"]),
        }[name]
    )
    edit = set_value(path, name, value)
    after = loaded(put(directory, edit.after, ".gcfg"))
    field = name.replace("-", "_")
    assert getattr(after, field) == value
    assert others(before, field) == others(after, field)
    assert_other_lines_stay(content, edit.after, field)


@LAW
@given(gcfg_texts(), st.lists(WORDS, max_size=4))
@example(content=b"[Python]\nExecutable=", values=["0", "0"])
def test_setting_a_list_in_gcfg_sets_it_and_nothing_else(
    directory: Path, content: bytes, values: list[str]
) -> None:
    path = put(directory, content, ".gcfg")
    before = loaded(path)
    edit = set_value(path, "Executable", values)
    after = loaded(put(directory, edit.after, ".gcfg"))
    assert after.executables == tuple(values)
    assert others(before, "executables") == others(after, "executables")
    assert_other_lines_stay(content, edit.after, "executables")


@LAW
@given(gcfg_texts(), WORDS)
def test_what_is_added_to_gcfg_and_removed_again_leaves_the_values(
    directory: Path, content: bytes, value: str
) -> None:
    path = put(directory, content, ".gcfg")
    before = loaded(path)
    assume(value not in before.executables)
    added = add_value(path, "executables", value)
    assert loaded(put(directory, added.after, ".gcfg")).executables == (*before.executables, value)
    removed = remove_value(path, "executables", value)
    assert loaded(put(directory, removed.after, ".gcfg")).executables == before.executables
    assert_other_lines_stay(content, removed.after, "executables")


@LAW
@given(gcfg_texts(), st.booleans())
def test_the_built_in_list_can_be_cleared_and_restored_in_gcfg(
    directory: Path, content: bytes, keep: bool
) -> None:
    path = put(directory, content, ".gcfg")
    before = loaded(path)
    edit = set_value(path, "builtin-prohibited-packages", keep)
    after = loaded(put(directory, edit.after, ".gcfg"))
    assert after.builtin_prohibited_packages == keep
    assert after.prohibited_packages == before.prohibited_packages


@LAW
@given(toml_texts(), st.sampled_from(["enabled", "run-as", "executables"]), st.data())
def test_setting_a_value_in_toml_sets_it_and_nothing_else(
    directory: Path, content: bytes, name: str, data: st.DataObject
) -> None:
    path = put(directory, content, ".toml")
    before = loaded(path)
    kinds = {"enabled": st.booleans(), "run-as": WORDS, "executables": st.lists(WORDS, max_size=4)}
    value = data.draw(kinds[name])
    edit = set_value(path, name, value)
    after = loaded(put(directory, edit.after, ".toml"))
    field = name.replace("-", "_")
    got = getattr(after, field)
    assert (list(got) if isinstance(got, tuple) else got) == value
    assert others(before, field) == others(after, field)
    assert (b"\r\n" in edit.after) <= (b"\r\n" in content)
    if name != "executables":
        assert_toml_lines_stay(content, edit.after, name)


@LAW
@given(toml_texts(), st.sampled_from(["enabled", "run-as", "executables", "build-environment"]))
def test_removing_a_setting_from_toml_removes_nothing_else(
    directory: Path, content: bytes, name: str
) -> None:
    path = put(directory, content, ".toml")
    before = loaded(path)
    edit = remove_value(path, name)
    after = loaded(put(directory, edit.after, ".toml"))
    field = name.replace("-", "_")
    assert after.origins[field].is_default
    assert others(before, field) == others(after, field)


def others(settings: Settings, field: str) -> dict[str, object]:
    return {item.field: getattr(settings, item.field) for item in SETTINGS if item.field != field}


def assert_other_lines_stay(before: bytes, after: bytes, field: str) -> None:
    """Without the lines of the setting, the two texts are the same.

    At its end a text may have got a line end and a section, because a line was put there.
    """
    kept, now = rest(before, field), rest(after, field)
    assert now.startswith(kept.rstrip("\r\n"))
    assert now[len(kept.rstrip("\r\n")) :].strip() in ("", "[Python]", "[Applications]")


def rest(content: bytes, field: str) -> str:
    """A text without the lines that set a setting, but with their comments."""
    document = decode(content, None)
    text = document.source.text
    kept, at = "", 0
    for item in document.statements():
        setting = setting_of(item) if isinstance(item, Variable) else None
        if isinstance(item, Variable) and setting is not None and setting.field == field:
            kept += text[at : text.rfind("\n", 0, item.start) + 1]
            at = item.end
    return kept + text[at:]


def assert_toml_lines_stay(before: bytes, after: bytes, key: str) -> None:
    def other_lines(content: bytes) -> list[bytes]:
        lines = content.splitlines()
        return [
            line for line in lines if not line.removeprefix(b"python.").startswith(key.encode())
        ]

    now = [line for line in other_lines(after) if line != b"[python]"]
    assert now == [line for line in other_lines(before) if line != b"[python]"]
