"""What other packagers than pip and uv say: apt, apk and dnf of the distribution, and conda."""

from __future__ import annotations

import re
from typing import Final

from ..rule import Explanation, Layer, LineMatch, Rule, rule
from .connection_errors import explain_trouble, trouble_in

# Debian and Ubuntu call these otherwise now.
_RENAMED: Final = {
    "libgl1-mesa-glx": "libgl1",
    "libegl1-mesa": "libegl1",
    "python-dev": "python3-dev",
    "python-pip": "python3-pip",
    "python3-distutils": "python3-setuptools",
    "libgdk-pixbuf2.0-0": "libgdk-pixbuf-2.0-0",
    "libasound2": "libasound2t64",
    "libmysqlclient-dev": "default-libmysqlclient-dev",
    "software-properties-common": "none since Debian 13",
    "netcat": "netcat-openbsd",
    "libtinfo5": "libtinfo6",
    "libncurses5": "libncurses6",
    "libssl1.1": "libssl3",
    "openjdk-11-jdk": "default-jdk",
    "openjdk-11-jre": "default-jre",
    "openjdk-8-jdk": "default-jdk",
}


def _no_package(hit: LineMatch) -> Explanation:
    name = hit["name"].strip("'\"` ")
    now = _RENAMED.get(name)
    return Explanation(
        "system-package-not-found",
        f"The distribution's packager knows no package {name}: it is called otherwise in this release of the distribution, is in a repository that is not set up, or its lists were not fetched.",
        (f"It is called {now} now. " if now else "")
        + f"Fetch the lists first (`apt-get update`) and look it up (`apt-cache search {name}`, `dnf search {name}`, `apk search {name}`).",
        f"Write {now or 'the name that this release of the distribution uses'} in packages.txt, apt.txt or the Dockerfile.",
    )


def _not_fetched(hit: LineMatch) -> Explanation | None:
    text = " ".join(line.body for line in (*hit.before(4), hit.line))
    trouble = trouble_in(text)
    return (
        explain_trouble(trouble, text, " (the distribution's packager looked there)")
        if trouble
        else None
    )


def _conda_not_found(hit: LineMatch) -> Explanation:
    names = [
        line.body.strip().removeprefix("- ")
        for line in hit.after(8)
        if line.body.strip().startswith("- ") and "://" not in line.body
    ][:4]
    what = ", ".join(names) or "a package"
    return Explanation(
        "version-not-found"
        if any(re.search(r"[=<>]", name) for name in names)
        else "package-not-found",
        f"conda's channels have no {what} for this system.",
        "See which channels are asked (`conda config --show channels`) and what they hold (`conda search NAME`); pip's index is another one.",
        f"Correct {what} in environment.yml, name the channel that has it, or list it under `pip:`.",
        hit.after(3),
    )


def _conda_conflict(hit: LineMatch) -> Explanation:
    said = [
        line.body.strip("│├└─ ").removeprefix("- ").strip()
        for line in hit.after(8)
        if re.search(
            r"nothing provides|is not installable|conflicts|requires|would require|but none|cannot install",
            line.body,
        )
    ][:2]
    told = "; ".join(said)[:220]
    return Explanation(
        "dependency-conflict",
        f"conda finds no versions that fit each other{f': {told}' if told else ''}.",
        "The contradiction is in the environment's file: send these lines to the content's author.",
        "Loosen the versions in environment.yml, or export them without builds (`conda env export --no-builds --from-history`).",
        hit.after(4),
    )


def _conda_may_not(hit: LineMatch) -> Explanation:
    text = " ".join(line.body for line in (hit.line, *hit.after(4)))
    found = re.search(r"(?:location: |- |path: )(?P<path>/\S{1,300})", text)
    where = found["path"] if found else "its directory of environments or packages"
    return Explanation(
        "permission-denied",
        f"conda may not write {where} as the user that runs it.",
        f"Run it as that directory's owner, or make an environment of that user's own (`conda create --prefix`, `envs_dirs` and `pkgs_dirs` in .condarc); `ls -ld {where if found else '/opt/conda'}` shows whose it is.",
        "Name an environment of your own, not base.",
        hit.after(3),
    )


def _no_conda_environment(hit: LineMatch) -> Explanation:
    return Explanation(
        "interpreter-missing",
        f"The conda environment {hit['name']} is to be used, and there is none of that name.",
        "List those that exist (`conda info --envs`, as the user that builds or runs); its making may have failed before.",
        f"Create it first (`conda env create`), or name one that exists; `name:` in environment.yml is what it is called, not {hit['name']} by itself.",
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        ("nable to locate package", "no installation candidate", "no such package", "No match for argument", "nable to find a match", "No provider of ", "No package "),
        r"E: Unable to locate package (?P<name>\S{1,100})|E: Package '(?P<name2>[^']{1,100})' has no installation candidate|(?P<name3>[\w.+-]{1,80}) \(no such package\)|"
        r"No match for argument: (?P<name4>\S{1,100})|Unable to find a match: (?P<name5>\S{1,100})|No provider of '(?P<name6>[^']{1,100})' found|^No package (?P<name7>\S{1,80}) available",
        _no_package,
    ),
    rule(("E: Failed to fetch", "E: Unable to fetch"), r"E: (?:Failed|Unable) to fetch", _not_fetched),
    rule(
        ("PackagesNotFoundError", "ResolvePackageNotFound"),
        r"^(?:PackagesNotFoundError|ResolvePackageNotFound):",
        _conda_not_found,
    ),
    rule(
        ("UnsatisfiableError", "UnsatisfiableSpecifications", "packages are incompatible"),
        r"^The following packages are incompatible|^(?:Lib[Mm]amba)?Unsatisfiable(?:Error|Specifications)\b",
        _conda_conflict,
    ),
    rule(
        ("EnvironmentNotWritableError", "NoWritableEnvsDirError", "NoWritablePkgsDirError"),
        r"^(?:EnvironmentNotWritable|NoWritable(?:Envs|Pkgs)Dir)Error: ",
        _conda_may_not,
    ),
    rule(
        ("EnvironmentNameNotFound", "EnvironmentLocationNotFound", "ot a conda environment"),
        r"^EnvironmentNameNotFound: Could not find conda environment: (?P<name>\S{1,100})|^EnvironmentLocationNotFound: Not a conda environment: (?P<name2>\S{1,300})",
        _no_conda_environment,
    ),
    rule(
        "CondaVerificationError",
        r"^CondaVerificationError: The package for (?P<name>\S{1,100}) located at (?P<path>\S{1,300})",
        lambda hit: Explanation(
            "download-broken",
            f"conda's copy of {hit['name']} is damaged ({hit['path']}).",
            "Remove that copy (`conda clean --packages --tarballs`) and install again; if it comes back so, see the disk and the mirror.",
        ),
    ),
    rule(
        ("CondaHTTPError", "CondaSSLError", "ProxyError", "ConnectionFailed"),
        r"^(?:CondaHTTPError|CondaSSLError|ConnectionFailed|ProxyError): .{1,400}",
        lambda hit: (
            explain_trouble(trouble, text, " (conda looked there)")
            if (trouble := trouble_in(text := " ".join(line.body for line in (hit.line, *hit.after(5)))))
            else None
        ),
        Layer.SYMPTOM,
    ),
)  # fmt: skip
