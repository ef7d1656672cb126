"""Would the content that moves still install? Predicted before, compared after.

Each distinct list of requirements is asked about once for each Python, several at a time. A
prediction is kept as soon as it is made, so an interrupted preflight goes on where it was.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from ..bundles import (
    Bundle,
    Requirements,
    effective_lines,
    parse_requirements,
    remove_prohibited,
)
from ..diagnosis import KnownFacts, conda_list_of, diagnose_log, index_lines_of
from ..findings import Finding, finding_as_json
from ..frozen import frozen
from ..json_values import from_json
from ..resolution import Interrupted, Pip, ResolutionOutcome, resolve
from ..state import make_directory, write_whole
from ..times import now
from ..versions import PythonVersion

# Causes that say nothing about the requirements: the index could not be asked.
_NOT_ASKED: Final = frozenset(
    {"index-auth", "index-error", "index-not-an-index", "index-timeout", "index-unreachable"}
    | {"index-untrusted", "proxy-unreachable", "tls-certificate", "disk-full", "unknown"}
    | {"download-broken", "cancelled", "out-of-memory"}
)


@frozen
class PreflightQuestion:
    """One list of requirements and a Python to install it on.

    content: the names of all content that asks this.
    """

    requirements: Requirements
    python: PythonVersion
    content: tuple[str, ...]

    @property
    def key(self) -> str:
        """The same for the same effective lines on the same Python."""
        told = json.dumps([effective_lines(self.requirements), str(self.python)])
        return blake2b(told.encode(), digest_size=16).hexdigest()


@frozen
class PreflightAnswer:
    """What a preflight says of one question.

    packages, source_only, not_judged: as in `Resolution`. findings: why not, the cause first.
    """

    outcome: ResolutionOutcome
    packages: tuple[tuple[str, str], ...] = ()
    source_only: tuple[str, ...] = ()
    not_judged: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


@frozen
class Prediction:
    """What was predicted, when, and what really happened since.

    asked: RFC 3339. build: the build that put it to the test; None: none yet.
    happened: how that ended: ``succeeded``, or ``failed`` with the code of its cause.
    came_true: whether it ended as predicted; None where there was no build, or no prediction of
        its end (`needs-source-build` and `unknown` predict none).
    starts: content and what the start check of its first build on that Python found out, in pairs;
        content whose build made no check has none.
    """

    key: str
    python: PythonVersion
    content: tuple[str, ...]
    answer: PreflightAnswer
    asked: str
    build: str | None = None
    happened: str | None = None
    came_true: bool | None = None
    starts: tuple[tuple[str, str], ...] = ()

    @property
    def all_start(self) -> str | None:
        """``yes`` where all checked content starts, else the first other answer; None without a
        check."""
        answers = [answer for _, answer in self.starts]
        return next((each for each in answers if each != "yes"), answers[0] if answers else None)


def preflight_question(
    bundle: Bundle,
    prohibited: Sequence[str],
    python: PythonVersion,
    variables: Mapping[str, str] | None = None,
) -> PreflightQuestion:
    """Return what a bundle's move to a Python depends on.

    variables: what ``${NAME}`` stands for in its requirements, as pip will be told. Raises
    BundleError as its requirements do.
    """
    requirements = bundle.requirements(variables)
    filtered = remove_prohibited(requirements, prohibited)
    if filtered.removed and bundle.package_file is not None:
        requirements = parse_requirements(
            filtered.files[bundle.package_file],
            name=bundle.package_file,
            read=filtered.files.get,
            variables=variables,
        )
    return PreflightQuestion(requirements, python, (bundle.name,))


def merged(questions: Iterable[PreflightQuestion]) -> tuple[PreflightQuestion, ...]:
    """Return each distinct question once, with all the content that asks it."""
    found: dict[str, PreflightQuestion] = {}
    for asked in questions:
        same = found.get(asked.key)
        names = (*(same.content if same else ()), *asked.content)
        found[asked.key] = PreflightQuestion(
            asked.requirements, asked.python, tuple(dict.fromkeys(names))
        )
    return tuple(found.values())


def answer_question(asked: PreflightQuestion, pip: Pip) -> PreflightAnswer:
    """Ask pip and the index, and find out why where it fails.

    Raises OSError where pip cannot be started, Interrupted where it was ended.
    """
    found = resolve(asked.requirements, asked.python, pip)
    answer = PreflightAnswer(found.outcome, found.packages, found.source_only, found.not_judged)
    if found.logs is None:
        return answer
    texts = {file.name: file.data for file in asked.requirements.files}
    diagnosis = diagnose_log(
        found.logs.output,
        source="pip",
        debug_log=found.logs.full,
        context=KnownFacts(
            python=str(asked.python),
            index_lines=index_lines_of(texts),
            conda_list=conda_list_of(texts),
        ),
    )
    cause = diagnosis.cause
    is_answer = cause is not None and cause.code not in _NOT_ASKED
    return replace(answer, outcome="fails" if is_answer else "unknown", findings=diagnosis.findings)


def predict(
    questions: Sequence[PreflightQuestion],
    kept: Path,
    pip: Pip,
    *,
    at_once: int,
    afresh: bool = False,
) -> Generator[Prediction]:
    """Ask what is not kept yet; predictions come as they are made, kept ones at once.

    kept: the directory of predictions. at_once: how many questions. again: ask again what is kept,
    since an index changes. A caller that stops listening, or ends this pip, ends what still runs.
    Raises OSError.
    """
    waiting: list[PreflightQuestion] = []
    for asked in questions:
        known = None if afresh else _read(kept / f"{asked.key}.json")
        if known is None or known.answer.outcome == "unknown":
            waiting.append(asked)
        else:
            yield _asked_by(kept, known, asked.content)
    with ThreadPoolExecutor(max_workers=max(1, at_once)) as pool:
        running = {pool.submit(answer_question, asked, pip): asked for asked in waiting}
        try:
            for done in as_completed(running):
                asked = running[done]
                prediction = Prediction(
                    asked.key, asked.python, asked.content, done.result(), now()
                )
                _keep(kept, prediction)
                yield prediction
        except Interrupted:
            return
        finally:  # also where no caller listens any more
            for future in running:
                future.cancel()
            if not all(future.done() for future in running):
                pip.end()


def compare(
    kept: Path,
    key: str,
    build: str,
    succeeded: bool,
    cause: str | None = None,
) -> Prediction | None:
    """Compare a prediction with a build that was made since; None where there was no prediction.

    key: of the question. cause: the code of the root cause of a failure. Raises OSError.
    """
    known = _read(kept / f"{key}.json")
    if known is None:
        return None
    came_true = {"installs": succeeded, "fails": not succeeded}.get(known.answer.outcome)
    happened = "succeeded" if succeeded else f"failed: {cause}" if cause else "failed"
    settled = replace(known, build=build, happened=happened, came_true=came_true)
    _keep(kept, settled)
    return settled


def note_start(kept: Path, key: str, content: str, starts: str) -> None:
    """Note what the start check of one content's build found out. Raises OSError."""
    known = _read(kept / f"{key}.json")
    if known is not None and content not in dict(known.starts):
        _keep(kept, replace(known, starts=(*known.starts, (content, starts))))


