"""What the first pysteward, 0.1.0, has written, and what it answered when asked about that.

It is asked through the command line alone, so that this holds whatever becomes of the modules.
`python -m tests.support.old_formats` writes the answers down; it was run once, by 0.1.0.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WRITTEN = Path(__file__).parent.parent / "data" / "written-by-0.1.0"
ANSWERS = WRITTEN / "answers.json"

VARIES = "<varies>"
"""In an answer: a text that is another one each time, such as the time of the question, or a
sentence that is made anew, and may be worded better."""

_STORED = ("content", "builds", "upgrade --status", "upgrade --predictions", "upgrade --abandon")
"""What these commands say stands in what was written, each word of it."""

_SENTENCES = ("message", "why", "reason", "cause", "remedy")

PLANS = ("finished", "running", "stopped", "abandoned", "killed")

_INSTALLED = ("--installed", "3.8.18,3.9.18,3.11.7,3.13.0")


@dataclass(frozen=True)
class Question:
    """One command. plan: which upgrade is the last one in the state directory.

    arguments: `{here}` stands for the directory into which all was copied.
    """

    arguments: tuple[str, ...]
    plan: str = "killed"

    @property
    def name(self) -> str:
        plan = "" if self.plan == "killed" else f" ({self.plan})"
        return " ".join(self.arguments) + plan


@dataclass(frozen=True)
class Answer:
    """status: the exit status. document: the JSON, or the lines of what is no JSON."""

    status: int
    document: Any


def copy(directory: Path, plan: str) -> Path:
    """Copy what was written into a new directory, as a state directory has to be: for its owner."""
    shutil.copytree(WRITTEN, directory, ignore=shutil.ignore_patterns("answers.json", "README.md"))
    state = directory / "state"
    shutil.rmtree(state / "upgrades")
    shutil.copytree(directory / "upgrades" / plan, state / "upgrades")
    for path in directory.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return directory


def ask(question: Question, directory: Path) -> Answer:
    """Run the command on a copy; the directory's name in the answer becomes `{here}`."""
    arguments = [argument.replace("{here}", str(directory)) for argument in question.arguments]
    if "--config" not in arguments:
        arguments += ["--config", str(directory / "settings" / "pysteward.toml")]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pysteward.tui",
            *arguments,
            "--state-dir",
            str(directory / "state"),
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**os.environ, "TZ": "UTC", "LC_ALL": "C.UTF-8"},
        timeout=120,
        check=False,
    )
    text = done.stdout.decode().replace(str(directory), "{here}")
    document = json.loads(text) if "--json" in arguments else text.splitlines()
    return Answer(done.returncode, document)


def differences(was: Any, now: Any, where: str = "") -> Iterator[str]:
    """Where an answer is not what it was; fields may have been added to objects."""
    if was == VARIES:
        if not isinstance(now, str):
            yield f"{where}: some text became {now!r}"
    elif isinstance(was, dict) and isinstance(now, dict):
        for name, value in was.items():
            if name in now:
                yield from differences(value, now[name], f"{where}.{name}")
            else:
                yield f"{where}.{name}: is gone"
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for number, pair in enumerate(zip(was, now, strict=True)):
            yield from differences(*pair, f"{where}[{number}]")
    elif was != now or type(was) is not type(now):
        yield f"{where}: {was!r} became {now!r}"


def answers() -> list[tuple[Question, Answer]]:
    """What 0.1.0 was asked, and what it said."""
    told = json.loads(ANSWERS.read_text("utf-8"))
    return [
        (Question(tuple(each["arguments"]), each["plan"]), Answer(each["status"], each["answer"]))
        for each in told
    ]


# Writing the answers down.


def questions() -> Iterator[Question]:
    """All that is worth asking about the copy."""
    for arguments in (
        ("content", "--json"),
        ("builds", "--json"),
        ("environments", "--json"),
        ("environments", "prune", "--json"),
        ("installations", "--json"),
        ("upgrade", "--predictions", "--json"),
        ("upgrade", "--add", "3.12.4", "--remove", "3.8", "--json", *_INSTALLED),
        ("upgrade", "--matching", "exact", "--json", *_INSTALLED),
    ):
        yield Question(arguments)
    for plan in PLANS:
        yield Question(("upgrade", "--status", "--json"), plan)
    yield Question(("upgrade", "--abandon", "--json"), "stopped")
    yield Question(("upgrade", "--abandon", "--json"), "killed")
    for record in sorted((WRITTEN / "state" / "builds").glob("2*")):
        yield Question(("builds", "show", record.name, "--json"))
        yield Question(("builds", "log", record.name))
    for row in ask_copy(Question(("content", "--json"))).document["content"]:
        yield Question(("content", "show", row["name"], "--json"))
    for row in ask_copy(Question(("environments", "--json"))).document["environments"]:
        yield Question(("environments", "show", row["id"], "--json"))
    for name in ("all.toml", "all.gcfg", "from.toml", "converted.gcfg", "converted.toml"):
        config = ("--config", f"{{here}}/settings/{name}")
        yield Question(("config", "show", "--json", *config))
        yield Question(("config", "check", "--json", *config))
        yield Question(("config", "convert", *config))
    for path in sorted((WRITTEN / "scenarios").iterdir()):
        yield Question(("scenario", f"{{here}}/scenarios/{path.name}", "--json"))
    for path in sorted((WRITTEN / "documents").glob("*.tar.gz")):
        yield Question(("diagnose", f"{{here}}/documents/{path.name}", "--json"))
    for path in sorted((WRITTEN / "state" / "bundles").iterdir()):
        bundle = f"{{here}}/state/bundles/{path.name}"
        yield Question(("match", "--bundle", bundle, "--json", *_INSTALLED))


def ask_copy(question: Question) -> Answer:
    with tempfile.TemporaryDirectory() as name:
        return ask(question, copy(Path(name, "copy"), question.plan))


def _both(first: Any, second: Any) -> Any:
    """What two answers to the same question have in common."""
    if isinstance(first, dict) and isinstance(second, dict):
        assert first.keys() == second.keys()
        return {name: _both(value, second[name]) for name, value in first.items()}
    if isinstance(first, list) and isinstance(second, list):
        return [_both(*pair) for pair in zip(first, second, strict=True)]
    if first != second:
        assert isinstance(first, str), (first, second)
        return VARIES
    return first


def _without_sentences(document: Any) -> Any:
    if isinstance(document, list):
        return [_without_sentences(each) for each in document]
    if isinstance(document, dict):
        return {
            name: VARIES if name in _SENTENCES and value else _without_sentences(value)
            for name, value in document.items()
        }
    return document


def main() -> None:
    told = []
    for question in questions():
        first, second = ask_copy(question), ask_copy(question)
        assert first.status == second.status != 2, question.name
        told.append(
            {
                "arguments": question.arguments,
                "plan": question.plan,
                "status": first.status,
                "answer": _both(first.document, second.document)
                if question.name.startswith(_STORED)
                else _without_sentences(_both(first.document, second.document)),
            }
        )
    ANSWERS.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
