"""Taking prohibited packages out, and nothing else; and the lines that an identity rests on."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, strategies as st

from pysteward.core.bundles import (
    Filtered,
    effective_lines,
    open_bundle,
    parse_requirements,
    remove_prohibited,
)
from tests.support.bundles import BUNDLES


def without(data: bytes | str, *names: str) -> Filtered:
    return remove_prohibited(parse_requirements(data), names)


def left(text: str, *names: str) -> str:
    return without(text, *names).files["requirements.txt"].decode()


FORMS = [
    "pywin32",
    "PyWin32==306",
    "pywin32[extra] >=300,<400 # for Windows",
    "pywin32>=1;sys_platform=='win32'",
    "pywin32 ; sys_platform == 'win32'",
    "pywin32==306 --hash=sha256:1",
    "pywin32==306 \\\n    --hash=sha256:1 \\\n    --hash=sha256:2",
    "pywin32 (>=1.0)",
    "pywin32=306=py39",
    "pywin32 @ https://example.org/x.whl",
    "pywin32 @ file:///C:/build/pywin32",
    "pywin32@git+https://example.org/x.git@b306#subdirectory=y",
    "git+https://example.org/x.git#egg=pywin32",
    "https://example.org/pywin32-306-cp39-cp39-win32.whl",
    "https://example.org/pywin32-306.zip#sha256=1",
    "./dist/pywin32-306-cp39-cp39-win32.whl",
    "-e git+https://example.org/x.git#egg=pywin32",
    "--editable=git+https://example.org/x.git#egg=pywin32&subdirectory=y",
    "  pywin32  ",
]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_line_is_removed(form: str) -> None:
    filtered = without(f"flask>=2  # web\n{form}\r\n# end\nrequests", "pywin32")
    assert filtered.files["requirements.txt"] == b"flask>=2  # web\n# end\nrequests"
    assert filtered.skipped == ("pywin32",)


@pytest.mark.parametrize(
    "name", ["zope.interface", "Zope_Interface", "zope--interface", " zope-interface "]
)
def test_names_are_compared_after_normalisation(name: str) -> None:
    assert left("ZOPE.interface>=5\nzope\n", name) == "zope\n"


def test_other_packages_with_a_like_name_stay() -> None:
    text = "pywin32-ctypes\nmy-pywin32\npywin3\nx @ https://example.org/pywin32-1.zip\n"
    assert left(text, "pywin32") == text


def test_the_skipped_names_come_in_order_and_once() -> None:
    filtered = without("b\nappnope\na\nB_ \nappnope==1\nb>1\n", "appnope", "b")
    assert filtered.skipped == ("b", "appnope")


def test_a_file_without_them_stays_as_it_is() -> None:
    data = b"\xef\xbb\xbfflask\r\n\x0c# \xc3\xa9\n\n  requests  \\\n"
    assert without(data, "pywin32").files["requirements.txt"] == data


@pytest.mark.parametrize(
    "data",
    [
        codecs.BOM_UTF16_LE + "flask\npywin32\n# é\n".encode("utf-16-le"),
        codecs.BOM_UTF8 + "flask\npywin32\n# é\n".encode(),
        "# coding: latin-1\nflask\npywin32\n# é\n".encode("latin-1"),
        "flask\npywin32\n# é\n".encode("latin-1"),  # which pip cannot read, but stays as it is
    ],
)
def test_the_encoding_stays(data: bytes) -> None:
    width = 2 if data.startswith(codecs.BOM_UTF16_LE) else 1
    start = data.index("pywin32".encode("utf-16-le" if width == 2 else "ascii"))
    assert (
        without(data, "pywin32").files["requirements.txt"]
        == data[:start] + data[start + len("pywin32\n") * width :]
    )


def test_a_comment_does_not_become_a_coding_line() -> None:
    data = b"flask\npywin32\n# coding: latin-1\nrequests # \xc3\xa9\n"
    filtered = without(data, "pywin32").files["requirements.txt"]
    assert filtered == b"flask\n\n# coding: latin-1\nrequests # \xc3\xa9\n"


def test_they_are_removed_from_included_files_and_not_from_constraints() -> None:
    files = {
        "requirements.txt": b"-r more.txt\n-c limits.txt\nflask\n",
        "more.txt": b"pywin32\nrequests\n",
        "limits.txt": b"pywin32<300\n",
    }
    requirements = parse_requirements(files["requirements.txt"], read=files.get)
    filtered = remove_prohibited(requirements, ["pywin32"])
    assert filtered.files == files | {"more.txt": b"requests\n"}
    assert filtered.skipped == ("pywin32",)


def test_what_a_windows_author_lists_leaves_a_real_bundle() -> None:
    bundle = open_bundle(BUNDLES / "streamlit-plain.tar.gz")
    filtered = remove_prohibited(bundle.requirements(), ["pywin32", "appnope"])
    assert filtered.skipped == ("appnope", "pywin32")
    assert filtered.files["requirements.txt"] == b"streamlit\n"


names = st.sampled_from(["flask", "Pywin32", "py.win32", "appnope", "requests"])
tails = st.sampled_from(["", "==1", "[a]", " ; x", " # c", " \\\n --hash=sha256:1", "\t", "\\"])
ends = st.sampled_from(["\n", "\r\n", "\n\n", "\f", "\n# c\n", "\u2028"])


@given(st.lists(st.tuples(names, tails, ends).map("".join), max_size=8).map("".join))
def test_afterwards_none_is_left_and_the_rest_is_the_same(text: str) -> None:
    before = parse_requirements(text)
    filtered = remove_prohibited(before, ["pywin32", "appnope"])
    after = parse_requirements(filtered.files["requirements.txt"])
    unwanted = {"pywin32", "appnope"}
    assert not unwanted & set(after.packages)
    kept = [line.raw for line in before.lines() if line.name not in unwanted]
    assert [line.raw for line in after.lines()] == kept


# Effective lines


def effective(text: str) -> tuple[str, ...]:
    return effective_lines(parse_requirements(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("flask\n", "# web\n\n  Flask  # x\r\n"),
        ("a.b>=1,<2", "A_b  < 2 ,>= 1"),
        ("a[x,y]", "a [Y , x]"),
        ("a (>=1)", "a>=1"),
        ("a==1 --hash=sha256:1 --hash=sha256:2", "a==1 \\\n --hash sha256:2 \\\n --hash sha256:1"),
        ("a;python_version<'3'", 'a ; python_version  <  "3"'),
        ("a; python_version < '3' and os_name=='x'", "a;python_version<'3'  and os_name == 'x'"),
        ("-i https://e.org/simple", "--index-url=https://e.org/simple  # ours"),
        ("-e ./x", "--editable ./x"),
        ("--extra-index-url x", "--extra-i=x"),
    ],
)
def test_what_makes_no_difference_makes_none(one: str, other: str) -> None:
    assert effective(one) == effective(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a>=1", "a>=2"),
        ("a", "a[x]"),
        ("a", "a; python_version<'3'"),
        ("a; platform_version=='a b'", "a; platform_version=='a  b'"),
        ("a==1", "a==1 --hash=sha256:1"),
        ("a\nb", "b\na"),
        ("a", "--pre\na"),
        ("a", "-e ./a"),
        ("./a", "-e ./a"),
        ("a @ https://e.org/a-1.zip", "a @ https://e.org/a-2.zip"),
        ("-i https://one.org", "-i https://two.org"),
    ],
)
def test_what_makes_a_difference_makes_one(one: str, other: str) -> None:
    assert effective(one) != effective(other)


def test_lines_count_in_their_place_wherever_they_stand() -> None:
    files = {"more.txt": b"b\n", "limits.txt": b"c<2\n"}
    spread = parse_requirements("a\n-r more.txt\n-c limits.txt\nd\n", read=files.get)
    assert effective_lines(spread) == ("a", "b", "-c c<2", "d")


@given(st.text(max_size=40))
def test_no_text_has_no_canonical_form(text: str) -> None:
    lines = effective(text)
    assert effective("\n".join(f"{line}  # x" for line in lines)) == effective("\n".join(lines))