def _asked_by(kept: Path, known: Prediction, content: tuple[str, ...]) -> Prediction:
    """Return a kept prediction, with content that asks the same since."""
    names = tuple(dict.fromkeys((*known.content, *content)))
    if names == known.content:
        return known
    grown = replace(known, content=names)
    _keep(kept, grown)
    return grown


def list_predictions(kept: Path) -> tuple[Prediction, ...]:
    """Return all that are kept, the newest first; a damaged file is none."""
    read = (_read(path) for path in kept.glob("*.json"))
    found = [prediction for prediction in read if prediction is not None]
    return tuple(sorted(found, key=lambda prediction: prediction.asked, reverse=True))


def prediction_as_json(prediction: Prediction) -> dict[str, Any]:
    """Return a prediction as files and the command line have it."""
    answer = prediction.answer
    return {
        "key": prediction.key,
        "python": str(prediction.python),
        "content": list(prediction.content),
        "outcome": answer.outcome,
        "packages": [f"{name}=={version}" for name, version in answer.packages],
        "source_only": list(answer.source_only),
        "not_judged": list(answer.not_judged),
        "findings": [finding_as_json(finding) for finding in answer.findings],
        "asked": prediction.asked,
        "build": prediction.build,
        "happened": prediction.happened,
        "came_true": prediction.came_true,
        "starts": prediction.all_start,
        "starts_by_content": dict(prediction.starts),
    }


def _keep(directory: Path, prediction: Prediction) -> None:
    make_directory(directory)
    data = json.dumps(prediction_as_json(prediction), indent=1).encode()
    write_whole(directory / f"{prediction.key}.json", data)


def _read(path: Path) -> Prediction | None:
    try:
        told = json.loads(path.read_bytes())
        pairs = (text.partition("==") for text in told["packages"])
        answer = PreflightAnswer(
            told["outcome"],
            tuple((name, version) for name, _, version in pairs),
            tuple(told["source_only"]),
            tuple(told["not_judged"]),
            from_json(tuple[Finding, ...], told["findings"]),
        )
        return Prediction(
            told["key"],
            PythonVersion.parse(told["python"]),
            tuple(told["content"]),
            answer,
            told["asked"],
            told["build"],
            told["happened"],
            told["came_true"],
            tuple(from_json(dict[str, str], told.get("starts_by_content", {})).items()),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
