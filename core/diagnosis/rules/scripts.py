"""Build scripts: what they import, what Python and setuptools took away from them, what they raise."""

from __future__ import annotations

import re
from typing import Final

from ..facts import package_of, pip_of, python_of
from ..rule import Hit, Layer, Rule, Story, rule
from ..transcript import Line

# Modules that the standard library had and the Python that took each away.
_REMOVED: Final = {
    "distutils": "3.12",
    "imp": "3.12",
    "asynchat": "3.12",
    "asyncore": "3.12",
    "smtpd": "3.12",
    "lib2to3": "3.13",
    "cgi": "3.13",
    "cgitb": "3.13",
    "crypt": "3.13",
    "pipes": "3.13",
    "telnetlib": "3.13",
    "imghdr": "3.13",
    "sndhdr": "3.13",
    "nntplib": "3.13",
    "uu": "3.13",
    "xdrlib": "3.13",
    "audioop": "3.13",
    "aifc": "3.13",
    "chunk": "3.13",
    "msilib": "3.13",
    "nis": "3.13",
    "ossaudiodev": "3.13",
    "spwd": "3.13",
    "sunau": "3.13",
    "mailcap": "3.13",
    "formatter": "3.10",
    "parser": "3.10",
    "symbol": "3.10",
    "macpath": "3.8",
    "binhex": "3.11",
    "dummy_threading": "3.9",
    "_bootlocale": "3.10",
    "fpectl": "3.7",
}
# Names that only Python 2 had.
_PYTHON2: Final = frozenset(
    {
        "ConfigParser",
        "urllib2",
        "urlparse",
        "StringIO",
        "cStringIO",
        "Queue",
        "commands",
        "httplib",
        "__builtin__",
        "cPickle",
        "HTMLParser",
        "SocketServer",
        "BaseHTTPServer",
        "SimpleHTTPServer",
        "Tkinter",
        "Cookie",
        "cookielib",
        "xmlrpclib",
        "copy_reg",
        "exceptions",
        "sets",
        "md5",
        "sha",
        "popen2",
        "htmlentitydefs",
        "robotparser",
        "thread",
        "dummy_thread",
        "UserDict",
        "UserList",
        "UserString",
        "anydbm",
        "dbhash",
        "whichdb",
        "dumbdb",
        "gdbm",
        "ihooks",
        "new",
        "tkMessageBox",
        "tkFileDialog",
        "repr",
        "DocXMLRPCServer",
        "SimpleXMLRPCServer",
        "CGIHTTPServer",
        "mimetools",
        "rfc822",
        "__future_builtins__",
    }
)
_PYTHON2_NAMES: Final = r"unicode|xrange|raw_input|basestring|unichr|long|execfile|reload|file|reduce|cmp|intern|buffer|apply"

# Attributes that Python or setuptools took away; what is not here is the script's own mistake.
_GONE_FROM_PYTHON: Final = re.compile(
    r"module '(?:pkgutil)' has no attribute 'ImpImporter'|module 'configparser' has no attribute 'SafeConfigParser'|"
    r"'ConfigParser' object has no attribute 'readfp'|'Se?afeConfigParser'|module 'inspect' has no attribute 'getargspec'|"
    r"module 'collections' has no attribute '(?:Mapping|MutableMapping|Iterable|Callable|Sequence|MutableSet|Set|Hashable|MutableSequence|Sized|Container)'|"
    r"module 'platform' has no attribute '(?:linux_distribution|dist|popen)'|module 'time' has no attribute 'clock'|"
    r"module 'ast' has no attribute '(?:Str|Num|Bytes|NameConstant|Ellipsis)'|module 'string' has no attribute 'maketrans'|"
    r"module 'asyncio' has no attribute '(?:coroutine|async)'|module 'fractions' has no attribute 'gcd'|module 'cgi' has no attribute 'escape'|"
    r"module 'unittest' has no attribute '(?:makeSuite|findTestCases)'|'Constant' object has no attribute 's'|module 'importlib' has no attribute 'find_loader'|"
    r"'_Environ' object has no attribute 'has_key'|module 'typing' has no attribute 'io'|'HTMLParser' object has no attribute 'unescape'|"
    r"'EntryPoints' object has no attribute 'get'|'str' object has no attribute 'decode'|'FileFinder' object has no attribute 'find_module'|"
    r"module 'locale' has no attribute 'format'|module 'gettext' has no attribute 'lgettext'|module 'threading' has no attribute '_shutdown'|module 'sys' has no attribute 'setcheckinterval'"
)
_PYTHON2_ATTRIBUTES: Final = re.compile(
    r"'(?:dict|_Environ)' object has no attribute '(?:has_key|iteritems|itervalues|iterkeys)'|module 'string' has no attribute '(?:letters|join|maketrans|lowercase|uppercase|split|replace)'|"
    r"module 'os' has no attribute '(?:getcwdu|errno)'|module 'sys' has no attribute '(?:maxint|setdefaultencoding|exc_clear)'|"
    r"module 'itertools' has no attribute '(?:izip|imap|ifilter)'|module 'types' has no attribute '(?:StringType|ListType|ClassType|StringTypes|UnicodeType)'|"
    r"module 'urllib' has no attribute '(?:urlopen|quote|urlencode|urlretrieve|unquote)'|'generator' object has no attribute 'next'"
)
_GONE_FROM_SETUPTOOLS: Final = re.compile(
    r"module 'setuptools(?:\.[\w.]{1,60})?' has no attribute|module 'pkg_resources'? has no attribute|"
    r"'(?:Distribution|build_py|install|easy_install|test|develop|bdist_egg)' object has no attribute '(?:convert_2to3_doctests|use_2to3|uninstall_link|get_fixed|_get_fixed|dry_run)'|"
    r"install_layout|module 'setuptools\.dist' has no attribute|has no attribute 'msvc'"
)

