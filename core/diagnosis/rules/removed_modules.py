"""What Python and setuptools have and had at which time: tables for ``pythons``."""

from __future__ import annotations

import re
from typing import Final

# Modules that the standard library had and the Python that took each away.
REMOVED: Final = {
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
PYTHON2_MODULES: Final = frozenset(
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


PYTHON2_NAMES: Final = r"unicode|xrange|raw_input|basestring|unichr|long|execfile|reload|file|reduce|cmp|intern|buffer|apply"


# Attributes that Python or setuptools took away; what is not here is the script's own mistake.
GONE_FROM_PYTHON: Final = re.compile(
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


PYTHON2_ATTRIBUTES: Final = re.compile(
    r"'(?:dict|_Environ)' object has no attribute '(?:has_key|iteritems|itervalues|iterkeys)'|module 'string' has no attribute '(?:letters|join|maketrans|lowercase|uppercase|split|replace)'|"
    r"module 'os' has no attribute '(?:getcwdu|errno)'|module 'sys' has no attribute '(?:maxint|setdefaultencoding|exc_clear)'|"
    r"module 'itertools' has no attribute '(?:izip|imap|ifilter)'|module 'types' has no attribute '(?:StringType|ListType|ClassType|StringTypes|UnicodeType)'|"
    r"module 'urllib' has no attribute '(?:urlopen|quote|urlencode|urlretrieve|unquote)'|'generator' object has no attribute 'next'"
)


GONE_FROM_SETUPTOOLS: Final = re.compile(
    r"module 'setuptools(?:\.[\w.]{1,60})?' has no attribute|module 'pkg_resources'? has no attribute|"
    r"'(?:Distribution|build_py|install|easy_install|test|develop|bdist_egg)' object has no attribute '(?:convert_2to3_doctests|use_2to3|uninstall_link|get_fixed|_get_fixed|dry_run)'|"
    r"install_layout|module 'setuptools\.dist' has no attribute|has no attribute 'msvc'"
)

# Names that modules of the standard library had.
REMOVED_NAMES: Final = {
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

# Names that modules had in Python 2 only.
PYTHON2_IMPORTS: Final = frozenset(
    {
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
    }
)

# Modules of the standard library and the Python that brought each.
ADDED: Final = {
    "builtins": (3, 0),
    "configparser": (3, 0),
    "queue": (3, 0),
    "http.client": (3, 0),
    "http.server": (3, 0),
    "urllib.request": (3, 0),
    "urllib.parse": (3, 0),
    "asyncio": (3, 4),
    "enum": (3, 4),
    "pathlib": (3, 4),
    "typing": (3, 5),
    "secrets": (3, 6),
    "contextvars": (3, 7),
    "dataclasses": (3, 7),
    "importlib.resources": (3, 7),
    "importlib.metadata": (3, 8),
    "graphlib": (3, 9),
    "zoneinfo": (3, 9),
    "tomllib": (3, 11),
}

# Names that packages give their own modules: to import one without its package works in Python 2.
SIBLINGS: Final = frozenset(
    {
        "_version",
        "base",
        "client",
        "common",
        "compat",
        "config",
        "constants",
        "core",
        "errors",
        "exceptions",
        "helpers",
        "models",
        "util",
        "utils",
        "version",
    }
)
