"""The requirements file itself: its lines, its encoding, what it includes, its hashes."""

from __future__ import annotations

import re
from typing import Final

from ..rule import Hit, Layer, Rule, Story, rule
from .versions import requirement_in

_FROM: Final = re.compile(
    r"\(from (?:line (?P<line>\d{1,6}) of (?P<file>[^()]{1,300})|-[rc] (?P<file2>[^()]{1,300}) \(line (?P<line2>\d{1,6})\))\)"
)


def _uv_syntax(hit: Hit) -> Story:
    """uv names the file and the position, and quotes the line below the reason."""
    after = tuple(line for line in hit.after(6) if line.body.strip())
    reason = next(
        (
            found[1]
            for line in after
            if (found := re.match(r"(?:cause|Caused by): (.{1,200})", line.body))
        ),
        "",
    )
    quoted = next(
        (line.body.strip() for line in after if not re.match(r"cause|Caused|[\^~ ]+$", line.body)),
        "",
    )
    if _A_PATH.search(quoted):
        return _on_the_authors_disk(quoted)
    file = hit["file"].rsplit("/", 1)[-1]
    return Story(
        "requirements-syntax",
        f"A line of {file} is no requirement: {quoted[:150]}{f' ({reason})' if reason else ''}.",
        "Send the line to the content's author; nothing on this server is wrong.",
        "Correct that line: NAME==VERSION, with two equals signs, one requirement a line (PEP 508).",
        after[:3],
    )


def _place(hit: Hit) -> str:
    for line in (hit.line, *hit.after(4)):
        if found := _FROM.search(line.body):
            file = (found["file"] or found["file2"]).strip().rsplit("/", 1)[-1]
            return f"line {found['line'] or found['line2']} of {file}"
    return "a line of the requirements"


_A_PATH: Final = re.compile(r"^['\"]?(?:/|\.{1,2}/|[A-Za-z]:\\|file:)|@ ?(?:git\+)?file:")


def _syntax(hit: Hit) -> Story | None:
    what = hit["what"]
    if "setup command:" in hit.line.body:
        return None  # a package's own list, rules/scripts.py
    if _A_PATH.search(what):
        return _on_the_authors_disk(what.strip("'\""))
    place = _place(hit)
    return Story(
        "requirements-syntax",
        f"{place[0].upper() + place[1:]} is no requirement{f': {what[:150]}' if what else ''}.",
        "Send the line to the content's author; nothing on this server is wrong.",
        "Correct that line: NAME==VERSION, with two equals signs, one requirement a line (PEP 508).",
    )


def _local_path(hit: Hit) -> Story | None:
    path = hit["path"].strip("'\"")
    return None if _of_the_build(path) else _on_the_authors_disk(path)


def _on_the_authors_disk(path: str) -> Story:
    by_conda = (
        " (conda writes such lines; `pip list --format=freeze` does not)"
        if re.search(r"feedstock_root|/croot/|conda|/ci/|/work(?:/|$)|/bld/", path)
        else ""
    )
    return Story(
        "requirements-local-path",
        f"The requirements name {path[:200]}, a path on the author's own disk, which is not on this server.",
        f"Send the line to the content's author; nothing on this server is wrong{by_conda}.",
        f"Replace `NAME @ file:///…` and local paths by NAME==VERSION{by_conda}.",
    )


def _of_the_build(path: str) -> bool:
    """Paths that pip, virtualenv or the build made themselves."""
    return bool(
        re.search(
            r"/pip-|/tmp/(?!.*/(?:work|build)$)|/site-packages/|/dist-packages/|/bin/|/lib(?:64)?/python\d|\.dist-info|/wheels/|/python-environments/|/proc/|/dev/|/usr/|/etc/",
            path,
        )
    )


def _missing_file(hit: Hit) -> Story:
    path = hit["path"].strip("'\" ")
    return Story(
        "requirements-file-missing",
        f"The requirements or constraints file {path} is not there.",
        "Check that the bundle holds the file that its manifest names (python.package_manager.package_file).",
        f"Deploy again with {path.rsplit('/', 1)[-1]} among the files; a `-r` or `-c` line counts as well.",
    )


