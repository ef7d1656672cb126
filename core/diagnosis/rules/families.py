"""Families of failures, known by the form of a sentence, not by the words of one tool.

A sentence that says of what kind a thing is (a header, a library, a program, a variable, a file) and
that it is not there means the same whichever tool says it. Such rules come last and say nothing of a thing
whose kind the sentence does not tell; then ``unexplained`` quotes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from ..facts import python_of
from ..module_names import STARTERS, distribution_of
from ..rule import Explanation, Layer, LineMatch, Rule
from .content import SEND, package_of_frame, raised_at
from .headers import header_missing
from .libraries import library_missing, shared_object_missing
from .shared import AUTHOR_WHEEL, built, in_build, is_trial
from .speakers import Speaker, came_up_later, goes_on, is_started, may_run, speaker_of

# That something is not there, before its name and after it.
_LACKS: Final = (
    r"(?:[Cc]ould not|[Cc]ouldn't|[Cc]annot|[Cc]an't|[Uu]nable to|[Ff]ailed to|[Dd]id not) (?:find|locate|load|open|import|read|access)|"
    r"[Nn]o such|[Mm]issing|MISSING|[Uu]ndefined|[Uu]nknown|[Nn]ot found:?"
)
_IS_ABSENT: Final = (
    r"(?:is|was|are|were|be)?\s?(?:not (?:found|set|defined|installed|available|present|provided|configured|specified)|missing|undefined|unset|required|empty)|"
    r"does(?: not|n't) exist|must be (?:set|defined|installed|provided|specified)|needs to be (?:set|installed|defined)|not found"
)

_VARIABLE: Final = re.compile(
    rf"(?:{_LACKS}|[Pp]lease (?:set|define|provide)|[Ss]et|[Ee]xpected) (?:the |a |an |your |required |mandatory )*(?:value (?:for|of) )?(?:the )?(?:env(?:ironment)?(?:[ ._-](?:var(?:iable)?s?|key))?|secret|setting|variable)s?:? ?['\"`$(\[]{{0,3}}(?P<name>[A-Z][A-Z0-9_]{{2,60}})\b|"
    rf"(?:[Ee]nv(?:ironment)?(?:[ ._-]var(?:iable)?s?)?|[Ss]ecret|[Ss]etting|[Vv]ariable):? ['\"`$]?(?P<name2>[A-Z][A-Z0-9_]{{2,60}})['\"`]? (?:{_IS_ABSENT})|"
    rf"(?:^|[\s'\"`$])(?P<name3>[A-Z][A-Z0-9]{{1,40}}_[A-Z0-9_]{{1,40}})['\"`]? (?:(?:environment |env )(?:variable |var )?)?(?:{_IS_ABSENT})"
)
_HEADER: Final = re.compile(
    rf"(?:{_LACKS}) (?:the )?(?:header(?: file)? )?['\"`<]?(?P<header>[\w/.+-]{{1,80}}\.(?:h|hpp|hxx))\b|"
    rf"(?:^|[\s'\"`<])(?P<header2>[\w/.+-]{{1,80}}\.(?:h|hpp|hxx))['\"`>]?:? (?:header )?(?:{_IS_ABSENT})"
)
_LIBRARY: Final = re.compile(
    rf"(?:{_LACKS}|needs?|requires?) (?:the |a )?(?:required |native |system |shared |dynamic |C )*librar(?:y|ies):? ['\"`<]?(?P<library>lib[\w.+-]{{1,60}}|[\w+-]{{1,40}}\.so[\w.]{{0,12}})|"
    rf"(?:{_LACKS}) ['\"`]?(?P<library2>lib[\w+-]{{1,60}}\.so[\w.]{{0,12}})\b|"
    rf"(?:^|[\s'\"`])(?P<library3>lib[\w+-]{{1,60}}\.so[\w.]{{0,12}})['\"`]?:? (?:{_IS_ABSENT}|cannot be (?:loaded|opened|found))"
)
_ENTRY: Final = re.compile(
    rf"(?:{_LACKS}|[Nn]o) (?!module named)(?:the |a |an |your |any )?(?:main |app |startup |entry |application |WSGI |ASGI |Python )*(?:module(?: or (?:path|file))?|app(?:lication)?(?: (?:object|instance|callable|factory))?|script|entry ?point|entry file|callable|notebook)(?: (?:named|called|at|in|file|from))?:? ['\"`](?P<what>[\w./:-]{{1,200}})['\"`]"
)
_NO_FILE: Final = re.compile(
    r"^(?:Error|ERROR|FATAL|fatal|error|CRITICAL):? .{0,80}?['\"`]?(?P<what>(?:[\w.-]{0,60}/)*[\w.-]{1,80}\.(?:py|ipynb|qmd|Rmd|R|conf|cfg|ini|toml|ya?ml|json|sh))['\"`]? (?:does not exist|doesn't exist|not found|could not be found|is missing)|"
    r"^(?:Error|ERROR|FATAL|fatal|error):? .{0,80}(?:does not exist|doesn't exist|not found|[Nn]o such file(?: or directory)?): ['\"`]?(?P<what2>(?:[\w.-]{0,60}/)*[\w.-]{1,80}\.\w{1,6})['\"`]?$|"
    r"^(?:Error: )?(?:Bad|Malformed|Invalid) (?:module|application|app) ['\"`](?P<what3>[\w.:/-]{1,120})['\"`]|"
    r"(?:[Cc]ould not|[Cc]annot|[Uu]nable to|[Ff]ailed to) (?:locate|find|load|import) (?:a |an |the |any )?(?P<what4>(?:Flask|WSGI|ASGI|Dash|FastAPI|Django|Shiny|Quart|Starlette) app(?:lication)?)\b|"
    r"Invalid value for .{1,60}: (?:Path|File|Directory) '(?P<what5>[^']{1,200})' does not exist|Import string \"(?P<what6>[^\"]{1,100})\" must be in format"
)
_OTHER_PYTHON: Final = re.compile(
    r"Python version (?P<have2>\d\.\d{1,2}(?:\.\d{1,3})?) is not supported by the project \((?P<needs2>[^)]{1,60})\)|[Pp]ython(?: version)? \(?(?P<have>\d\.\d{1,2}(?:\.\d{1,3})?)\)? (?:is|does|was) not (?:allowed|supported|compatible|satisfy|match|meet|accepted).{0,60}?(?P<needs>(?:\^|~=?|[<>=!]=?) ?\d[\d.,<>=!~^* ]{0,40})"
)
_NO_SUCH_PYTHON: Final = re.compile(
    r"no such python(?: version)?:? (?P<wanted4>[23]\.\d{1,2})|^The version '(?P<wanted3>[23]\.\d{1,2}(?:\.\d{1,3})?)' with architecture '\w{1,10}' was not found|Python <?[\d.]{1,8} is not supported but (?P<wanted2>[\d.]{1,10}) was requested|(?:[Rr]untime|[Pp]ython|pyenv)[^.`'\"<]{0,40}[`'\"(]?(?:python-)?(?P<wanted>[23]\.\d{1,2}(?:\.\d{1,3})?)[`'\")]? (?:is|was) (?:not|un)[ -]?(?:available|supported|installed|found|recognized)"
)
_PACKAGE: Final = re.compile(
    r"(?:[Pp]ackages?|[Mm]odules?|[Ll]ibrar(?:y|ies)|[Dd]ependenc(?:y|ies)|[Pp]lugins?):? ['\"`](?P<package>[A-Za-z][\w.-]{1,60})['\"`] (?:(?:is|was|are|could) )?(?:not (?:be )?(?:found|installed|imported|available)|missing)|"
    r"(?:[Mm]issing|[Nn]o) (?:the )?(?:required |optional |Python )*(?:package|module|library|dependency)(?: named| called)?:? ['\"`](?P<package2>[A-Za-z][\w.-]{1,60})['\"`]"
)
_PROGRAM: Final = re.compile(
    r"(?:^|[\s:])(?P<name5>[a-z][\w.-]{1,40}) is not installed or (?:it's |is )?not (?:in|on) (?:your )?PATH|Failed to spawn: ['\"`]?(?P<name4>[\w./+-]{1,200})['\"`]?$|(?:[Ff]ailed|[Uu]nable|[Cc]ould not|[Cc]annot) (?:to )?(?:execute|exec|spawn|start|run|launch)(?: command| program| process| binary)?:? ['\"`]?(?P<name>[\w./+-]{1,200})['\"`]?(?::| - |,| \().{0,60}(?:No such file|not found|ENOENT|os error 2)|"
    r"(?:EXEC spawning|spawn|execvp?e?:?|exec:|exec failed:) ['\"`]?(?P<name2>[\w./+-]{1,200})['\"`]?(?:: | ).{0,40}(?:No such file|not found|ENOENT)|"
    r"(?:[Cc]ommand|[Pp]rogram|[Ee]xecutable|[Bb]inary|[Tt]ool) ['\"`](?P<name3>[\w./+-]{1,200})['\"`] (?:was |is |could )?not (?:be )?found"
)
_VERSION: Final = r"v?\d{1,4}(?:\.[\dx*]{1,4}){0,3}\w{0,6}"
_TOO_NEW: Final = re.compile(
    rf"(?:(?P<who>[A-Z]\w{{1,40}}) )?(?:requires|needs|supports|works with)(?: only)? (?P<what>[A-Za-z][\w.-]{{1,40}}) (?P<needs>(?:<=? ?)?{_VERSION}(?: or (?:less|lower|older|earlier|below))?)(?<!\d)?[.,;:]? .{{0,30}}?(?:[Gg]ot|[Ff]ound|[Hh]ave|installed)[^\d]{{1,30}}(?P<have>{_VERSION})"
)
_TOO_OLD: Final = re.compile(
    rf"(?P<what>(?!It|This|that|which|Bundle)[A-Za-z][\w.+-]{{0,40}}(?: [A-Z][\w.+-]{{0,20}})?)(?: version)? (?P<needs>(?:[<>=!~]{{1,2}} ?)?{_VERSION}(?:,? ?(?:or (?:newer|higher|later|greater|above)|\+))?) (?:is |are )?(?:or (?:newer|higher|later|greater|above) )?(?:is |are )?(?:required|needed)"
    rf".{{0,80}}?(?:found|have|has|got|using|running|installed|current(?:ly)?|detected|is|version)[^\d]{{1,20}}(?P<have>{_VERSION})|"
    rf"(?:requires|needs|[Ee]xpected|[Mm]inimum(?: supported)?)(?: at least)? (?:version )?(?P<what2>[A-Za-z][\w.+-]{{0,40}})(?: version)?:? ?(?P<needs2>(?:[<>=!~]{{1,2}} ?)?{_VERSION}(?:,? ?(?:or (?:newer|higher|later|greater|above)|\+))?)"
    rf".{{0,80}}?(?:but|found|have|has|got|using|running|installed|current(?:ly)?|detected)[^\d]{{1,40}}(?P<have2>{_VERSION})"
)
_NOT_UP: Final = re.compile(
    r"(?:did not|didn't|did n't|failed to|never|not|has not|have not|couldn't|could not) (?:start(?:ed)?|respond(?:ed)?|come up|become (?:ready|healthy|available)|answer(?:ed)?|boot(?:ed)?|pass(?:ed)?|reply|listen(?:ing)?|bind|open)"
    r"(?=.{0,120}\b(?:time|timeout|seconds?|minutes?|pings?|health\w{0,6}|port|probes?|checks?|deadline|limit|ready|requests?)\b)|"
    r"(?:[Ss]tart(?:ing|up)?|[Bb]oot|[Ll]aunch|[Ii]nitiali[sz]ation)(?: of \S{1,60})? (?:has )?(?:timed out|timeout)|no (?:response|answer|listener) (?:on|at|from) port|"
    r"(?:[Hh]ealth|[Rr]eadiness|[Ll]iveness|[Ss]tartup|[Ss]tatus)[ -]?(?:check|probe|ping)s? (?:has |have |consistently |repeatedly )?(?:failed|failing|timed out)|(?:consistently|repeatedly) failed (?:status|health) checks"
)
_PORT: Final = re.compile(
    r"\bport:? ?(?P<port>\d{2,5})\b|PORT=(?P<port2>\d{2,5})|tcp [\d.]{7,15}:(?P<port3>\d{2,5})\b"
)


def _variable(hit: LineMatch) -> Explanation | None:
    name = hit["name"]
    if name in _NO_VARIABLES or is_trial(hit):
        return None
    if in_build(hit):
        return Explanation(
            "setup-script-failed",
            f"The build of {built(hit, 'a package')} wants the environment variable {name}, which is not set.",
            f"Set {name} in build-environment, to what the package's documentation says, or have the author pin a release that has a wheel.",
            AUTHOR_WHEEL,
        )
    return Explanation(
        "variable-missing",
        f"The content wants the environment variable {name}, which is not set.",
        f"Set {name} for this content (in Connect: its Vars; elsewhere: the service's environment).",
        f"Say to the administrator which variables the content needs, or give {name} a default (`os.environ.get`).",
    )


_NO_VARIABLES: Final = frozenset(
    ("ERROR", "WARNING", "FATAL", "INFO", "DEBUG", "CRITICAL", "NOTE", "HTTP", "HTTPS", "PATH", "GET", "POST")
)  # fmt: skip


def _library(hit: LineMatch) -> Explanation | None:
    return (
        library_missing(hit)
        if in_build(hit) and ".so" not in hit["library"]
        else shared_object_missing(hit)
    )


_REASON: Final = re.compile(
    r"['\"]?:? (?!.{0,20}(?:[Nn]o such file|not found|does not exist|ENOENT))[\w/'\"].{8}"
)


def _entry(hit: LineMatch) -> Explanation | None:
    """What content is started from, where it starts."""
    what = hit["what"]
    of_a_framework = what.endswith(("app", "application")) and " " in what
    runs = of_a_framework or may_run(hit) or speaker_of(hit) is Speaker.CONTENT
    if in_build(hit) or not runs:
        return None
    if _REASON.match(hit.line.body, hit.match.end()):
        return None  # that is there, and what it does failed
    if of_a_framework:
        return Explanation(
            "entry-point-missing",
            f"The content is to be started from a {what}, and none is found in its files.",
            SEND,
            "Name the file and object that start it (entry point MODULE:OBJECT, FLASK_APP, or a file called app.py), and deploy that file.",
        )
    return Explanation(
        "entry-point-missing",
        f"The content is to be started from {hit['what']}, and there is nothing of that name.",
        SEND,
        f"Deploy {hit['what']} with the content, or correct the name of what starts it.",
    )


def _other_python(hit: LineMatch) -> Explanation:
    return Explanation(
        "requires-python",
        f"The project needs Python {hit['needs'].strip()}; this is Python {hit['have']}.",
        f"Add an installation of Python {hit['needs'].strip()}, or have the installer use one that satisfies it.",
        f"Ask for a Python that satisfies {hit['needs'].strip()}, or widen the project's own range.",
    )


def _no_such_python(hit: LineMatch) -> Explanation | None:
    if in_build(hit):
        return None
    return Explanation(
        "no-python-match",
        f"Python {_dotted(hit['wanted'])} is asked for, and there is none here.",
        f"Add an installation of Python {_dotted(hit['wanted'])}, or match requests to another one of that line.",
        "Ask for a Python that the server or platform has (.python-version, runtime.txt, requires-python or the manifest names it).",
    )


def _dotted(version: str) -> str:
    """A version as Python writes it; tox writes 311 for 3.11."""
    return version if "." in version or len(version) < 2 else f"{version[0]}.{version[1:]}"


def _package(hit: LineMatch) -> Explanation | None:
    name = hit["package"]
    if in_build(hit) or not (may_run(hit) or speaker_of(hit) is Speaker.CONTENT):
        return None
    package = distribution_of(name)
    return Explanation(
        "module-not-installed",
        f"What the content does needs {name}, which is not installed: the requirements lack {package}.",
        f"Send that to the content's author: {package} is to be named in the requirements.",
        f"Add {package} to requirements.txt and deploy again.",
    )


_WORDS: Final = frozenset(
    ("command", "program", "process", "binary", "file", "script", "the", "it")
)


def _program(hit: LineMatch) -> Explanation | None:
    path = hit["name"]
    name = path.rsplit("/", 1)[-1]
    if not name or name in _WORDS or is_trial(hit) or in_build(hit):
        return None
    if name in STARTERS:
        package = STARTERS[name].partition("[")[0]
        return Explanation(
            "module-not-installed",
            f"The content is started with {path}, which is not there: {package} is not in the environment, or the environment is not at that place.",
            f"See whether the environment exists (`ls -l {path}`) and whether the requirements name {package}; then build it anew.",
            f"Add {STARTERS[name]} to requirements.txt and deploy again.",
        )
    if re.match(r"(?:python|pypy)[\d.]*$", name):
        return Explanation(
            "interpreter-missing",
            f"The Python {path} is not there.",
            f"See whether that installation or environment was removed or moved (`ls -l {path}`); build the environment anew.",
        )
    if not is_started(hit) and "/" not in path:
        return Explanation(
            "system-tool-missing",
            f"The program {name} is called, which is not on this server, or not on its PATH.",
            f"Find the package that has {name} (Debian/Ubuntu: `apt-file search bin/{name}`, RHEL: `dnf provides '*/bin/{name}'`) and install it.",
        )
    return Explanation(
        "entry-point-missing",
        f"The content is to be started with {path}, and there is no such program.",
        f"Correct the command that starts the content, or install what has {name}.",
        f"Name what the environment really has (`ls` of its bin directory); a package of the requirements may be missing that brings {name}.",
    )


def _who(hit: LineMatch) -> str:
    """What asks for another release: as the sentence says, else whose code says so."""
    raised = raised_at(hit)
    frame = raised.frames[-1] if raised and raised.frames else None
    return hit["who"] or package_of_frame(frame) or "What the content does"


def _too_old(hit: LineMatch) -> Explanation | None:
    what, needs, have = hit["what"], hit["needs"], hit["have"]
    if ", but you" in hit.line.body:
        return None  # pip's warning, rules/conflicts.py
    if is_trial(hit) or what.lower() in ("line", "error", "version", "status", "code", "exit", "a"):
        return None
    if what.lower() in ("python", "cpython"):
        python = python_of(hit.case) or have
        return Explanation(
            "requires-python",
            f"{built(hit, 'What runs here')} needs Python {needs}; this is Python {python}.",
            f"Add an installation of Python {needs}, if the server has none.",
            f"Deploy with Python {needs}, or pin a release that supports Python {python}.",
        )
    if in_build(hit):
        return Explanation(
            "setup-script-failed",
            f"{built(hit)} is built with {what} {needs}, and {what} {have} is found.",
            f"Update {what} on this server, or avoid the build: have the author pin a release that has a wheel.",
            AUTHOR_WHEEL,
        )
    if speaker_of(hit) is Speaker.CONTENT or is_started(hit):
        return Explanation(
            "packages-do-not-fit",
            f"{_who(hit)} needs {what} {needs}, and {what} {have} is installed.",
            SEND,
            f"Pin a release of {distribution_of(what)} that satisfies {needs} in requirements.txt, or an older release of what wants it.",
        )
    return None


def _not_up(hit: LineMatch) -> Explanation | None:
    if in_build(hit) or goes_on(hit) or came_up_later(hit):
        return None
    found = _PORT.search(" ".join(line.body for line in (hit.line, *hit.after(2))))
    port = (found["port"] or found["port2"] or found["port3"]) if found else ""
    after = re.search(
        r"(?:after|within|in|of|=) (\d[\d.]{0,8} ?(?:s|ms|sec|seconds?|min|minutes?))\b",
        hit.line.body,
    )
    return Explanation(
        "start-timeout",
        f"The content started and did not answer in time{f' at port {port}' if port else ''}{f' ({after[1]})' if after else ''}, so that the server gave it up.",
        "See what the content does before it answers (its own log); raise the time for starting if it needs it.",
        f"Listen at the address and port that the server gives (0.0.0.0{f', port {port}' if port else ' and PORT'}), and load data and models after that.",
    )


_SCRIPT: Final = re.compile(
    r"(?:env: |: )['‘`\"]?(?P<name>[\w./+-]{1,80})(?:\\r|\^M|\r)['’`\"]?: (?:No such file|not found|bad interpreter)|bad interpreter: (?P<name2>/\S{1,80}?)(?:\\r|\^M)|\$'\\r': command not found"
)
_MAY_NOT_RUN: Final = re.compile(
    r"exec(?:ve|vp)?(?: failed)?:? ?['\"]?(?P<name>[\w./+-]{1,200})['\"]?(?: failed)?: [Pp]ermission denied|exec user process caused:? \"?permission denied"
)


def _line_ends(hit: LineMatch) -> Explanation:
    return Explanation(
        "entry-point-missing",
        f"A script that starts the content has Windows line ends, so that {hit['name'] or 'each command'} is looked for with a carriage return behind its name.",
        SEND,
        "Save the script with Unix line ends (`sed -i 's/\\r$//' FILE`; in git: `* text=auto eol=lf` in .gitattributes), and deploy again.",
    )


def _may_not_run(hit: LineMatch) -> Explanation:
    name = hit["name"] or "the program that starts it"
    return Explanation(
        "permission-denied",
        f"The content is to be started with {name}, which may not be executed.",
        f"See its rights and the mount's (`ls -l {hit['name'] or 'FILE'}`, `findmnt -T {hit['name'] or 'FILE'}`): the file must be executable, on a file system not mounted noexec.",
        f"Make it executable and keep that in the repository (`git update-index --chmod=+x {name.rsplit('/', 1)[-1]}`), or start it with its shell (`sh {name}`).",
    )


def _ranked(
    explain: Callable[[LineMatch], Explanation | None],
) -> Callable[[LineMatch], Explanation | None]:
    """The same, nearer to the root where the sentence is an exception's: the content raised it."""

    def ranked(hit: LineMatch) -> Explanation | None:
        raised = raised_at(hit)
        is_exception = raised is not None and raised.end == hit.index
        if not is_exception and goes_on(hit):
            return None
        explanation = explain(hit)
        if explanation is None or raised is None or not is_exception:
            return explanation
        if raised.root is not raised:
            return None
        return replace(explanation, layer=Layer.SYMPTOM)

    return ranked


