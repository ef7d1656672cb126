"""Requirements: every form of line, read as pip reads it."""

from __future__ import annotations

import codecs
import time
from typing import Any

import pytest
from hypothesis import given, strategies as st

from pysteward.core.bundles import (
    LineKind,
    RequirementLine,
    Requirements,
    effective_lines,
    parse_requirements,
    remove_prohibited,
)
from pysteward.core.package_names import normalize


def only(text: str) -> RequirementLine:
    (line,) = (line for line in parse_requirements(text).lines() if line.kind is not LineKind.BLANK)
    return line


def reading(files: dict[str, str | bytes], **options: Any) -> Requirements:
    """The requirements of a bundle with these files, the first being its package file."""
    contents = {
        name: text.encode() if isinstance(text, str) else text for name, text in files.items()
    }
    first = next(iter(contents))
    return parse_requirements(contents[first], name=first, read=contents.get, **options)


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("flask", LineKind.NAMED, "flask"),
        ("Flask>=2,<3", LineKind.NAMED, "flask"),
        ("zope.interface == 5", LineKind.NAMED, "zope-interface"),
        ("Foo__Bar.-baz~=1.0", LineKind.NAMED, "foo-bar-baz"),
        ("requests [security,socks] >= 2.8.1", LineKind.NAMED, "requests"),
        ("pywin32 (>=1.0)", LineKind.NAMED, "pywin32"),
        ("pywin32>=1;sys_platform=='win32'", LineKind.NAMED, "pywin32"),
        ("pywin32 ; sys_platform == 'win32'", LineKind.NAMED, "pywin32"),
        ("pywin32==306 --hash=sha256:aa", LineKind.NAMED, "pywin32"),
        ("pywin32==306 # only there", LineKind.NAMED, "pywin32"),
        ("pywin32=306=py39", LineKind.NAMED, "pywin32"),
        ("pywin32 306", LineKind.NAMED, "pywin32"),
        ("name @ https://example.org/x.zip", LineKind.ADDRESS, "name"),
        ("name[a]@https://example.org/x.zip ; python_version<'3'", LineKind.ADDRESS, "name"),
        ("name @ file:///home/me/name", LineKind.ADDRESS, "name"),
        ("name@git+ssh://git@example.org/x.git@v1", LineKind.ADDRESS, "name"),
        (
            "git+https://example.org/x.git#egg=Some_Name&subdirectory=y",
            LineKind.ADDRESS,
            "some-name",
        ),
        ("git+https://example.org/x.git#subdirectory=y&egg=n[extra]", LineKind.ADDRESS, "n"),
        ("git+https://example.org/x.git", LineKind.ADDRESS, None),
        ("https://example.org/a/pywin32-306-cp39-cp39-win32.whl", LineKind.ADDRESS, "pywin32"),
        ("https://example.org/a/Some%5FName-1.0.tar.gz", LineKind.ADDRESS, "some-name"),
        ("https://example.org/archive/v1.0.zip", LineKind.ADDRESS, None),
        ("http://[broken/x-1.0.zip", LineKind.ADDRESS, None),
        ("./dist/pywin32-306-cp39-cp39-win32.whl", LineKind.PATH, "pywin32"),
        ("dist/my-old-name-1.0.2.tar.gz", LineKind.PATH, "my-old-name"),
        ("name-1.0.zip", LineKind.PATH, "name"),
        ("./name-1.0.zip[extra]", LineKind.PATH, "name"),
        ("./package", LineKind.PATH, None),
        (".", LineKind.PATH, None),
        ("/home/me/package", LineKind.PATH, None),
        ("file:./package", LineKind.PATH, None),
        ("-e .", LineKind.EDITABLE, None),
        ("-e git+https://example.org/x.git#egg=pywin32", LineKind.EDITABLE, "pywin32"),
        ("--editable=git+https://example.org/x.git@main#egg=x", LineKind.EDITABLE, "x"),
        ('-e "name @ git+https://example.org/x.git"', LineKind.EDITABLE, "name"),
        ("-r more.txt", LineKind.INCLUDE, None),
        ("-rmore.txt", LineKind.INCLUDE, None),
        ("--requirement more.txt", LineKind.INCLUDE, None),
        ("--requirem=more.txt", LineKind.INCLUDE, None),
        ("-c limits.txt", LineKind.CONSTRAINT, None),
        ("--constraint=limits.txt", LineKind.CONSTRAINT, None),
        ("-i https://example.org/simple", LineKind.OPTION, None),
        ("--index-url https://example.org/simple", LineKind.OPTION, None),
        ("--extra-index-url=https://example.org/simple", LineKind.OPTION, None),
        ("--no-binary :all: --pre", LineKind.OPTION, None),
        ("--require-hashes", LineKind.OPTION, None),
        ("-f ./wheels", LineKind.OPTION, None),
        ("--frobnicate", LineKind.UNKNOWN, None),
        ("--index-url", LineKind.UNKNOWN, None),
        ("--index-url 'open", LineKind.UNKNOWN, None),
        ("<<<<<<< HEAD", LineKind.UNKNOWN, None),
        ("==1.0", LineKind.UNKNOWN, None),
        ("@ https://example.org/x", LineKind.PATH, None),
    ],
)
def test_every_form_of_line_is_known(text: str, kind: LineKind, name: str | None) -> None:
    line = only(text)
    assert (line.kind, line.name) == (kind, name)