def _encoding(hit: Hit) -> Story | None:
    text = "\n".join(line.body for line in (*hit.before(8), hit.line, *hit.after(8)))
    if not re.search(
        r"req_file|requirements|_decode_req_file|auto_decode|\.txt|encoding\.py", text
    ):
        return None
    found = re.search(
        r"'(?P<codec>[\w-]{1,20})' codec can't decode byte (?P<byte>0x[0-9a-f]{2}) in position (?P<at>\d{1,9})",
        hit.line.body,
    )
    detail = f" (byte {found['byte']} at position {found['at']})" if found else ""
    return Story(
        "requirements-encoding",
        f"The requirements file is not UTF-8{detail}.",
        "Send it back to the content's author, or convert it (`iconv -f latin1 -t utf-8`).",
        "Save requirements.txt as UTF-8 (PowerShell: `pip freeze | Out-File -Encoding utf8 requirements.txt`).",
    )


def _hash_mismatch(hit: Hit) -> Story:
    after = hit.after(12)
    name, expected, got = "", "", ""
    for line in after:
        body = line.body
        if not name and (found := re.match(r"(\S{1,200}) from \S", body)):
            name = found[1]
        expected = expected or (body.split()[-1] if body.startswith("Expected ") else "")
        got = got or (body.split()[-1] if body.startswith("Got ") else "")
    name = name or hit["what"].strip(" `'")
    return Story(
        "hash-mismatch",
        f"The file that came for {name or 'a requirement'} is not the one whose hash the requirements give"
        f"{f' (expected {expected[:12]}…, got {got[:12]}…)' if expected and got else ''}.",
        "If the index is a mirror, compare its file with the original: a mirror that rebuilds files changes hashes, a tampered file does too. Clear pip's cache (`pip cache purge`) and build again.",
        "Make the hashes anew (`pip hash`, `pip-compile --generate-hashes`) from the index that the server uses.",
        after[:4],
    )


_WITHOUT_HASH: Final = re.compile(
    r"(?P<name>[A-Za-z0-9][\w.\[\],-]{0,100}(?:[<>=!~]{1,3}\S{1,100})?)(?: --hash=| from \S| \(from |$)"
)


def _hash_missing(hit: Hit) -> Story:
    names = [found["name"] for line in hit.after(6) if (found := _WITHOUT_HASH.match(line.body))]
    name = ", ".join(names[:3]) or hit["what"].strip(" `'")
    return Story(
        "hash-missing",
        f"Some requirements have a hash, so all must; {name or 'one'} has none, or is not pinned with ==.",
        "Send that to the content's author; nothing on this server is wrong.",
        "Give every requirement, those that others bring in included, a version and a hash (`pip-compile --generate-hashes`), or none.",
        hit.after(2),
    )


