"""Diagnose one log, or all logs of a directory."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from ..file_io import open_regular
from .log_reader import read_log
from .model import Diagnosis, KnownFacts, diagnosis_as_json
from .root_cause import find_root_cause
from .rule import BuildLogs
from .rules import RULES

MOST_LOGS: Final = 10_000

# Files beside logs that are none: archives, pictures, what programs compiled.
_NO_LOGS: Final = frozenset(
    {".gz", ".tgz", ".zip", ".whl", ".xz", ".bz2", ".tar", ".png", ".jpg", ".svg", ".pdf", ".pyc"}
    | {".so", ".db", ".sqlite", ".tsv", ".csv", ".py", ".md", ".toml"}
)
_PIP_LOGS: Final = (".debug.log", ".pip.log")


@dataclass(frozen=True, slots=True)
class LogDiagnosis:
    """One log of a directory. diagnosis: None where it cannot be read; why says why not."""

    name: str
    diagnosis: Diagnosis | None
    why: str = ""


def diagnose_log(
    stream_or_path: BinaryIO | str | Path | bytes,
    *,
    source: str = "log",
    debug_log: BinaryIO | str | Path | bytes | None = None,
    debug_source: str = "pip.log",
    context: KnownFacts | None = None,
) -> Diagnosis:
    """Return the outcome that a build's log shows, and the findings in it.

    stream_or_path: a path, an open binary stream (read to its end), or the bytes themselves.
    source, debug_source: the name of each log in evidence.
    debug_log: pip's full log (``--log``) of the same build: it tells what pip does not print.
    context: what is known besides; None means nothing.

    Raises: OSError where a log cannot be read.
    """
    log = read_log(stream_or_path, source)
    debug = None if debug_log is None else read_log(debug_log, debug_source)
    return find_root_cause(BuildLogs(log, debug, context or KnownFacts()), RULES)


def diagnose_directory(path: str | Path) -> Iterator[LogDiagnosis]:
    """Yield the diagnosis of each log below a directory, in the order of their names.

    Hidden files, archives, pictures and the like are passed over. ``NAME.debug.log`` or
    ``NAME.pip.log`` beside ``NAME.log`` is taken for pip's full log of the same build. Links and
    what is no regular file are not followed. At most 10,000 logs are read.

    Raises: OSError where the directory cannot be listed.
    """
    directory = Path(path)
    files = _files(directory)
    known = set(files)
    for file in files[:MOST_LOGS]:
        base = next((file.removesuffix(end) for end in _PIP_LOGS if file.endswith(end)), None)
        if base is not None and f"{base}.log" in known:
            continue
        debug = next(
            (f for end in _PIP_LOGS if (f := file.removesuffix(".log") + end) in known), None
        )
        yield _one(directory, file, debug if file.endswith(".log") else None)


def _files(directory: Path) -> list[str]:
    names: list[str] = []
    for parent, directories, files in os.walk(directory, onerror=_raise):
        directories[:] = [name for name in directories if not name.startswith(".")]
        for name in files:
            if not name.startswith(".") and os.path.splitext(name)[1].lower() not in _NO_LOGS:
                names.append(os.path.relpath(os.path.join(parent, name), directory))
    return sorted(names)


def _raise(problem: OSError) -> None:
    raise problem


def _one(directory: Path, name: str, debug: str | None) -> LogDiagnosis:
    try:
        with _opened(directory / name) as log:
            if debug is None:
                return LogDiagnosis(name, diagnose_log(log, source=name))
            with _opened(directory / debug) as full:
                diagnosis = diagnose_log(log, source=name, debug_log=full, debug_source=debug)
                return LogDiagnosis(name, diagnosis)
    except OSError as problem:
        return LogDiagnosis(name, None, problem.strerror or str(problem))


def _opened(path: Path) -> BinaryIO:
    return os.fdopen(open_regular(path), "rb")


def directory_as_json(logs: Sequence[LogDiagnosis]) -> Mapping[str, Any]:
    """Return the diagnoses of a directory as the command line's JSON has them."""
    outcomes = [one.diagnosis.outcome if one.diagnosis else "unreadable" for one in logs]
    return {
        "logs": [
            {"file": one.name, "error": one.why}
            if one.diagnosis is None
            else {"file": one.name, **diagnosis_as_json(one.diagnosis)}
            for one in logs
        ],
        "outcomes": {outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))},
    }