def test_a_requirement_is_taken_apart() -> None:
    text = "a[b]>=1 ; python_version<'3' --hash=sha256:1 --config-settings k=v"
    parsed = only(text).parsed
    assert parsed.subject == "a[b]>=1"
    assert parsed.marker == "python_version<'3'"
    assert parsed.options == (("--hash", "sha256:1"), ("--config-settings", "k=v"))


def test_a_line_goes_on_after_a_backslash() -> None:
    text = "flask==2 \\\n    --hash=sha256:1 \\\n    --hash=sha256:2\nrequests\n"
    first, second = parse_requirements(text).lines()
    assert first.raw.count("\n") == 3
    assert [value for _, value in first.parsed.options] == ["sha256:1", "sha256:2"]
    assert (second.number, second.name) == (4, "requests")


def test_a_comment_ends_a_line_that_goes_on() -> None:
    text = "flask \\\n# no more\\\nrequests\n"
    assert parse_requirements(text).packages == ("flask", "requests")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\f", "\x0b", "\u2028"])
def test_every_line_end_of_pip_ends_a_line(end: str) -> None:
    assert parse_requirements(f"flask{end}requests{end}").packages == ("flask", "requests")


def test_variables_are_replaced_where_they_have_a_value() -> None:
    variables = {"NAME": "flask", "EMPTY": ""}
    text = "${NAME}>=2\n--index-url https://${USER}:${EMPTY}@example.org\n$NAME\n${name}\n"
    lines = tuple(parse_requirements(text, variables=variables).lines())
    assert [line.parsed.subject for line in lines] == [
        "flask>=2",
        "--index-url https://${USER}:${EMPTY}@example.org",
        "$NAME",
        "${name}",
    ]
    assert [line.has_variables for line in lines] == [True, False, False, False]


def test_what_a_variable_stands_for_is_told_nowhere() -> None:
    secret = {"TOKEN": "hunter2"}
    text = "flask @ https://example.org/${TOKEN}/flask.whl\n-r ../${TOKEN}.txt\n"
    requirements = parse_requirements(text, variables=secret)
    assert [line.text for line in requirements.lines()] == text.splitlines()
    assert effective_lines(requirements) == tuple(text.splitlines())
    assert "hunter2" not in requirements.problems[0].message


def test_a_prohibited_package_is_removed_though_a_variable_names_it() -> None:
    requirements = parse_requirements("${NAME}==1.0\nrequests\n", variables={"NAME": "PyWin32"})
    filtered = remove_prohibited(requirements, ["pywin32"])
    assert filtered.skipped == ("pywin32",)
    assert filtered.files["requirements.txt"] == b"requests\n"


def test_a_variable_may_name_what_is_included() -> None:
    files = {"more/linux.txt": b"requests\n"}
    text = "-r ${FOLDER}/linux.txt\n"
    known = parse_requirements(text, read=files.get, variables={"FOLDER": "more"})
    assert known.packages == ("requests",)
    unknown = parse_requirements(text, read=files.get)
    assert [problem.code for problem in unknown.problems] == ["requirements-file-missing"]


