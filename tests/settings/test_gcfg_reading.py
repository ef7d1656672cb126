"""The rules of a .gcfg file one by one, and what is said about one that breaks them."""

from __future__ import annotations

from typing import Any

import pytest

from pysteward.core.errors import SettingsError
from pysteward.core.settings import BUILT_IN_PROHIBITED, load


def problem_of(file: Any) -> SettingsError:
    with pytest.raises(SettingsError) as raised:
        load(file)
    return raised.value


def place(problem: SettingsError) -> tuple[int | None, int | None]:
    return problem.line, problem.column


def test_an_empty_file_sets_nothing(gcfg: Any) -> None:
    settings = load(gcfg(""))
    assert settings.format == "gcfg"
    assert not settings.enabled
    assert settings.environment_management
    assert settings.environment_creator == "virtualenv"
    assert settings.build_timeout == 3600
    assert all(origin.is_default for origin in settings.origins.values())


def test_one_byte_order_mark_is_skipped_and_a_second_is_an_error(gcfg: Any) -> None:
    assert load(gcfg(b"\xef\xbb\xbf[Python]\nEnabled\n")).enabled
    problem = problem_of(gcfg(b"\xef\xbb\xbf\xef\xbb\xbf[Python]\n"))
    assert problem.message.startswith("illegal character U+FEFF")


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b"[Python]\n; caf\xe9\nEnabled\n", (2, 6)),
        (b"[Python]\nExecutable = \xed\xa0\x80\n", (2, 14)),
        (b"[Python]\nExecutable = /opt/\xc3\xa9\xe2\x82", (2, 20)),
    ],
)
def test_bytes_that_are_no_utf_8_are_an_error_even_in_a_comment(
    content: bytes, where: tuple[int, int], gcfg: Any
) -> None:
    problem = problem_of(gcfg(content))
    assert place(problem) == where
    assert problem.message.startswith("illegal UTF-8 encoding")


def test_nul_is_an_error_wherever_it_is(gcfg: Any) -> None:
    assert place(problem_of(gcfg(b"[Python]\n# \0\n"))) == (2, 3)


def test_the_character_ahead_is_judged_before_what_it_ends(gcfg: Any) -> None:
    # Go's scanner has read the next line's first character when it hands a value over.
    problem = problem_of(gcfg(b"[Python]\nEnabled = maybe\n\0"))
    assert place(problem) == (3, 1)
    assert "NUL" in problem.message


def test_a_bad_bool_stops_the_reading_before_a_later_bad_syntax(gcfg: Any) -> None:
    problem = problem_of(gcfg("[Python]\nEnabled = maybe\n%\n"))
    assert place(problem) == (2, 11)
    assert problem.source == "Enabled = maybe"


def test_a_bad_policy_is_found_when_the_syntax_of_all_is_right(gcfg: Any) -> None:
    bogus = "[Python]\nVersionMatching = bogus\n"
    assert place(problem_of(gcfg(f"{bogus}%\n"))) == (3, 1)
    problem = problem_of(gcfg(bogus))
    assert place(problem) == (2, 19)
    assert "major-minor, exact, nearest" in problem.message


def test_of_two_policies_only_the_last_counts(gcfg: Any) -> None:
    text = "[Python]\nVersionMatching = bogus\nVersionMatching = NEAREST\n"
    assert load(gcfg(text)).version_matching == "nearest"


@pytest.mark.parametrize("text", ["true", "YES", "on", "1", '"tr"ue'])
def test_a_bool_has_four_names_for_true(text: str, gcfg: Any) -> None:
    assert load(gcfg(f"[Python]\nEnabled = {text}\n")).enabled


def test_a_bool_does_not_ignore_blanks_in_quotes(gcfg: Any) -> None:
    assert place(problem_of(gcfg('[Python]\nEnabled = " true "\n'))) == (2, 11)


def test_a_bare_name_is_true_empties_a_list_and_is_no_string(gcfg: Any) -> None:
    settings = load(gcfg("[Python]\nEnabled\nExecutable=/a\nExecutable\nExecutable=/b\n"))
    assert settings.enabled
    assert settings.executables == ("/b",)
    assert settings.origins["executables"].lines == (5,)
    assert place(problem_of(gcfg("[Python]\n VersionMatching\n"))) == (2, 2)
    assert place(problem_of(gcfg("[Applications]\nRunAs ; nobody\n"))) == (2, 1)


def test_names_are_folded_one_character_at_a_time(gcfg: Any) -> None:
    text = "[PYTHON]\nProhibitedPac\u212aage = a\nVer\u017fionMatching = exact\n"
    settings = load(gcfg(text))
    assert settings.prohibited_packages == ("a",)
    assert settings.version_matching == "exact"


def test_run_as_is_read_from_applications(gcfg: Any) -> None:
    settings = load(gcfg("[Applications]\nRunAs = alice\nOther = x\n[Python]\n"))
    assert settings.run_as == "alice"
    assert settings.warnings == ()


def test_unknown_names_warn_in_our_section_only(gcfg: Any) -> None:
    settings = load(gcfg("[Server]\nExecutables = x\n[Python]\nExecutables = /a\nWild = 1\n"))
    assert [(item.line, item.message) for item in settings.warnings] == [
        (4, "Executables is no setting of [Python]: Executable may be meant"),
        (5, "Wild is no setting of [Python]"),
    ]


def test_a_subsection_is_another_section_and_is_pointed_out(gcfg: Any) -> None:
    settings = load(gcfg('[Python "x"]\nEnabled = maybe\n[LDAP "x"]\n'))
    assert not settings.enabled
    assert [item.line for item in settings.warnings] == [1]


def test_an_executable_that_is_not_absolute_is_kept_and_pointed_out(gcfg: Any) -> None:
    settings = load(gcfg("[Python]\nExecutable = ~/py\nExecutable =\nExecutable = /opt/a\n"))
    assert settings.executables == ("~/py", "", "/opt/a")
    assert [item.line for item in settings.warnings] == [2, 3]


def test_prohibited_packages_add_to_the_built_in_list(gcfg: Any) -> None:
    settings = load(gcfg("[Python]\nProhibitedPackage = tensorflow\n"))
    assert settings.prohibited_packages == ("tensorflow",)
    assert settings.effective_prohibited == (*BUILT_IN_PROHIBITED, "tensorflow")


def test_a_bare_prohibited_package_clears_the_built_in_list(gcfg: Any) -> None:
    text = "[Python]\nProhibitedPackage = gone\nProhibitedPackage\nProhibitedPackage = a\n"
    settings = load(gcfg(text))
    assert settings.effective_prohibited == ("a",)
    assert settings.origins["builtin_prohibited_packages"].line == 3


def test_columns_count_characters(gcfg: Any) -> None:
    problem = problem_of(gcfg('[Python]\nExécutable = "\\q"\n'))
    assert place(problem) == (2, 16)
