"""Write what today's pysteward writes: a state directory, plans, settings, documents.

    sudo python -m tests.support.write_state OUTPUT

The result is kept in ``tests/data/written-by-VERSION``, where later versions are tested to read
it. Everything is written by the program itself, started as its user starts it, with copies of the
real Pythons below ``~/.pyenv/versions``. It runs in a mount namespace of its own as the user
``steward``, in which all of this lies below ``/srv/pysteward``: no path of this machine gets into
a record. It takes about three minutes.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.source_builds.sources import pack, source_files
from tests.support.bundles import write_bundle
from tests.support.terminal import terminal
from tests.support.wheels import make_sdist, make_wheel

TOP = Path("/srv/pysteward")
STATE = TOP / "state"
PYTHONS = TOP / "python"
CONFIG = TOP / "pysteward.toml"
PACKAGES = TOP / "packages"
PROGRAM = TOP / "program" / "bin" / "pysteward"
HOLD, AT_WORK = TOP / "hold", TOP / "at-work"
"""While the first is there, building a wheel of the packages named slow-… goes on, which makes the
second."""

PROJECT = Path(__file__).parents[2]
HERE = Path.home() / ".pyenv" / "versions"  # as long as PYTHONS: so binaries can be changed
COMPLETE = ("3.8.18", "3.9.18", "3.11.7", "3.12.1")
PLAIN = "3.13.0"  # it has no virtualenv, so it cannot be used
FROM_SOURCE = "3.10.13"
USER = 1500

ALL_SETTINGS_TOML = """\
# Every setting that a .toml file has.
[python]
enabled = true
executables = [
    "/srv/pysteward/python/3.8.18",
    "/srv/pysteward/python/3.9.18",  # the oldest that is supported
]
version-matching = "exact"
prohibited-packages = ["pip-audit", 'Old_Thing']
builtin-prohibited-packages = false
environment-management = true
environment-creator = "venv"
installer = "uv"
run-as = "steward"
build-timeout = "1h30m"
parallel-builds = 3
state-dir = "/srv/pysteward/state"
state-group = "steward"

[python.build-environment]
PIP_INDEX_URL = "https://ada:s3cret-word@packages.example.org/simple"
MAKEFLAGS = "-j2"
"""
ALL_SETTINGS_GCFG = """\
; Every variable that pysteward reads of a .gcfg file.
[Server]
Address = https://connect.example.org

[Applications]
RunAs = steward