# Encodings


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"flask # \xc3\xa9\n", "utf-8"),
        (b"\xef\xbb\xbfflask\n", "utf-8"),
        (codecs.BOM_UTF16_LE + "flask\n".encode("utf-16-le"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + "flask\r\n".encode("utf-16-be"), "utf-16-be"),
        (codecs.BOM_UTF32_LE + "flask\n".encode("utf-32-le"), "utf-32-le"),
        (b"# -*- coding: latin-1 -*-\nflask # \xe9\n", "iso8859-1"),
        (b"#\n# vim: set fileencoding=cp1252 :\nflask # \x80\n", "cp1252"),
    ],
)
def test_encodings_are_found_as_pip_finds_them(data: bytes, encoding: str) -> None:
    requirements = parse_requirements(data)
    assert requirements.problems == ()
    assert requirements.packages == ("flask",)
    assert requirements.files[0].encoding == encoding


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"flask\n# \xe9\n", 2),
        (b"# coding: nonsense\nflask\n", 1),
        (b"# coding: rot13\nflask\n", 1),
        (b"# coding: undefined\nflask\n", 1),
        (b"# coding: utf-8\nflask # \xe9\n", 2),
        (codecs.BOM_UTF16_LE + b"f\0l", 1),
    ],
)
def test_what_pip_cannot_decode_is_a_problem_with_its_line(data: bytes, line: int) -> None:
    requirements = parse_requirements(data)
    (problem,) = requirements.problems
    assert problem.code == "requirements-encoding"
    assert problem.line == line


# Included files


def test_included_files_are_read_in_their_place() -> None:
    requirements = reading(
        {
            "requirements.txt": "a\n-r sub/more.txt\nz\n",
            "sub/more.txt": "b\n-r even.txt\n-c ../limits.txt\n",
            "sub/even.txt": "c\n",
            "limits.txt": "b<2\n",
        }
    )
    assert requirements.problems == ()
    assert requirements.packages == ("a", "b", "c", "z")
    assert [file.name for file in requirements.files if file.is_constraints] == ["limits.txt"]
    assert [(line.file, line.number) for line in requirements.lines()] == [
        ("requirements.txt", 1),
        ("requirements.txt", 2),
        ("sub/more.txt", 1),
        ("sub/more.txt", 2),
        ("sub/even.txt", 1),
        ("sub/more.txt", 3),
        ("limits.txt", 1),
        ("requirements.txt", 3),
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("-r absent.txt", "requirements-file-missing"),
        ("-c absent.txt", "requirements-file-missing"),
        ("-r ../outside.txt", "bundle-hostile"),
        ("-r /etc/passwd", "bundle-hostile"),
        ("-c '..\\outside.txt'", "bundle-hostile"),
        ("-r requirements.txt", "requirements-syntax"),
        ("-r ./sub/../requirements.txt", "requirements-syntax"),
    ],
)
def test_an_include_that_cannot_be_is_a_problem(line: str, code: str) -> None:
    (problem,) = reading({"requirements.txt": f"\n{line}\n"}).problems
    assert (problem.code, problem.file, problem.line) == (code, "requirements.txt", 2)


def test_files_that_include_each_other_are_a_problem_and_no_endless_loop() -> None:
    requirements = reading({"a": "x\n-r b\n", "b": "y\n-r a\n"})
    assert [problem.code for problem in requirements.problems] == ["requirements-syntax"]
    assert requirements.packages == ("x", "y")


def test_a_file_included_from_two_places_is_no_problem() -> None:
    requirements = reading({"a": "-r b\n-r c\n", "b": "-r d\n", "c": "-r d\n", "d": "x\n"})
    assert requirements.problems == ()
    assert len(requirements.files) == 4


def test_a_chain_of_includes_has_an_end() -> None:
    files: dict[str, str | bytes] = {f"{n}": f"-r {n + 1}\n" for n in range(200)}
    assert [problem.code for problem in reading(files).problems] == ["bundle-hostile"]


def test_files_that_double_at_each_step_are_refused() -> None:
    files: dict[str, str | bytes] = {f"{n}": f"-r {n + 1}\n-r {n + 1}\n" for n in range(40)}
    files["40"] = "flask\n"
    requirements = reading(files)
    assert [problem.code for problem in requirements.problems] == ["bundle-hostile"]
    assert requirements.packages == ("flask",)


def test_what_is_fetched_from_elsewhere_is_left_to_pip() -> None:
    requirements = reading({"a": "-r https://example.org/r.txt\n"})
    assert requirements.problems == ()
    assert [line.kind for line in requirements.lines()] == [LineKind.INCLUDE]


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("flask\n", False),
        ("./pkg\n", True),
        ("-e .\n", True),
        ("-e git+https://example.org/x#egg=x\n", False),
        ("x @ file:///a\n", True),
        ("--find-links wheels\n", True),
        ("--find-links https://example.org/\n", False),
    ],
)
def test_what_comes_from_the_bundle_itself_is_known(text: str, local: bool) -> None:
    assert parse_requirements(text).uses_bundle_files is local


