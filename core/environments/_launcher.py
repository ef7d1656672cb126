# pyright: basic
# ruff: noqa: UP031, UP036, RUF005 - what newer Pythons and pyright would rather see, 2.7 cannot read
# ruff: noqa: E402 - what is imported has to wait for the path without the current directory
# Runs inside a new environment, by `-c`, on Python 2.7 to 3.14: proves what the environment is,
# into a file that nothing installed could have written yet, then turns into pip.
#
# Arguments: the proof's file; the prefix and the version that must be; "raw" for pip's
# machine-readable progress where it has that; where it writes its report, if it has that; then
# pip's own arguments, if pip is to run.
import sys

sys.path[:] = [entry for entry in sys.path if entry]  # the current directory is the author's

import json
import os


def facts():
    info = sys.version_info
    stage = {"alpha": "a", "beta": "b", "candidate": "rc"}.get(info[3])
    implementation = getattr(sys, "implementation", None)
    return {
        "version": "%d.%d.%d" % info[:3] + ("%s%d" % (stage, info[4]) if stage else ""),
        "prefix": os.path.realpath(sys.prefix),
        "base": getattr(sys, "real_prefix", None) or getattr(sys, "base_prefix", sys.prefix),
        "platform": sys.platform,
        "implementation": implementation.name if implementation else "",
        "folders": [
            entry
            for entry in sys.path
            if os.path.basename(entry) in ("site-packages", "dist-packages")
            and os.path.realpath(entry).startswith(os.path.realpath(sys.prefix) + os.sep)
        ],
    }


def details():
    # What it takes to install without pip; only Pythons that compile to unchecked bytecode.
    if sys.version_info < (3, 7):
        return {}
    import sysconfig
    from importlib.util import MAGIC_NUMBER

    paths = sysconfig.get_paths()
    return {
        "paths": {name: paths[name] for name in ("purelib", "platlib", "scripts", "data")},
        "cache_tag": sys.implementation.cache_tag or "",
        "magic": MAGIC_NUMBER.hex(),
        "abi": sysconfig.get_config_var("SOABI") or "",
    }


def complaint(found, prefix, version):
    if found["prefix"] != os.path.realpath(prefix):
        return "its interpreter belongs to %s" % found["prefix"]
    if found["version"] != version:
        return "its interpreter is Python %s, not %s" % (found["version"], version)
    if not found["folders"]:
        return "it has no site-packages directory of its own"
    return None


def main():
    proof, prefix, version, progress, report = sys.argv[1:6]
    arguments = sys.argv[6:]
    found = facts()
    found["complaint"] = complaint(found, prefix, version)
    if arguments and not found["complaint"]:
        try:
            import pip

            found["pip"] = pip.__version__
            # The directory may be a link to virtualenv's own copy: what counts is where it
            # is found.
            place = os.path.realpath(os.path.dirname(os.path.dirname(pip.__file__)))
            if not place.startswith(found["prefix"] + os.sep):
                found["complaint"] = "its pip is that of %s" % place
        except Exception as error:  # whatever a pip of the wrong age raises
            found["complaint"] = "its pip cannot run: %s: %s" % (type(error).__name__, error)
    if not arguments and not found["complaint"]:
        found.update(details())
    with open(proof + ".new", "w") as file:
        json.dump(found, file)
    os.rename(proof + ".new", proof)
    if found["complaint"]:
        sys.exit("this environment is broken: " + found["complaint"])
    if arguments:
        numbers = [int(part) for part in found["pip"].split(".")[:2] if part.isdigit()]
        if progress == "raw" and numbers >= [24, 1]:
            arguments.append("--progress-bar=raw")
        if report and numbers >= [22, 2]:
            arguments.append("--report=" + report)
        sys.argv[:] = ["pip"] + arguments
        import runpy

        runpy.run_module("pip", run_name="__main__", alter_sys=True)


main()
