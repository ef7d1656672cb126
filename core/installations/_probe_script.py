# What Python 2.7 reads has no types and none of the newer ways to say a thing.
# pyright: basic
# ruff: noqa
"""What a probed interpreter runs: it says what it is, between two marks, and nothing else.

Sent as the argument of ``-c``, with ``MARK`` assigned before; never imported. It must be valid
from Python 2.7 to 3.14, needs nothing but ``sys`` and ``os`` (which every start has imported
anyway) and leaves without the interpreter's own clean-up: start-up and exit are most of its time.
Fields are ``key NUL value NUL``; a key may repeat. ``rests-on`` names a file or directory, there or
not, whose change would change the answer.
"""

import os
import sys

MARK = globals()["MARK"]
fields = []
# Any library may be another one after ldconfig has run.
rests_on = {"/etc/ld.so.cache": None}


def say(key, value):
    fields.append((key, value))


def rest(path):
    rests_on[path] = None
    return path


def head(path, size):
    try:
        with open(path, "rb") as stream:
            data = stream.read(size)
    except (IOError, OSError):
        return ""
    return data if str is bytes else data.decode("utf-8", "replace")


def after(data, start, end):
    """Return the text between two marks, or none."""
    at = data.find(start)
    if at < 0:
        return ""
    at += len(start)
    return data[at : data.find(end, at)].strip()


def plain(name):
    """Return a distribution's name as PEP 503 compares it."""
    return name.lower().replace("_", "-").replace(".", "-")


def listing(directory):
    try:
        return os.listdir(directory)
    except OSError:
        return []


def module_of(directory, package):
    """Return the file of a package that -m can run, or None; old virtualenvs are a single file."""
    inside = os.path.join(directory, package)
    alone = inside + ".py"
    if os.path.isfile(os.path.join(inside, "__init__.py")):
        rest(inside)
        if os.path.isfile(os.path.join(inside, "__main__.py")):
            return rest(os.path.join(inside, "__init__.py"))
    elif os.path.isfile(alone):
        return rest(alone)
    return None


def releases_of(directory, names, package):
    """Return what the metadata in a directory says: release -> (Requires-Python, what it needs)."""
    found = [os.path.join(directory, name) for name in names if is_metadata(name.lower(), package)]
    if os.path.basename(directory).startswith(package + "-"):
        found.append(os.path.join(directory, "EGG-INFO"))
    releases = {}
    for info in found:
        document = ""
        for file in (os.path.join(info, "METADATA"), os.path.join(info, "PKG-INFO"), info):
            document = document or head(rest(file), 20000)
        headers = "\n" + document.replace("\r\n", "\n").split("\n\n")[0] + "\n"
        release = after(headers, "\nVersion:", "\n")
        needed = [each[14:] for each in headers.splitlines() if each.startswith("Requires-Dist:")]
        if release:
            releases[release] = (after(headers, "\nRequires-Python:", "\n"), needed)
    return releases


def is_metadata(name, package):
    return name.startswith((package + "-", package + ".")) and name.endswith(
        (".dist-info", ".egg-info")
    )


def own_version(directory, package, module):
    """Return what a module says of itself, read from its source."""
    inside = os.path.join(directory, package)
    for source in (module, os.path.join(inside, "version.py"), os.path.join(inside, "_version.py")):
        text = after(head(rest(source), 100000), "__version__ =", "\n")
        quote = text[:1]
        if quote in ("'", '"') and text.count(quote) > 1:
            return text.split(quote)[1]
    return ""


version = sys.version_info
line = "python%d.%d" % version[:2]
base = getattr(sys, "real_prefix", None) or getattr(sys, "base_prefix", sys.prefix)
stdlib = os.path.dirname(os.__file__)
paths = [p for p in sys.path if p]

say("version", ".".join(map(str, version[:3])))
if version[3] != "final":
    say("stage", {"alpha": "a", "beta": "b"}.get(version[3], "rc") + str(version[4]))
say("executable", sys.executable or "")
say("prefix", sys.prefix)
say("base-prefix", base)
say("stdlib", stdlib)
is_cpython = "PyPy" not in sys.version
say("implementation", "cpython" if is_cpython else "pypy")
say("machine", os.uname()[4])
say("bits", "64" if sys.maxsize > 2**32 else "32")
say("unicode", "4" if sys.maxunicode > 65535 else "2")
try:
    say("libc", os.confstr("CS_GNU_LIBC_VERSION") or "")
except (AttributeError, ValueError, OSError):
    pass

# How it was built. The file is read, not imported: sysconfig takes longer than all of this.
for name in listing(rest(stdlib)):
    if name.startswith("_sysconfigdata") and name.endswith(".py"):
        data = head(rest(os.path.join(stdlib, name)), 300000)
        built = after(data, "'prefix': '", "',")
        if not built:
            continue
        say("built-prefix", built)
        if "PYTHON_BUILD_STANDALONE" in data:
            say("relocatable", "1")
        real = os.path.realpath(built)
        say("built-prefix-real", real)
        if os.path.exists(rest(os.path.join(real, "lib", line, "os.py"))):
            say("built-prefix-there", "1")
        break