_PIN_RELEASE: Final = (
    "Have the author pin a newer release of the package; as a stopgap, an older Python builds it."
)


def _of(hit: Hit, otherwise: str = "A package") -> str:
    return package_of(hit) or otherwise


def _python(hit: Hit) -> str:
    version = python_of(hit.case)
    return f"Python {version}" if version else "this Python"


def _is_python2_run(hit: Hit) -> bool:
    return (python_of(hit.case) or "").startswith("2.")


def _too_old(hit: Hit, what: str) -> Story:
    return Story(
        "package-too-old-for-python",
        f"{_of(hit)} relies on {what}.",
        _PIN_RELEASE,
        f"Pin a release of the package that supports {_python(hit)}, or deploy with an older Python.",
    )


def _pkg_resources(hit: Hit, what: str = "pkg_resources") -> Story:
    return Story(
        "setuptools-too-new",
        f"{_of(hit)} needs {what} while it is built, which the newest setuptools no longer has.",
        "Let builds use an older setuptools: a file with the line `setuptools<81` named by PIP_CONSTRAINT in "
        "build-environment; better, have the author pin a newer release of the package.",
        "Pin a newer release of the package, one that does without it or has a wheel.",
    )


def _no_module(hit: Hit) -> Story | None:
    module = hit["module"]
    top = module.split(".")[0]
    if not _in_build(hit):
        return None
    if top == "distutils" and _is_virtualenv(hit):
        return None
    if top in _PYTHON2 and not _is_python2_run(hit):
        return Story(
            "python2-only",
            f"The build script of {_of(hit, 'a package')} imports {module}, which only Python 2 has; this is {_python(hit)}.",
            _PIN_RELEASE,
            "Replace the package, or pin a release that supports Python 3.",
        )
    if top in _REMOVED:
        return _too_old(
            hit,
            f"the standard module {module}, which Python {_REMOVED[top]} removed; this is {_python(hit)}",
        )
    if top == "pkg_resources":
        return _pkg_resources(hit)
    if top == "setuptools":
        if module == "setuptools":
            return Story(
                "build-dependency-undeclared",
                f"{_of(hit)} needs setuptools while it is built, and the environment has none.",
                "Let environments be created with setuptools, or use a pip that provides it for builds (19 or newer).",
                "Pin a newer release of the package, or put setuptools first into requirements.txt.",
            )
        return _pkg_resources(hit, module)
    if top in (
        "_ctypes",
        "_ssl",
        "zlib",
        "_bz2",
        "_lzma",
        "_sqlite3",
        "_tkinter",
        "_curses",
        "_hashlib",
        "_uuid",
        "_decimal",
        "readline",
        "_dbm",
        "_gdbm",
        "pyexpat",
        "_posixsubprocess",
        "_struct",
        "_socket",
        "math",
        "_datetime",
        "_elementtree",
    ):
        return None  # rules/interpreters.py
    return Story(
        "build-dependency-undeclared",
        f"{_of(hit)} imports {module} while it is built and does not declare that it needs it.",
        f"Builds are isolated, so installing {top} in the environment does not help. Have the author pin a release that "
        "declares it or has a wheel; a wheel built once by hand (`pip wheel --no-build-isolation`) on an internal index also serves.",
        f"Pin a release of the package that has a wheel for {_python(hit)}, or one that declares {top} in pyproject.toml.",
    )


