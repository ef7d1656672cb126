"""A server without pysteward: its Pythons, each asked by a script for `sh` what it is."""

from __future__ import annotations

import re
import secrets
import shlex

from ...installations import Installation, judge_answer, question_of
from .connection import Connection, marked

_MOST_PYTHONS = 100

_SCRIPT = """\
umask 022
probe={probe}
limit=
command -v timeout >/dev/null 2>&1 && limit='timeout 5'
seen='
'
newline='
'
try() {{
    [ -f "$1" ] && [ -x "$1" ] || return 0
    real=$(readlink -f "$1" 2>/dev/null) || real=$1
    [ -n "$real" ] || real=$1
    case $real in */pyenv|*/mise|*/asdf) return 0 ;; esac
    [ -e "${{1%/bin/*}}/pyvenv.cfg" ] && return 0
    case $seen in *"$newline$real$newline"*) return 0 ;; esac
    seen="$seen$real$newline"
    printf '\\n%s %s\\n' {found} "$1"
    $limit "$1" -E -s -B -c "$probe" </dev/null 2>&1
}}
look() {{
    case $1 in */shims) return 0 ;; esac
    for each in "$1"/python3 "$1"/python "$1"/python2 "$1"/python[23].[0-9] \\
        "$1"/python[23].[0-9][0-9]; do try "$each"; done
}}
for directory in /opt/python/*/bin /opt/Python/*/bin /opt/local/python/*/bin /usr/local/bin \\
    /usr/bin "${{PYENV_ROOT:-$HOME/.pyenv}}"/versions/*/bin "$HOME"/.local/share/uv/python/*/bin \\
    "$HOME"/miniconda3/bin "$HOME"/anaconda3/bin "$HOME"/miniforge3/bin /opt/conda/bin \\
    "$HOME"/.asdf/installs/python/*/bin "$HOME"/.local/share/mise/installs/python/*/bin; do
    look "$directory"
done
IFS=:
for directory in $PATH; do
    unset IFS
    case $directory in /*) look "$directory" ;; esac
done
"""


def read_pythons(connection: Connection, seconds: float) -> tuple[tuple[Installation, ...], bool]:
    """Return the Pythons of a server in the order of their places, and whether that is all.

    seconds: until the answer; interpreters that had not answered then are left out.
    Raises RemoteError.
    """
    found, asked, mark = (secrets.token_hex(12) for _ in range(3))
    script = _SCRIPT.format(found=found, probe=shlex.quote(question_of(asked)))
    answer = connection.feed(marked(script, mark), seconds, mark=mark)
    parts = re.split(rb"\n%s ([^\n]{1,4096})\n" % found.encode(), answer.output)
    pairs = list(zip(parts[1::2], parts[2::2], strict=True))
    is_complete = answer.status is not None
    if not is_complete:
        pairs = pairs[:-1]  # the one that is being asked
    pythons = [
        judge_answer(path.decode("utf-8", "replace"), output, asked)
        for path, output in pairs[:_MOST_PYTHONS]
    ]
    return tuple(pythons), is_complete and len(pairs) <= _MOST_PYTHONS