_NO_SPEC: Final = re.compile(
    r"could not find python interpreter with spec\(s\): (?:py(?:thon)?)?(?P<wanted>[23][\d.]{1,6})"
)

RULES: Final[tuple[Rule, ...]] = (
    Rule(("could not find python interpreter",), _NO_SPEC, _no_such_python),
    Rule(("No such file", "not found", "bad interpreter"), _SCRIPT, _line_ends),
    Rule(("ermission denied",), _MAY_NOT_RUN, _may_not_run),
    Rule((".h",), _HEADER, header_missing, Layer.GENERAL),
    Rule(("librar", ".so"), _LIBRARY, _library, Layer.GENERAL),
    Rule(("o ", "issing", "annot ", "an't ", "not ", "nable ", "n't "), _ENTRY, _ranked(_entry), Layer.GENERAL),
    Rule(("exist", "ound", "missing", "o such file", "Bad ", "alformed", "nvalid ", "ocate", "oad", "mport"), _NO_FILE, _ranked(_entry), Layer.GENERAL),
    Rule(("not ",), _OTHER_PYTHON, _ranked(_other_python), Layer.GENERAL),
    Rule((" not ", " un", "o such python"), _NO_SUCH_PYTHON, _ranked(_no_such_python), Layer.GENERAL),
    Rule(("ackage", "odule", "ibrar", "ependenc", "lugin"), _PACKAGE, _ranked(_package), Layer.GENERAL),
    Rule(("found", "set", "issing", "defined", "required", "must be", "rovide", "nset", "xpected", "mpty", "ot available", "nknown"), _VARIABLE, _ranked(_variable), Layer.GENERAL),
    Rule(("o such", "ot found", "ot be found", "ENOENT", "os error 2", "Failed to spawn", "PATH"), _PROGRAM, _ranked(_program), Layer.GENERAL),
    Rule(("required", "requires", "needs", "needed", "xpected", "inimum"), _TOO_OLD, _ranked(_too_old), Layer.GENERAL),
    Rule(("requires", "needs", "supports", "works with"), _TOO_NEW, _ranked(_too_old), Layer.GENERAL),
    Rule(("t start", "espond", "come up", "o start", "ecome ", "nswer", "check", "probe", "ping", "isten", "boot", "bind", "timed out", "timeout", " port"), _NOT_UP, _not_up, Layer.GENERAL),
)  # fmt: skip