[Python]
Enabled = true
Executable = /srv/pysteward/python/3.8.18
Executable = "/srv/pysteward/python/3.9.18" ; a comment
VersionMatching = nearest
ProhibitedPackage
ProhibitedPackage = pip-audit
EnvironmentManagement = false
"""
SETTINGS_FROM = """\
[python]
settings-from = "all.gcfg"
installer = "uv"
"""


# From outside: the tree, the namespace.


def main(output: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="pysteward-") as name:
        tree = Path(name, "tree")
        tree.mkdir()
        tree.parent.chmod(0o755)
        _lay_out(tree)
        inside = Path(name, "inside.sh")
        inside.write_text(
            "set -e\n"
            "mount -t tmpfs none /srv && mkdir /srv/pysteward\n"
            f"mount --bind {tree} /srv/pysteward\n"
            "mount --bind /srv/pysteward/passwd /etc/passwd\n"
            "mount --bind /srv/pysteward/group /etc/group\n"
            f"{PYTHONS}/3.11.7/bin/python3 -m venv {TOP}/program\n"
            f"cd /srv/pysteward/source\n"
            f"{TOP}/program/bin/pip install -q '.[uv]' pytest pexpect pyte\n"
            f"chown -R {USER}:{USER} /srv/pysteward\n"
            "mount -t tmpfs none /tmp && chmod 1777 /tmp\n"
            f"exec setpriv --reuid {USER} --regid {USER} --clear-groups env -i"
            " PATH=/usr/bin:/bin HOME=/srv/pysteward/home LANG=C.UTF-8 TZ=UTC"
            f" {TOP}/program/bin/python -m tests.support.write_state --inside\n"
        )
        alone = ("unshare", "--mount", "--pid", "--fork", "--mount-proc")
        subprocess.run([*alone, "sh", inside], check=True)
        shutil.copytree(tree / "output", output)
    subprocess.run(["chown", "-R", "--reference", PROJECT, output], check=True)


def _lay_out(tree: Path) -> None:
    """All that lies below /srv/pysteward at the start."""
    for name in ("home", "bundles", "output"):
        (tree / name).mkdir()
    users = (
        Path("/etc/passwd").read_text() + f"steward:x:{USER}:{USER}::/srv/pysteward/home:/bin/sh\n"
    )
    (tree / "passwd").write_text(users)
    (tree / "group").write_text(Path("/etc/group").read_text() + f"steward:x:{USER}:\n")
    for part in ("core", "tui", "tests", "pyproject.toml", "README.md"):
        source, target = PROJECT / part, tree / "source" / part
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "data"))
        else:
            shutil.copy2(source, target)
    for version in (*COMPLETE, PLAIN):
        _copy_python(version, tree / "python" / version)
    for version in COMPLETE:
        program = tree / "python" / version / "bin" / "python3"
        # It is run where it does not belong yet, so it has to be told where its library is.
        variables = {**os.environ, "LD_LIBRARY_PATH": str(program.parents[1] / "lib")}
        subprocess.run(
            [
                program,
                "-m",
                "pip",
                "install",
                "-q",
                "virtualenv<20.27",
                "--no-warn-script-location",
            ],
            check=True,
            env=variables,
        )
        for script in (tree / "python" / version / "bin").iterdir():
            if script.is_file() and not script.is_symlink():
                data = script.read_bytes()
                if data.startswith(b"#!"):
                    script.write_bytes(data.replace(str(tree).encode(), str(TOP).encode()))
    _copy_python(FROM_SOURCE, tree / "template")
    wanted = ("--python-version", "3.10", "--only-binary", ":all:", "virtualenv<20.27")
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "-q", "--dest", tree / "packages", *wanted],
        check=True,
    )


def _copy_python(version: str, directory: Path) -> None:
    """Copy a real Python without its packages, as if it had been built for /srv/pysteward."""
    assert len(str(HERE)) == len(str(PYTHONS)), "the copies' binaries cannot name their new place"
    ignored = shutil.ignore_patterns(
        *("test", "tests", "idlelib", "config-*", "__pycache__", "*.a", "turtledemo", "share")
    )
    shutil.copytree(HERE / version, directory, symlinks=True, ignore=ignored)
    packages = next(directory.glob("lib/python3*/site-packages"))
    for path in packages.iterdir():
        if not path.name.startswith(("pip", "setuptools", "pkg_resources", "_distutils_hack")):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in directory.rglob("*"):
        if path.is_file() and not path.is_symlink():
            data = path.read_bytes()
            if str(HERE).encode() in data:
                path.write_bytes(data.replace(str(HERE).encode(), str(PYTHONS).encode()))


# From inside: what the program is asked to do.


def work() -> None:
    _make_packages()
    _write_settings()
    _build_content()
    _build_pythons()
    _upgrade()
    _write_documents()
    _edit_settings()
    _use_the_interface()
    _kill_an_upgrade()  # nobody looks afterwards, or he would write down what has happened
    _gather()


def run(*arguments: str | Path, config: Path = CONFIG, may_fail: bool = False) -> Any:
    """A command of the program; what it answers."""
    command = [PROGRAM, "--config", config, "--state-dir", STATE, *arguments]
    print("$ pysteward", *arguments, flush=True)
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, cwd=TOP, check=False
    )
    assert done.returncode == 0 or (may_fail and done.returncode == 1), done.stdout
    return json.loads(done.stdout) if "--json" in arguments else done.stdout.decode()


def wait_for(look: Callable[[], Any]) -> Any:
    give_up = time.monotonic() + 120
    while not (found := look()):
        assert time.monotonic() < give_up, "nothing happened"
        time.sleep(0.05)
    return found


def _make_packages() -> None:
    for version in ("1.0", "1.1", "2.0"):
        requires = ">=3.9" if version == "2.0" else None
        make_wheel(PACKAGES, "alpha", version, requires_python=requires, scripts=["alpha"])
    make_wheel(PACKAGES, "beta", "1.0", requires=["alpha"])
    make_wheel(PACKAGES, "gamma", "1.0", requires_python=">=3.8,<3.12")
    make_wheel(PACKAGES, "omega", "1.0", requires_python="<3.9")
    make_sdist(PACKAGES, "delta", "0.5")
    hold = (
        f"import time\nopen({str(AT_WORK)!r}, 'w').close()\n"
        f"while os.path.exists({str(HOLD)!r}): time.sleep(0.05)"
    )
    for name in ("slow-one", "slow-two", "slow-three", "slow-four"):
        make_sdist(PACKAGES, name, while_building=hold)
    make_sdist(
        PACKAGES,
        "faulty",
        while_building="raise RuntimeError('the header file foo.h is missing')",
    )


def _write_settings(**changes: str) -> None:
    executables = [str(PYTHONS / version) for version in ("3.8.18", "3.9.18", "3.11.7", PLAIN)]
    CONFIG.write_text(
        "# The Pythons of this server.\n[python]\nenabled = true\n"
        f"executables = {json.dumps(executables)}\n"
        'version-matching = "nearest"\n'
        'prohibited-packages = ["unwanted"]\n'
        + "".join(f"{name} = {value}\n" for name, value in changes.items())
        + "\n[python.build-environment]\n"
        'PIP_CONFIG_FILE = "/dev/null"\nPIP_NO_INDEX = "1"\nPIP_NO_CACHE_DIR = "1"\n'
        f'PIP_FIND_LINKS = "{PACKAGES}"\nPIP_INDEX_URL = "https://packages.example.org/simple"\n'
        'PIP_DISABLE_PIP_VERSION_CHECK = "1"\n'
        'SERVICE_PASSWORD = "s3cret-word"\n'
    )
    CONFIG.chmod(0o644)


def _bundle(name: str, requirements: str, python: str, **more: Any) -> Path:
    return write_bundle(TOP / "bundles" / name, requirements, python=python, **more)


def _deploy(name: str, requirements: str, python: str, *arguments: str, **more: Any) -> Any:
    path = _bundle(name, requirements, python, **more)
    return run("deploy", path, "--json", *arguments, may_fail=True)


def _build_content() -> None:
    _deploy("dashboard", "beta\n", "3.8.1", files={"Größe – 1.csv": "a,b\n"})
    _deploy("report", "alpha==1.1\nunwanted==1\n", "3.9.0", appmode="jupyter-static")
    _deploy("bound", "omega\n", "3.8.2")
    _deploy("api", "gamma\ndelta\n", "3.11.7")
    archive = TOP / "bundles" / "api.tar.gz"
    subprocess.run(["tar", "-czf", archive, "-C", archive.parent / "api", "."], check=True)
    run("deploy", archive, "--content", "api-copy", "--json")  # reused
    secret = "--extra-index-url https://ada:s3cret-word@packages.example.org/simple\nalpha\n"
    _deploy("private", secret, "3.9.18")
    _deploy("faulty", "alpha\nfaulty\n", "3.9.18")
    _deploy("absent", "nosuch==9.9\n", "3.9.18")
    future = {"python": {"requires": ">=3.14"}}
    _deploy("future", "alpha\n", "3.9.18", environment=future)  # nothing matches
    failed = run("content", "show", "faulty", "--json")["build"]
    run("builds", "retry", failed, "--json", may_fail=True)
    _interrupt("cancelled", "slow-one\n", lambda build: run("builds", "cancel", build))
    _interrupt("interrupted", "slow-two\n", _kill_worker)
    run("builds", "list", "--json")  # the first who looks writes it down
    _with_other_installer()
    _without_environments()
    _roll_back()


def _interrupt(name: str, requirements: str, end: Callable[[str], object]) -> None:
    """Begin a build, end it while it builds a package."""
    _hold()
    build = _deploy(name, requirements, "3.9.18", "--detach")["build"]
    wait_for(AT_WORK.exists)
    end(build)
    HOLD.unlink()
    _wait_for_worker(build)


def _hold() -> None:
    HOLD.touch()
    AT_WORK.unlink(missing_ok=True)


def _wait_for_worker(build: str) -> None:
    wait_for(lambda: not _holders(STATE / "builds" / build / "log.txt"))


def _holders(file: Path) -> list[int]:
    """The processes that have a file open."""
    found = []
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            links = [os.readlink(path) for path in Path("/proc", process, "fd").iterdir()]
        except OSError:
            continue
        if str(file) in links:
            found.append(int(process))
    return found


def _kill_worker(build: str) -> None:
    for process in _holders(STATE / "builds" / build / "log.txt"):
        if Path(f"/proc/{process}/comm").read_text() == "pysteward-build\n":
            os.kill(process, signal.SIGKILL)


def _with_other_installer() -> None:
    _write_settings(installer='"uv"')
    _deploy("by-uv", "beta\n", "3.11.7")
    _write_settings()


def _without_environments() -> None:
    _write_settings(**{"environment-management": "false"})
    _deploy("unmanaged", "alpha\n", "3.9.18")
    _write_settings()


def _roll_back() -> None:
    """Deployed twice, then put back on its first environment."""
    path = _bundle("returned", "alpha==1.0\n", "3.9.18")
    run("deploy", path, "--json")
    (path / "requirements.txt").write_text("alpha==2.0\n")
    run("deploy", path, "--json")
    run("content", "restore", "returned", "--json")


def _build_pythons() -> None:
    template = TOP / "template"
    good = source_files(
        FROM_SOURCE,
        "echo checking for gcc... gcc",
        "@echo gcc -c Programs/python.c",
        f"mkdir -p @prefix@ && cp -a {template}/. @prefix@",
    )
    bad = source_files(FROM_SOURCE, "echo 'configure: error: no acceptable C compiler'; exit 1")
    for files, prefix, arguments in (
        (good, PYTHONS / FROM_SOURCE, ["--add"]),
        (bad, PYTHONS / "3.10.13-failed", []),
    ):
        archive = TOP / f"Python-{FROM_SOURCE}.tgz"
        archive.write_bytes(gzip.compress(pack(files), mtime=0))
        run(
            *("build-python", "--source", archive, "--prefix", prefix, "--json", *arguments),
            may_fail=True,
        )


def _upgrade() -> None:
    """Two upgrades: one is finished, though not all went well; one is stopped, then abandoned."""
    for name, requirements in (
        ("slow-content", "slow-three\n"),
        ("slower-content", "slow-three\nalpha\n"),
        ("waiting-content", "slow-four\n"),
    ):
        _deploy(name, requirements, "3.11.7")
    change = ["--add", PYTHONS / "3.12.1", "--remove", PYTHONS / "3.11.7"]
    run("upgrade", "--remove", "3.8.18", "--preflight", "--json", may_fail=True)
    run("upgrade", *change, "--preflight", "--json", may_fail=True)
    run("upgrade", "--remove", "3.8.18", "--apply", "--yes", "--json", may_fail=True)
    _keep_plan("finished")

    _hold()
    plan = run(*("upgrade", *change, "--apply", "--yes", "--detach", "--jobs", "1", "--json"))
    wait_for(AT_WORK.exists)
    _keep_plan("running")
    run("upgrade", "--stop", "--json", may_fail=True)
    HOLD.unlink()
    _wait_for_driver(plan["id"])
    _keep_plan("stopped")
    run("upgrade", "--abandon", "--json", may_fail=True)
    _keep_plan("abandoned")


def _wait_for_driver(plan: str) -> None:
    wait_for(lambda: not _holders(STATE / "upgrades" / f"{plan}.lock"))


def _keep_plan(name: str) -> None:
    """Keep the plans as they are at this moment."""
    shutil.copytree(STATE / "upgrades", TOP / "output" / "upgrades" / name)


def _write_documents() -> None:
    documents = TOP / "output" / "documents"
    documents.mkdir()
    rows = run("builds", "--json")["builds"]
    for outcome in ("succeeded", "failed", "cancelled"):
        build = next(row["id"] for row in rows if row["outcome"] == outcome)
        run("builds", "export", build, documents / f"{outcome}.tar.gz")
    failed = next(row["id"] for row in rows if row["outcome"] == "failed")
    run("diagnose", failed, "--report", documents / "report.md", may_fail=True)
    (documents / "build-python.sh").write_text(
        run("build-python", "3.11.9", "--script", "--distribution", "debian-12")
    )
    run("installations", "--json", may_fail=True)  # the cache and the log of the analysis


def _edit_settings() -> None:
    """Settings files with everything in them, edited and converted by the program."""
    directory = TOP / "settings"
    directory.mkdir()
    for name, text in (
        ("all.toml", ALL_SETTINGS_TOML),
        ("all.gcfg", ALL_SETTINGS_GCFG),
        ("from.toml", SETTINGS_FROM),
    ):
        (directory / name).write_text(text)
        (directory / name).chmod(0o644)
    for name, other in (("all.toml", "gcfg"), ("all.gcfg", "toml")):
        path = directory / name
        run("config", "set", "version-matching", "major-minor", config=path)
        run("config", "add", "executables", PYTHONS / "3.11.7", config=path)
        run("config", "remove", "prohibited-packages", "pip-audit", config=path)
        run("config", "convert", "--output", directory / f"converted.{other}", config=path)
        for backup in directory.glob(f"{name}.*.bak"):
            assert backup.stat().st_size


def _use_the_interface() -> None:
    """Choose a theme; save scenarios."""
    environ = {"XDG_CONFIG_HOME": str(TOP / "output" / "config")}
    with terminal(["demo", "--no-tour"], environ=environ) as shown:
        shown.wait_for("Policies")
        shown.press("\x14")
        shown.wait_for("Enter Keep")
        shown.press("j\r")
        shown.wait_for(Path(environ["XDG_CONFIG_HOME"], "pysteward", "theme").exists)
        shown.press("q")
        shown.end()
    directory = TOP / "output" / "scenarios"
    directory.mkdir()
    for name in ("retirement", "constraints"):
        file = directory / f"{name}.toml"
        with terminal(["scenario", name, "--play"], size=(120, 40), environ=environ) as shown:
            shown.wait_for("is taken")
            shown.press("w")
            shown.wait_for("Save as a scenario")
            shown.press(f"{file}\r")
            shown.wait_for(file.exists)
            shown.press("q")
            shown.end()


def _kill_an_upgrade() -> None:
    """Its driver is killed, and the worker of the build that it has begun."""
    _hold()
    away = ["--remove", PYTHONS / "3.12.1"]
    plan = run(*("upgrade", *away, "--apply", "--yes", "--detach", "--jobs", "1", "--json"))
    wait_for(AT_WORK.exists)
    for process in _holders(STATE / "upgrades" / f"{plan['id']}.lock"):
        os.kill(process, signal.SIGKILL)
    _wait_for_driver(plan["id"])
    build = max(path.name for path in (STATE / "builds").glob("2*"))
    _kill_worker(build)
    _wait_for_worker(build)
    HOLD.unlink()
    _keep_plan("killed")


_KEPT = ("pysteward.json", "pysteward.settled", "pyvenv.cfg")
"""The files of an environment that it is known by; all else of it is left out."""


def _gather() -> None:
    output = TOP / "output"
    leave_out = shutil.ignore_patterns("cache", "ballast", "tmp", "__pycache__")
    shutil.copytree(STATE, output / "state", ignore=leave_out, symlinks=True)
    for marker in (output / "state" / "environments").glob("*/*/*"):
        if marker.is_dir() and not marker.name.startswith("."):
            for path in marker.iterdir():
                if path.name not in _KEPT:
                    shutil.rmtree(
                        path
                    ) if path.is_dir() and not path.is_symlink() else path.unlink()
    shutil.copytree(TOP / "settings", output / "settings")
    for path in CONFIG.parent.glob("pysteward.toml*"):
        shutil.copy2(path, output / "settings" / path.name)


if __name__ == "__main__":
    work() if sys.argv[1] == "--inside" else main(Path(sys.argv[1]).absolute())
