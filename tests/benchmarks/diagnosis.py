"""How right and how fast the diagnosis is.

    python -m tests.benchmarks.diagnosis

Right, wrong, unknown and blamed (a success with a cause) are counted on the logs of
``data/failures/unseen``: for each part of that collection, then with one kind of failure left out
at a time. Left out means that the rules which know no log of another kind are taken away: what is
still right there was not learned by heart, and what is wrong is worse than unknown.

Speed is the processor's time for 100 MB; the promise is 3 seconds and 60 MB of memory. Each kind of
log is read in a process of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from pysteward.core.diagnosis import Diagnosis, KnownFacts
from pysteward.core.diagnosis.log_lines import Log
from pysteward.core.diagnosis.log_reader import read_log
from pysteward.core.diagnosis.root_cause import find_root_cause
from pysteward.core.diagnosis.rule import BuildLogs, Rule
from pysteward.core.diagnosis.rules import RULES
from tests.benchmarks.promises import Promise, finish

DATA = Path(__file__).parents[1] / "data" / "failures"
UNSEEN = DATA / "unseen"
ANSWERS = ("right", "wrong", "unknown", "blamed")

READ = """
import io, json, sys, time
from pysteward.core.diagnosis import diagnose_log

class Endless(io.RawIOBase):
    lines = sys.stdin.buffer.read()
    block = lines * max(1, 1_000_000 // len(lines))
    left = 100_000_000 // len(block)

    def read(self, size=-1):
        self.left -= 1
        return self.block if self.left >= 0 else b""

begun = time.process_time()
diagnosis = diagnose_log(Endless())
took = time.process_time() - begun
peak = int(dict(l.split(":", 1) for l in open("/proc/self/status"))["VmHWM"].split()[0])
print(json.dumps([took, peak / 1024, diagnosis.outcome]))
"""

KINDS = {
    "a copying build": b"      copying thing/a.py -> build/lib/thing\n" * 1000,
    "compiler commands": b"gcc -Wall -O3 -Werror -fPIC -c src/a.c -o build/src/a.o\n" * 1000,
    "nothing but errors": b"ERROR: x\n" * 1000,
    "empty lines": b"\n" * 1000,
    "progress bars": b"\r   42% |####    | 12.3 kB" * 1000,
    "failures": (DATA / "rust_missing_cryptography_py311.log").read_bytes(),
    "pip's own log": (DATA / "requires_python_excludes_py37.debug.log").read_bytes(),
}


class Known(NamedTuple):
    """A log and what is right of it."""

    log: Log
    codes: frozenset[str]
    kind: str
    outcome: str
    part: str
    named: tuple[str, ...]


def known_logs() -> list[Known]:
    rows = (line.split("\t") for line in (UNSEEN / "expected.tsv").read_text().splitlines()[1:])
    return [
        Known(
            read_log(UNSEEN / log, log), frozenset(codes.split("|")), kind, outcome, part,
            tuple(word.lower() for word in named.split(";") if word),
        )
        for log, codes, kind, outcome, part, named, _never in rows
    ]  # fmt: skip


def answer(known: Known, rules: Sequence[Rule]) -> str:
    """One of ``ANSWERS``."""
    diagnosis = find_root_cause(BuildLogs(known.log, None, KnownFacts()), rules)
    cause = diagnosis.cause
    if known.outcome not in ("failed", "cancelled"):
        return "blamed" if cause else "right" if diagnosis.outcome == known.outcome else "wrong"
    if cause is None or (cause.code == "unknown" and "unknown" not in known.codes):
        return "unknown"
    return "right" if cause.code in known.codes and _names(diagnosis, known) else "wrong"


def _names(diagnosis: Diagnosis, known: Known) -> bool:
    found = diagnosis.findings[0]
    told = [found.cause, found.remedy, found.author_remedy or ""]
    if found.code == "unknown":
        told += [line.text for line in found.evidence]  # it can do no more than quote
    text = " ".join(told).lower()
    return all(word in text for word in known.named)


def written_for(kind: str, logs: Iterable[Known], others: Iterable[Log]) -> list[Rule]:
    """The rules that know a log of that kind and none of any other."""
    of_kind = [known.log for known in logs if known.kind == kind]
    rest = [known.log for known in logs if known.kind != kind] + list(others)
    used = [rule for rule in RULES if any(_knows(rule, log) for log in of_kind)]
    return [rule for rule in used if not any(_knows(rule, log) for log in rest)]


def _knows(rule: Rule, log: Log) -> bool:
    case = BuildLogs(log)
    return any(rule.try_on(case, log, index) for index in range(len(log.lines)))


def tell(name: str, counted: Counter[str]) -> None:
    total = sum(counted.values())
    share = 100 * counted["right"] / total if total else 0
    numbers = "  ".join(f"{word} {counted[word]:3}" for word in ANSWERS)
    print(f"{name:28} {total:4} logs  {numbers}  {share:5.1f} % right")


def measure_answers() -> list[Promise]:
    logs = known_logs()
    promises: list[Promise] = []
    for part in sorted({known.part for known in logs}):
        answers = Counter(answer(known, RULES) for known in logs if known.part == part)
        tell(part, answers)
        amiss = 100 - 100 * answers["right"] / sum(answers.values())
        promises.append(Promise(f"{part}, not right", amiss, 10, "%"))
    others = [read_log(path, path.name) for path in sorted(DATA.glob("*.log"))]
    without: Counter[str] = Counter()
    for kind in sorted({known.kind for known in logs} - {"ok", "unknown"}):
        left_out = written_for(kind, logs, others)
        rules = [rule for rule in RULES if rule not in left_out]
        answers = Counter(answer(known, rules) for known in logs if known.kind == kind)
        without += answers
        tell(f"  without {kind}", answers)
    tell("each kind left out", without)
    return promises


def measure_speed() -> list[Promise]:
    promises: list[Promise] = []
    for name, lines in KINDS.items():
        done = subprocess.run(
            [sys.executable, "-c", READ], input=lines, capture_output=True, check=True
        )
        seconds, megabytes, outcome = json.loads(done.stdout)
        print(f"{name:20} {seconds:5.2f} s  {megabytes:4.0f} MB  {outcome}")
        promises += [
            Promise(f"{name}, 100 MB of it", seconds, 3, "s"),
            Promise(f"{name}, memory", megabytes, 60, "MB"),
        ]
    return promises


def main(_given: Sequence[str]) -> list[Promise]:
    return [*measure_answers(), *measure_speed()]


if __name__ == "__main__":
    finish(main(sys.argv[1:]))