say("base-prefix-real", os.path.realpath(base))
say("stdlib-real", os.path.realpath(stdlib))
say("executable-real", os.path.realpath(sys.executable or ""))
for include in (line + getattr(sys, "abiflags", ""), line):
    header = head(rest(os.path.join(base, "include", include, "patchlevel.h")), 20000)
    if header:
        say("header-version", after(header[header.find("PY_VERSION ") :], '"', '"'))
        break
if os.path.isdir(rest(os.path.join(base, "conda-meta"))):
    say("conda", "1")
if os.path.exists(rest(os.path.join(stdlib, "EXTERNALLY-MANAGED"))):
    say("externally-managed", "1")
for directory in (
    os.path.dirname(sys.executable or ""),
    os.path.dirname(os.path.dirname(sys.executable or "")),
):
    rest(os.path.join(directory, "pyvenv.cfg"))
if os.path.exists(rest(os.path.join(stdlib, "venv", "__init__.py"))) and os.path.exists(
    rest(os.path.join(stdlib, "ensurepip", "__init__.py"))
):
    say("venv", "1")

# What every start reads: if one of these is broken, so is the interpreter.
for name in ("os.py", "site.py", "encodings", os.path.join("encodings", "__init__.py")):
    rest(os.path.join(stdlib, name))

# pip and virtualenv: the first on the path is the one that -m runs; nothing of them is imported.
wanted = ["pip", "virtualenv"]
distributions = set()
needs = []
for directory in paths:
    rest(directory)
    if directory == stdlib or os.path.basename(directory) == "lib-dynload":
        continue
    names = listing(directory)
    for name in names:
        if name.endswith(".pth"):
            rest(os.path.join(directory, name))
        if name.endswith(("-info", ".egg")):
            distributions.add(plain(name.split("-")[0]))
    for package in list(wanted):
        module = module_of(directory, package)
        if module is None:
            continue
        wanted.remove(package)
        releases = releases_of(directory, names, package)
        if len(releases) == 1:
            release = list(releases)[0]
        else:
            # Nothing says it, or left-overs of an older one lie beside it: the module knows.
            release = own_version(directory, package, module)
        requires, needed = releases.get(release, ("", []))
        say(package, release or "unknown")
        say(package + "-requires-python", requires)
        say(package + "-at", os.path.dirname(module))
        if package == "virtualenv":
            needs = needed

# What virtualenv cannot run without; what holds only under a condition is not judged.
for need in needs:
    if ";" not in need:
        for sign in "[(<>=!~ ":
            need = need.strip().split(sign)[0]
        if plain(need) not in distributions:
            say("virtualenv-lacks", need)

# Modules of the standard library that need a library of the system. Loading is what counts: the
# file may be there and its library not.
if version[0] == 2:
    modules = ["_ctypes", "_ssl", "_sqlite3", "bz2", "zlib", "readline", "_curses"]
else:
    modules = ["_ctypes", "_ssl", "_sqlite3", "_bz2", "_lzma", "zlib", "readline", "_curses"]
if not is_cpython:
    modules = []
dlopen = None
where = {}
for directory in paths:
    if os.path.basename(directory) == "lib-dynload" or directory == stdlib:
        for name in listing(directory):
            if ".so" in name:
                where.setdefault(name.split(".")[0], os.path.join(directory, name))
for name in modules:
    if name in sys.builtin_module_names or name in sys.modules:
        continue
    try:
        if name not in where:
            raise ImportError("not built")
        rest(where[name])
        if dlopen is None:
            __import__(name)
        else:
            dlopen(where[name], 2)
    except (ImportError, OSError) as error:
        say("missing-module", name)
        say("missing-because", str(error))
    else:
        if name == "_ctypes":
            dlopen = getattr(sys.modules[name], "dlopen", None)

# What .pth files and sitecustomize have loaded at the start from elsewhere than the library.
inside = os.path.join(stdlib, "")
for module in list(sys.modules.values()):
    origin = getattr(module, "__file__", None) or ""
    is_own = origin.startswith(inside) and "-packages" not in origin
    if origin and (not is_own or "sitecustomize" in origin):
        rest(origin)

# Every library that is mapped now: what the answer rests on, and which libpython this is.
try:
    with open("/proc/self/maps", "rb") as stream:
        maps = stream.read()
    say("mapped", "1")
    if str is not bytes:
        maps = maps.decode("utf-8", "surrogateescape")
    for entry in maps.splitlines():
        parts = entry.split(None, 5)
        if len(parts) == 6 and parts[5].startswith("/") and "x" in parts[1]:
            if not parts[5].startswith(inside):
                rest(parts[5])
            if os.path.basename(parts[5]).startswith("lib" + line):
                say("libpython", parts[5])
except (IOError, OSError):
    pass

fields.extend(("rests-on", path) for path in rests_on)
data = "".join("%s\0%s\0" % (key, str(value).replace("\0", " ")) for key, value in fields)
data = "\0" + MARK + data + MARK[::-1] + "\n"
if str is not bytes:
    data = data.encode("utf-8", "surrogateescape")
while data:
    data = data[os.write(1, data) :]
os._exit(0)