def _option(hit: Hit) -> Story:
    return Story(
        "requirements-syntax",
        f"The requirements hold an option that this pip does not know: {hit.line.body[:150].rstrip('.')}.",
        "Send the line to the content's author; a newer pip in the installation may know the option.",
        "Remove or correct that line of requirements.txt.",
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        ("Invalid requirement", "invalid requirement"),
        r"Invalid requirement:? ?(?P<what>[^(]{0,200})",
        _syntax,
    ),
    rule("InvalidRequirement", r"InvalidRequirement: (?P<what>.{1,200})", _syntax, Layer.SYMPTOM),
    rule(
        "Couldn't parse requirement in",
        r"Couldn't parse requirement in `?(?P<file>[^`]{1,300}?)`?(?: at position|$)",
        _uv_syntax,
    ),
    rule(
        ("Unsupported requirement in", "Expected package name", "Expected end or semicolon"),
        r"Unsupported requirement in |Expected (?:package name|end or semicolon)",
        _syntax,
    ),
    rule(
        "is not a valid editable requirement",
        r"(?P<what>\S{1,200}) is not a valid editable requirement",
        _syntax,
    ),
    rule(
        ("no such option", "unrecognized arguments", "Invalid option"),
        r"^(?:ERROR: |error: )?(?:Invalid option|.{0,120}error: (?:no such option|unrecognized arguments))|Usage: .{0,80}no such option",
        _option,
        Layer.SYMPTOM,
    ),
    rule(
        (
            "Could not open requirements file",
            "failed to read from file",
            "File not found: ",
            "Error while finding requirements",
        ),
        r"(?:Could not open requirements file: \[Errno 2\] No such file or directory: u?|Could not open requirements file \S{0,40}: ?|File not found: |failed to read from file )[`'\"]?(?P<path>[^'\"`]{1,400})",
        _missing_file,
    ),
    rule(
        "No such file or directory: '",
        r"No such file or directory: u?'(?P<path>[^']{0,300}(?:requirements|constraints)[^'/]{0,40}\.(?:txt|in))'",
        _missing_file,
    ),
    rule(
        ("No such file or directory: '", "No such file or directory: u'"),
        r"(?:due to an? (?:OSError|EnvironmentError|IOError)|OSError|FileNotFoundError|IOError|EnvironmentError): \[Errno 2\] No such file or directory: u?['\"](?P<path>(?:/|[A-Za-z]:\\\\)[^'\"]{1,400})['\"]",
        _local_path,
        Layer.SYMPTOM,
    ),
    rule(
        (
            "should either be a path to a local project",
            "Invalid requirement: '/",
            "which doesn't exist",
            "does not exist",
            "looks like a path. File",
            "istribution not found at",
            "is not a valid path",
            "Failed to read from the distribution",
        ),
        r"(?P<path>\S{1,400}) (?:should either be a path to a local project|is not a valid editable)|Requirement ['\"](?P<path2>[^'\"]{1,400})['\"] looks like a filename, but the file does not exist|[Dd]istribution not found at: (?P<path3>(?:file://)?/\S{1,400})|looks like a path\. (?:File|The path does exist).{0,40}",
        lambda hit: _some_path(hit),
    ),
    rule(
        "UnicodeDecodeError",
        r"UnicodeDecodeError: ",
        _encoding,
    ),
    rule(
        ("stream did not contain valid UTF-8", "not valid UTF-8", "invalid utf-8"),
        r"did not contain valid UTF-8|not valid UTF-8|invalid utf-8",
        lambda hit: _plain_encoding(hit),
    ),
    rule(
        ("DO NOT MATCH THE HASHES", "Hash mismatch for", "hash mismatch"),
        r"DO NOT MATCH THE HASHES|[Hh]ash mismatch for (?P<what>`?[^`]{1,150}`?)",
        _hash_mismatch,
    ),
    rule(
        (
            "Hashes are required in --require-hashes mode",
            "In --require-hashes mode",
            "hash-checking mode",
            "Can't verify hashes",
            "--require-hashes",
            "when requiring hashes",
        ),
        r"The editable requirement (?P<what2>\S{1,100}).{0,600} cannot be installed when requiring hashes|Hashes are required in --require-hashes mode|In (?:`)?--require-hashes(?:`)? mode, all require|Can't verify hashes for these|hash-checking mode|mode, all requirements must have a hash(?:, but none were provided for: (?P<what>.{1,100}))?",
        _hash_missing,
    ),
)


def _some_path(hit: Hit) -> Story:
    return _on_the_authors_disk((hit["path"] or "a local path").strip("'\"`"))


def _plain_encoding(hit: Hit) -> Story | None:
    text = "\n".join(line.body for line in (*hit.before(4), hit.line, *hit.after(2)))
    if ".txt" not in text and "equirements" not in text:
        return None
    return Story(
        "requirements-encoding",
        "The requirements file is not UTF-8.",
        "Send it back to the content's author, or convert it (`iconv -f latin1 -t utf-8`).",
        "Save requirements.txt as UTF-8.",
    )


__all__ = ["RULES", "requirement_in"]