_BUILD_FILES: Final = re.compile(
    r"<string>|setup\.py|build_meta|_in_process|/pip-install-|/pip-build-|/pip-req-build-|sdists-v|/builds-v"
)
_BUILD_OUTPUT: Final = re.compile(
    r"lines of output\]|errored out with exit status|Complete output|setup\.py egg_info|"
    r"did not run successfully|^\[stderr\]|^running (?:egg_info|bdist_wheel|build)|build backend returned"
)


def _in_build(hit: Hit) -> bool:
    """Whether a traceback is that of a package being built, not of pip itself or of content."""
    before = hit.before(40)
    for at in range(len(before) - 1, -1, -1):
        body = before[at].body
        if body.startswith('File "') and _BUILD_FILES.search(body, 0, 1000):
            return True
        if body.startswith("Traceback ("):
            if any(line.body.startswith('File "') for line in before[at:]):
                return _quoted_output(before[:at])
            break
    return _quoted_output((*before, *hit.after(12)))


def _quoted_output(lines: tuple[Line, ...]) -> bool:
    return any(_BUILD_OUTPUT.search(line.body, 0, 1000) for line in lines)


def _is_virtualenv(hit: Hit) -> bool:
    return any("virtualenv" in line.body for line in hit.before(12))


def _syntax_error(hit: Hit) -> Story | None:
    text = "\n".join(line.body for line in (*hit.before(4), hit.line))
    python2 = (
        "Missing parentheses in call to" in text
        or "multiple exception types must be parenthesized" in text
        or re.search(r"^\s*print\s+[^\s(=]", text, re.MULTILINE)
        or re.search(r"^\s*print\s*[\"'%]", text, re.MULTILINE)
        or re.search(r"^\s*except [\w.()\s,]{1,80}, ?\w{1,30}\s?:", text, re.MULTILINE)
        or re.search(r"^\s*raise [\w.]{1,60}, ", text, re.MULTILINE)
        or re.search(r"^\s*exec\s+[\"'\w]", text, re.MULTILINE)
        or "leading zeros in decimal integer literals" in text
        or "invalid token" in text
        or re.search(r"`[\w.]{1,40}`|<>|\b0\d{2,5}\b|\bur['\"]", text)
        or ("inconsistent use of tabs" in text)
    )
    package = _of(hit, "a package")
    if _is_python2_run(hit):
        return Story(
            "requires-python",
            f"The source of {package} is for Python 3, and this is {_python(hit)}: {hit['what'][:120].rstrip('.')}.",
            "Have the author pin the last release that supports Python 2, or deploy with Python 3.",
            "Pin the last release that supports Python 2, or deploy with Python 3.",
        )
    if python2:
        return Story(
            "python2-only",
            f"The source of {package} is written for Python 2, and this is {_python(hit)}: {hit['what'][:120].rstrip('.')}.",
            "Nothing on this server cures that: have the author replace the package or pin a release for Python 3.",
            "Replace the package, or pin a release that supports Python 3.",
        )
    version = python_of(hit.case)
    if _newer_syntax(text):
        return Story(
            "requires-python",
            f"The source of {package} uses syntax of a newer Python than {version or 'the one in use'}: {hit['what'][:120].rstrip('.')}.",
            "Add a newer installation, or have the author pin a release that supports this Python.",
            f"Pin a release that supports {_python(hit)}, or deploy with a newer Python.",
        )
    return Story(
        "setup-script-failed",
        f"The build script of {package} is not valid for {_python(hit)}: {hit['what'][:120].rstrip('.')}.",
        "Have the author pin another release of the package.",
        f"Pin a release of the package that supports {_python(hit)}.",
        layer=Layer.SYMPTOM,
    )


def _newer_syntax(text: str) -> bool:
    return bool(
        re.search(
            r":=|^\s*match .{1,80}:\s*$|\bf['\"]|^\s*async def|^\s*[\w.]{1,60}: [\w\[\], .|]{1,60} =|def \w{1,60}\(.{0,200}(?:\*, |/, )|-> ",
            text,
            re.MULTILINE,
        )
        or "from __future__ import annotations" in text
        or "future feature annotations is not defined" in text
    )


