"""What tools say in other languages is understood as what they say in English."""

from __future__ import annotations

import pytest

from pysteward.core.diagnosis import diagnose_log
from pysteward.core.diagnosis.translations import (
    LANGUAGES,
    Language,
    in_english,
    telling_in,
)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.marks[0])
def test_every_phrase_holds_a_mark_by_which_its_language_is_noticed(language: Language) -> None:
    for foreign, _ in language.phrases:
        assert any(mark in foreign for mark in language.marks), foreign


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.marks[0])
def test_every_phrase_is_looked_for_and_turned_into_english(language: Language) -> None:
    for foreign, english in language.phrases:
        line = f"x.c:1:2: {foreign}y"
        assert english.strip() in in_english(line), foreign
        assert any(phrase in line.encode() for phrase in telling_in(line.encode())), foreign


@pytest.mark.parametrize(
    "english",
    [
        "  Downloading six-1.16.0-py2.py3-none-any.whl (11 kB)",
        "x.c:1:10: fatal error: libpq-fe.h: No such file or directory",
        "     ━━━━━━━━━━━━━━━━━━━━━━━━ 56.3/56.3 MB 125.2 MB/s eta 0:00:00",
        "A note on fouts and Brakes: inexistent.",
    ],
)
def test_english_stays_as_it_is(english: str) -> None:
    assert in_english(english) == english


def test_a_space_that_does_not_break_is_a_space() -> None:
    log = "x.c:1:10: erreur fatale: sql.h\u00a0: Aucun fichier ou dossier de ce type\n"
    (found,) = diagnose_log(log.encode()).findings
    assert found.code == "system-header-missing"
    assert "sql.h" in found.cause
    assert found.evidence[0].text == log.rstrip()


def test_a_line_that_uv_broke_is_read_whole() -> None:
    log = (
        "  × Failed to build `thing==1.2`\n"
        "      [stderr]\n"
        "      error: failed to parse lock file at: /srv/src/rustlock/Cargo.lock\n"
        "        lock file version `9` was found, but this version of Cargo does not\n"
        "      understand this lock file, perhaps Cargo needs to be updated?\n"
    )
    found = diagnose_log(log.encode()).findings[0]
    assert found.code == "rust-missing"
    assert [line.line for line in found.evidence] == [4]
