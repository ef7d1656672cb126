# pyright: basic
# ruff: noqa: UP031 - one style for all text, whatever the Python
# Runs confined, by an environment's own interpreter (3.7 to 3.14) with -I -S -B: unpacks wheels and
# compiles modules. No code of a package runs here; but an archive may be made to do harm.
#
# Reads a job from standard input, JSON:
#   {"unpack": [{"wheel": FILE, "target": DIRECTORY, "id": TEXT}],
#    "compile": [{"source": DIRECTORY, "modules": null or [NAME], "target": DIRECTORY}],
#    "most_files": N, "most_bytes": N}
# and prints what it has done, one JSON array a line: ["unpacked", id], ["refused", id, reason],
# ["compiled", number of modules]. An archive that is refused is not compiled, nor a module that is
# not valid for this Python.
import json
import os
import py_compile
import stat
import struct
import sys
import warnings
import zipfile

_BLOCK = 1 << 20
_DEEPEST = 60
_CHUNK = 25  # modules that one process takes at a time
_MOST_WAITING = 12000  # indexes of four bytes: what a pipe holds without a reader is 64 KiB


class Refused(Exception):
    pass


def main():
    job = json.load(sys.stdin)
    warnings.simplefilter("ignore")
    # The largest come first, so that no process is left alone with one at the end.
    wheels = sorted(job["unpack"], key=lambda each: -os.stat(each["wheel"]).st_size)

    def unpack_one(each):
        try:
            unpack(each["wheel"], each["target"], job["most_files"], job["most_bytes"])
        except (Refused, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
            return ["refused", each["id"], str(error) or type(error).__name__]
        except Exception as error:
            if isinstance(error, OSError):
                raise
            return ["refused", each["id"], "%s: %s" % (type(error).__name__, error)]
        return ["unpacked", each["id"]]

    failed = share(wheels, unpack_one)
    chunks = []
    for each in job["compile"]:
        # pip compiles all but what the wheel calls bytecode itself; what was refused is not there.
        names = each["modules"]
        if names is None:
            names = sorted(modules_in(each["source"]))
        for begin in range(0, len(names), _CHUNK):
            chunks.append((each["source"], names[begin : begin + _CHUNK], each["target"]))

    def compile_some(chunk):
        source, names, target = chunk
        for name in names:
            compile_one(source, name, target)
        return ["compiled", len(names)]

    failed = share(chunks, compile_some) or failed
    sys.exit(1 if failed else 0)


def share(items, work):
    """Have two processes work off a list; returns whether one of them has failed."""
    for begin in range(0, len(items), _MOST_WAITING):
        part = items[begin : begin + _MOST_WAITING]
        reading, writing = os.pipe()
        os.write(writing, b"".join(struct.pack("=i", number) for number in range(len(part))))
        os.close(writing)
        helper = os.fork() if len(part) > 1 else 0
        is_helper = len(part) > 1 and helper == 0
        status = 1
        try:
            while True:
                data = os.read(reading, 4)
                if not data:
                    break
                line = json.dumps(work(part[struct.unpack("=i", data)[0]])) + "\n"
                os.write(1, line.encode("ascii"))
            status = 0
        except OSError as error:
            os.write(1, (json.dumps(["error", error.errno, str(error)]) + "\n").encode("ascii"))
        finally:
            if is_helper:
                os._exit(status)
        os.close(reading)
        if helper:
            status = os.waitpid(helper, 0)[1] or status
        if status:
            return True
    return False


def unpack(wheel, target, most_files, most_bytes):
    with zipfile.ZipFile(wheel) as archive:
        entries = [each for each in archive.infolist() if not each.filename.endswith("/")]
        if len(entries) > most_files:
            raise Refused("it has more than %d files" % most_files)
        if sum(each.file_size for each in entries) > most_bytes:
            raise Refused("unpacked it is larger than %d bytes" % most_bytes)
        names = set()
        for each in entries:
            check_name(each.filename)
            if each.filename in names:
                raise Refused("it has two files named %r" % each.filename)
            names.add(each.filename)
            kind = stat.S_IFMT(each.external_attr >> 16)
            if kind not in (0, stat.S_IFREG):
                raise Refused("%r is not a regular file in it" % each.filename)
            if each.flag_bits & 1:
                raise Refused("it is encrypted")
        for name in names:
            directory = name.rpartition("/")[0]
            while directory:
                if directory in names:
                    raise Refused("%r is a file and a directory in it" % directory)
                directory = directory.rpartition("/")[0]
        os.makedirs(target)
        made = {""}
        left = most_bytes
        for each in entries:
            directory = each.filename.rpartition("/")[0]
            if directory not in made:
                os.makedirs(os.path.join(target, directory), exist_ok=True)
                made.add(directory)
            mode = each.external_attr >> 16
            executable = stat.S_ISREG(mode) and mode & 0o111
            left -= write(archive, each, os.path.join(target, each.filename), executable, left)


def write(archive, entry, path, executable, most):
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    written = 0
    descriptor = os.open(path, flags, 0o755 if executable else 0o644)
    with open(descriptor, "wb") as file, archive.open(entry) as stream:
        while True:
            block = stream.read(_BLOCK)
            if not block:
                return written
            written += len(block)
            if written > most:
                raise Refused("unpacked it is larger than it says")
            file.write(block)


def check_name(name):
    parts = name.split("/")
    if len(parts) > _DEEPEST:
        raise Refused("directories in it are nested deeper than %d levels" % _DEEPEST)
    for part in parts:
        if part in ("", ".", ".."):
            raise Refused("the name %r leads elsewhere" % name)
    if "\\" in name or any(ord(letter) < 32 or ord(letter) == 127 for letter in name):
        raise Refused("the name %r has a character that none should have" % name)
    try:
        size = max(len(part.encode("utf-8")) for part in parts)
    except UnicodeEncodeError:
        raise Refused("the name %r cannot be written" % name) from None
    if size > 240 or len(name) > 2000:
        raise Refused("the name %r is too long" % name[:100])


def modules_in(directory):
    for top, directories, names in os.walk(directory):
        directories[:] = [each for each in directories if each != "__pycache__"]
        for name in names:
            if name.endswith(".py"):
                yield os.path.relpath(os.path.join(top, name), directory)


def compile_one(source, name, target):
    directory, file = os.path.split(name)
    stem = "%s.%s.pyc" % (file[:-3], sys.implementation.cache_tag)
    path = os.path.join(target, directory, "__pycache__", stem)
    try:
        py_compile.compile(
            os.path.join(source, name),
            path,
            name,  # an import replaces it by the path of the module
            doraise=True,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )
    except OSError as error:
        if error.errno is not None:
            raise
    except Exception:
        pass  # as pip: a module for another Python is left uncompiled


main()