def _name_error(hit: Hit) -> Story | None:
    if _is_python2_run(hit):
        return None
    return Story(
        "python2-only",
        f"The build script of {_of(hit, 'a package')} uses {hit['name']}, which only Python 2 has; this is {_python(hit)}.",
        _PIN_RELEASE,
        "Replace the package, or pin a release that supports Python 3.",
    )


def _attribute_error(hit: Hit) -> Story | None:
    text = hit["what"]
    if _is_virtualenv(hit):
        return None
    if _PYTHON2_ATTRIBUTES.search(text):
        return Story(
            "python2-only",
            f"The source of {_of(hit, 'a package')} is written for Python 2, and this is {_python(hit)}: {text[:150]}.",
            _PIN_RELEASE,
            "Replace the package, or pin a release that supports Python 3.",
        )
    if _GONE_FROM_PYTHON.search(text):
        return _too_old(hit, f"something that {_python(hit)} no longer has ({text[:150]})")
    if _GONE_FROM_SETUPTOOLS.search(text):
        return _pkg_resources(hit, f"something that setuptools dropped ({text[:120]})")
    return None


def _import_error(hit: Hit) -> Story | None:
    name, module = hit["name"], hit["module"]
    if _is_virtualenv(hit):
        return None
    top = module.split(".")[0]
    removed = {
        "collections": "Mapping MutableMapping Iterable Callable Sequence MutableSet Set Hashable MutableSequence Sized Container Iterator Generator",
        "inspect": "getargspec formatargspec",
        "fractions": "gcd",
        "cgi": "escape",
        "time": "clock",
        "asyncio": "coroutine",
        "math": "",
        "platform": "linux_distribution dist",
        "typing": "io re",
        "configparser": "SafeConfigParser",
        "pkgutil": "ImpImporter",
        "unittest": "makeSuite",
        "importlib": "find_loader",
        "ast": "Str Num",
        "importlib.resources": "contents path",
        "asyncio.compat": "",
        "distutils": "",
        "pipes": "quote",
        "xml.etree": "cElementTree",
        "threading": "_sleep",
        "locale": "format",
        "logging": "_levelNames",
        "random": "jumpahead",
        "array": "ArrayType",
    }
    if name in removed.get(module, "").split():
        return _too_old(
            hit, f"{name} of the standard module {module}, which {_python(hit)} no longer has"
        )
    if (
        top in ("itertools", "string", "types", "urllib", "os", "sys")
        and not _is_python2_run(hit)
        and name
        in (
            "izip",
            "imap",
            "ifilter",
            "izip_longest",
            "maketrans",
            "letters",
            "StringType",
            "ListType",
            "ClassType",
            "UnicodeType",
            "StringTypes",
            "quote",
            "urlencode",
            "urlopen",
            "unquote",
            "getcwdu",
            "maxint",
            "lowercase",
            "uppercase",
            "urlretrieve",
            "NoneType",
        )
    ):
        if name == "NoneType":
            return None
        return Story(
            "python2-only",
            f"The build script of {_of(hit, 'a package')} imports {name} from {module}, which only Python 2 has; this is {_python(hit)}.",
            _PIN_RELEASE,
            "Replace the package, or pin a release that supports Python 3.",
        )
    if top in ("setuptools", "pkg_resources") and _in_build(hit):
        return _pkg_resources(hit, f"{name} of {module}")
    if top == "distutils" and _in_build(hit):
        return _too_old(hit, f"{name} of {module}, which this Python no longer has")
    return None


def _use_2to3(hit: Hit) -> Story:
    return Story(
        "python2-only",
        f"{_of(hit)} is written for Python 2 and has itself translated by 2to3 (use_2to3), which setuptools 58 and newer refuse.",
        "Have the author pin a newer release; as a stopgap, a file with the line `setuptools<58` named by PIP_CONSTRAINT in build-environment.",
        "Pin a newer release of the package, one written for Python 3.",
    )


def _setup_command(hit: Hit) -> Story:
    what = hit["what"]
    return Story(
        "setup-script-failed",
        f"setuptools refuses the setup of {hit['package'] or _of(hit, 'a package')}: {what[:200].rstrip('.')}.",
        "Have the author pin another release of the package; an older setuptools (PIP_CONSTRAINT in build-environment) may accept it.",
        "Pin another release of the package, best one that has a wheel.",
        layer=Layer.SYMPTOM,
    )