# Laws


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_reader_and_the_lines_are_the_text(data: bytes) -> None:
    requirements = parse_requirements(data)
    file = requirements.files[0]
    assert "".join(line.raw for line in requirements.lines()) == file.text
    assert file.decoded.encode(file.text) == data or file.encoding not in ("utf-8", "latin-1")


pieces = st.sampled_from(
    [
        *("flask", "Pywin32", ">=2", "==1.0", "[a,b]", " ; ", ";", " @ ", "https://e.org/x-1.zip"),
        *("-e ", "-r ", "-c ", "--hash=sha256:1", " --pre", " ", "  ", "\t", "\\\n", "\n", "\r\n"),
        *(
            "#",
            " # c",
            "# c\\\n",
            "${X}",
            "'",
            '"',
            "\f",
            "\x0b",
            "\x1c",
            "\u2028",
            "=",
            ".",
            "./a",
        ),
        *("git+https://e.org/x#egg=y", "-i x", "--index-url", "python_version<'3'", "(", ")"),
    ]
)
texts = st.lists(pieces, max_size=12).map("".join)
NO_PIP = "no pip is installed beside the tests"


@given(texts)
def test_lines_are_joined_and_stripped_as_pip_does(text: str) -> None:
    req_file = pytest.importorskip("pip._internal.req.req_file", reason=NO_PIP)
    ours = [(line.number, line.text) for line in parse_requirements(text).lines() if line.text]
    assert ours == list(req_file.preprocess(text))


@given(texts)
def test_what_pip_takes_for_requirements_we_do(text: str) -> None:
    """pip's own parser says for each line whether it is a requirement, and which options it has."""
    req_file = pytest.importorskip("pip._internal.req.req_file", reason=NO_PIP)
    parse = req_file.get_line_parser(None)
    for line in parse_requirements(text).lines():
        if not line.text:
            continue
        try:
            arguments, options = parse(line.text)
        except (req_file.OptionParsingError, SystemExit):
            continue
        if arguments:
            assert line.kind not in (LineKind.OPTION, LineKind.INCLUDE, LineKind.CONSTRAINT)
        elif options.editables:
            assert line.kind is LineKind.EDITABLE
            assert line.text.startswith("-")
        elif options.requirements:
            assert line.kind is LineKind.INCLUDE
            assert line.parsed.subject == options.requirements[0]
        elif options.constraints:
            assert line.kind is LineKind.CONSTRAINT
            assert line.parsed.subject == options.constraints[0]


@given(st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,6}[A-Za-z0-9])?", fullmatch=True))
def test_names_are_normalised_as_packaging_does(name: str) -> None:
    from packaging.utils import canonicalize_name

    assert normalize(name) == canonicalize_name(name)
    assert parse_requirements(f"{name}>=1").packages == (canonicalize_name(name),)


@given(texts)
def test_names_are_those_that_packaging_finds(text: str) -> None:
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    for line in parse_requirements(text).lines():
        if line.kind in (LineKind.NAMED, LineKind.ADDRESS) and not line.parsed.options:
            try:
                name = Requirement(line.text).name
            except InvalidRequirement:
                continue
            assert line.name == canonicalize_name(name)


@pytest.mark.parametrize(
    "text",
    [
        " " * 100_000 + "x" + " " * 100_000 + "#",
        "#x" + (" " * 50_000 + "x") * 4,
        "a[" * 100_000,
        "a]" * 100_000,
        "[" * 200_000 + "]",
        "a;" + "'\"" * 100_000,
        "a;" + " " * 200_000 + "x" + " " * 100_000 + "<",
        "a" + "." * 200_000 + "!",
        "./" + "a-1" * 60_000 + ".zip",
        "./" + "a-" * 100_000 + ".zip",
        "a\\\n" * 60_000,
        "${A" * 60_000,
        "a==1," * 40_000,
        "https://e.org/#" + "egg=&" * 40_000,
    ],
    ids=range(14),
)
def test_no_line_takes_long(text: str) -> None:
    """Some thousand times what an honest one takes; what is quadratic would take minutes."""
    requirements = parse_requirements(text)
    start = time.process_time()
    effective_lines(parse_requirements(text))
    remove_prohibited(requirements, ["a"])
    assert time.process_time() - start < 5