def _says_nothing(hit: Hit) -> Story:
    return Story(
        "setup-script-failed",
        f"The build script of {_of(hit, 'a package')} ended without saying anything of the package.",
        "Have the author pin another release of the package.",
        "Pin another release of the package, best one that has a wheel.",
    )


def _setuptools_dropped(hit: Hit) -> Story:
    return _pkg_resources(
        hit, f"something that setuptools dropped ({hit['what'][:140].rstrip('.')})"
    )


def _bdist_wheel(hit: Hit) -> Story:
    return Story(
        "build-dependency-undeclared",
        f"{_of(hit)} is built as a wheel, and the environment has no package wheel, which adds that command.",
        "Let environments be created with wheel (virtualenv does for old Pythons), or use pip 19 or newer, which provides it for builds.",
        "Put wheel first into requirements.txt, or pin a release of the package that has a wheel.",
    )


def _no_setup_py(hit: Hit) -> Story:
    pip = pip_of(hit.case)
    return Story(
        "pip-too-old",
        f"{_of(hit)} has only a pyproject.toml, which pip{f' {pip}' if pip else ''} is too old to build from: it looks for a setup.py.",
        "Upgrade pip in the installation (`python -m pip install --upgrade pip`), or have the author pin a release that has a wheel.",
        "Pin a release of the package that has a wheel or a setup.py.",
    )


def _pip_too_old(hit: Hit) -> Story:
    return Story(
        "pip-too-old",
        f"The pip in use{f' ({version})' if (version := pip_of(hit.case)) else ''} predates a format it met: {hit.line.body[:200].rstrip('.')}.",
        "Upgrade pip in the installation (`python -m pip install --upgrade pip`).",
    )


def _backend(hit: Hit) -> Story:
    return Story(
        "build-dependency-undeclared",
        f"The build backend of {_of(hit, 'a package')} cannot be imported: {hit['what'][:150] or hit.line.body[:150]}.",
        "Have the author pin another release of the package, one whose pyproject.toml declares what it is built with or that has a wheel.",
        "Pin another release of the package, best one that has a wheel.",
        layer=Layer.SYMPTOM,
    )


_RAISED: Final = r"(?P<type>(?:[A-Za-z_]\w{0,60}\.){0,6}[A-Z]\w{0,60}(?:Error|Exception|Exit|Failed|Failure|NotFound|Missing))(?:: (?P<what>.{0,400}))?$"


def _raised(hit: Hit) -> Story | None:
    """An exception that left a build script, if no rule knows better."""
    if not _in_build(hit) or hit["type"].split(".")[-1] in (
        "CalledProcessError",
        "CompileError",
        "BackendUnavailable",
        "InstallationError",
        "InstallationSubprocessError",
        "MetadataGenerationFailed",
    ):
        return None
    what = hit["what"] or hit["type"]
    shown = f"{hit['type'].split('.')[-1]}: {what}" if hit["what"] else what
    return Story(
        "setup-script-failed",
        f"The build script of {_of(hit, 'a package')} raised an error: {shown[:250].rstrip('.')}.",
        "Read what the script wants (the line quoted here); if it is nothing this server can provide, have the author pin another release.",
        f"Pin another release of the package, best one that has a wheel for {_python(hit)}.",
        layer=Layer.SYMPTOM,
    )


_OUTPUT_ENDS: Final = re.compile(r"^\[end of output\]|^-{20,}$")


def _last_words(hit: Hit) -> Line | None:
    """The last line that a build printed before pip gave it up."""
    said: Line | None = None
    around = (*hit.before(30), *hit.after(30))
    for line in around:
        if _OUTPUT_ENDS.match(line.body):
            return said
        if line.body.strip():
            said = line
    return None


def _gave_up(hit: Hit) -> Story:
    last = _last_words(hit)
    words = f" Its last words: {last.body.strip()[:200]}" if last else ""
    return Story(
        "setup-script-failed",
        f"pip gave up on {_of(hit, 'a package')}, and so installed nothing of this list.{words}",
        "The finding before this one says why; if there is none, build again with pip's full log.",
        f"Pin another release of the package, best one that has a wheel for {_python(hit)}.",
        () if last is None else (last,),
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        ("No module named ",),
        r"(?:ModuleNotFoundError|ImportError): No module named '?(?P<module>[\w.]{1,150})'?",
        _no_module,
    ),
    rule(
        ("SyntaxError", "IndentationError", "TabError"),
        r"^(?:\S{0,60}\.)?(?:SyntaxError|IndentationError|TabError): (?P<what>.{1,300})",
        _syntax_error,
    ),
    rule(
        "NameError",
        rf"NameError: (?:global )?name '(?P<name>{_PYTHON2_NAMES})' is not defined",
        _name_error,
    ),
    rule("AttributeError", r"AttributeError: (?P<what>.{1,300})", _attribute_error),
    rule(
        "cannot import name",
        r"ImportError: cannot import name '?(?P<name>\w{1,100})'? from (?:partially initialized module )?'(?P<module>[\w.]{1,100})'",
        _import_error,
    ),
    rule(
        ("use_2to3",),
        r"use_2to3 is invalid|use_2to3.{0,60}(?:not supported|no longer|deprecated and)|error: .{0,100}use_2to3",
        _use_2to3,
    ),
    rule(
        "invalid command 'bdist_wheel'",
        r"invalid command 'bdist_wheel'",
        _bdist_wheel,
        Layer.SYMPTOM,
    ),
    rule(
        (
            "invalid command '",
            "'dry_run'",
            "install_requires",
            "test_suite",
            "tests_require",
            "license",
            "dash-separated",
            "namespace_packages",
            "easy_install",
            "upload_docs",
        ),
        r"error: (?P<what>invalid command '(?:test|upload_docs|easy_install|develop|bdist_wininst)'.{0,60})|(?P<what2>(?:InvalidConfigError|SetuptoolsDeprecationWarning|InvalidSetupConfig)\S{0,40}: .{1,200})|"
        r"(?P<what3>Invalid dash-separated (?:key|option).{1,100})",
        lambda hit: (
            _setuptools_dropped(hit)
            if hit["what"]
            or "Invalid dash" in hit.line.body
            or "InvalidConfigError" in hit.line.body
            else None
        ),
    ),
    rule(
        "pip-egg-info",
        r"Files/directories not found in \S{1,300}pip-egg-info",
        _says_nothing,
        Layer.SYMPTOM,
    ),
    rule(
        "setup command:",
        r"error in (?P<package>[\w.-]{1,100}) setup command: (?P<what>.{1,300})",
        lambda hit: None if "use_2to3" in hit["what"] else _setup_command(hit),
    ),
    rule(
        "setup.py",
        r"No such file or directory: '(?:[^']{0,300}/)?setup\.py'|can't open file '[^']{0,300}setup\.py'|File \"?setup\.py\"? (?:was )?not found",
        _no_setup_py,
    ),
    rule(
        ("neither 'setup.py' nor 'pyproject.toml'", "does not appear to be a Python project"),
        r"(?P<what>.{0,200}(?:neither 'setup\.py' nor 'pyproject\.toml'|does not appear to be a Python project).{0,100})",
        lambda hit: Story(
            "setup-script-failed",
            f"{_of(hit, 'An archive or folder')} is no Python project: it has neither setup.py nor pyproject.toml.",
            "Have the author correct the line of requirements.txt that names it.",
            "Correct the line of requirements.txt: the folder or archive must hold a Python project.",
            layer=Layer.SYMPTOM,
        ),
    ),
    rule(
        (
            "has a pyproject.toml file that does not comply with PEP 518",
            "Unknown metadata version",
            "metadata version",
            "has unknown metadata",
            "unsupported metadata",
        ),
        r"does not comply with PEP 518|[Uu]n(?:known|supported) metadata version|metadata version .{0,40}not supported",
        _pip_too_old,
        Layer.SYMPTOM,
    ),
    rule(
        ("BackendUnavailable", "Cannot import '", "backend is not available"),
        r"BackendUnavailable(?:: (?P<what>.{0,200}))?|Cannot import '[\w.]{1,100}'",
        _backend,
    ),
    rule(("Error", "Exception", "Exit", "Fail"), rf"^{_RAISED}", _raised, Layer.SYMPTOM),
    rule(
        (
            "ailed building wheel",
            "ailed to build",
            "metadata-generation-failed",
            "egg_info",
            "subprocess-exited-with-error",
            "ould not build wheels",
            "legacy-install-failure",
            "errored out with exit status",
            "failed with error code",
        ),
        r"^(?:ERROR: |error: )?(?:Failed building wheel for|Failed to build|Could not build wheels for|metadata-generation-failed|legacy-install-failure|subprocess-exited-with-error|Command (?:.{1,3000}? )?(?:failed with error code|errored out with exit status))",
        _gave_up,
        Layer.EXIT,
    ),
)
