"""Packages with parts in Rust: the toolchain, the crates that they contain, PyO3."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ..rule import (
    Explanation,
    Layer,
    LineMatch,
    Rule,
    rule,
)
from .connection_errors import explain_trouble, trouble_in
from .shared import AUTHOR_WHEEL, WHEELS, built


def rust_missing(hit: LineMatch) -> Explanation:
    """The explanation of a Rust that is not there."""
    wanted = next(
        (
            found[1]
            for line in (*hit.before(12), hit.line, *hit.after(30))
            if (
                found := re.search(
                    r"requires Rust (?:version )?([>=]{0,2}\s?\d[\d.]{0,10})", line.body
                )
            )
        ),
        "",
    )
    return Explanation(
        "rust-missing",
        f"{built(hit)} is compiled from source and needs a Rust compiler{f' ({wanted.rstrip(chr(46))})' if wanted else ''}, which is not on this server.",
        "Install Rust where the build's user finds it (Debian/Ubuntu: `apt install rustc cargo`; RHEL: `dnf install rust cargo`; "
        "SUSE: `zypper install rust cargo`; newer: rustup); " + WHEELS,
        AUTHOR_WHEEL,
    )


def _fetched_rust(hit: LineMatch) -> Explanation | None:
    """maturin and setuptools-rust try to download a Rust where there is none (puccinialin)."""
    return rust_missing(hit) if any("puccinialin" in line.body for line in hit.before(60)) else None


def _rust_too_old(hit: LineMatch) -> Explanation:
    wanted, have = hit["wanted"], hit["have"]
    return Explanation(
        "rust-missing",
        f"{built(hit)} needs a newer Rust compiler{f' (at least {wanted})' if wanted else ''} than the one on this server{f' ({have})' if have else ''}.",
        "Install a newer Rust with rustup where the build's user finds it; " + WHEELS,
        AUTHOR_WHEEL,
    )


def _cargo_error(hit: LineMatch) -> Explanation:
    return Explanation(
        "compile-error",
        f"The Rust source of {built(hit, 'a package')} does not compile: {hit['what'][:200].rstrip('.')}.",
        "Have the author pin another release; a much newer or older Rust than the release expects is a usual reason.",
        AUTHOR_WHEEL,
    )


def _no_crates(hit: LineMatch) -> Explanation | None:
    """cargo fetches the crates that a package is made of, from the internet."""
    near = (*hit.before(4), hit.line, *hit.after(12))
    said = " ".join(line.body for line in near)
    trouble = trouble_in(said)
    if trouble is None or trouble.code == "package-not-found":
        return None
    explanation = explain_trouble(
        trouble,
        said,
        f", and {built(hit, 'the package')} is compiled from such crates",
        tuple(line for line in near if trouble_in(line.body))[:1],
        where="the index of Rust's crates",
    )
    return replace(
        explanation,
        remedy="Let builds reach that index (`curl -v` on its address tells; a proxy is named by https_proxy in build-environment), or name a "
        "mirror of it in the build user's ~/.cargo/config.toml; " + WHEELS,
        author_remedy=AUTHOR_WHEEL,
    )


def _rustc_error(hit: LineMatch) -> Explanation | None:
    """rustc points below its errors at the source; other programs say ``error:`` too."""
    pointed = any(line.body.startswith("--> ") for line in hit.after(2))
    return _cargo_error(hit) if pointed else None


def _pyo3_too_old(hit: LineMatch) -> Explanation:
    """PyO3, the bridge between Rust and Python, refuses Pythons that came after it."""
    said = " ".join(line.body for line in (hit.line, *hit.after(3)))
    newest = re.search(r"maximum supported version \((3\.\d{1,2})\)", said)
    release = re.search(r"Current version: (\d[\d.]{1,12})", said)
    return Explanation(
        "package-too-old-for-python",
        f"{built(hit)} is built with PyO3{f' {release[1]}' if release else ''}, which supports Python up to "
        f"{newest[1] if newest else 'an older one'}; this is Python {hit['have']}.",
        "Have the author pin a newer release of the package; as a stopgap, an older Python builds it, or, where the package sticks to the "
        "stable ABI, PYO3_USE_ABI3_FORWARD_COMPATIBILITY=1 in build-environment.",
        f"Pin a release of the package that supports Python {hit['have']}, or deploy with an older Python.",
        tuple(line for line in hit.after(3) if "Current version" in line.body),
    )


def _crate_script(hit: LineMatch) -> Explanation:
    """The build script of a crate gave up; why is the panic's or the script's own last words."""
    return Explanation(
        "setup-script-failed",
        f"The build script of the Rust crate {hit['crate']}, which {built(hit, 'a package')} contains, failed.",
        "Read what the script says below that line; if it is nothing this server can provide, have the author pin another release.",
        AUTHOR_WHEEL,
        layer=Layer.EXIT,
        gives_up=True,
    )


def _panic(hit: LineMatch) -> Explanation | None:
    """A Rust program's uncaught error; its text is on the line, or since Rust 1.73 below it."""
    below = next((line for line in hit.after(3) if line.body.strip()), None)
    said = hit["what"] or ("" if below is None else below.body.strip())
    if not said or any("in the pkg-config search path" in line.body for line in hit.after(12)):
        return None  # rules/libraries.py
    return Explanation(
        "setup-script-failed",
        f"A Rust program that builds {built(hit, 'a package')} gave up: {said[:250].rstrip('.')}.",
        "Read what it wants (the line quoted here); if it is nothing this server can provide, have the author pin another release.",
        AUTHOR_WHEEL,
        () if hit["what"] or below is None else (below,),
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        "newer than PyO3's maximum supported version",
        r"Python interpreter version \((?P<have>3\.\d{1,2})\) is newer than PyO3's maximum supported version",
        _pyo3_too_old,
    ),
    rule(
        "Error: ",
        r"^(?:[\w.]{1,60}\.)?(?:ConnectError|ConnectTimeout|HTTPStatusError|URLError): .{0,300}$",
        lambda hit: _fetched_rust(hit),
    ),
    rule(
        (
            "can't find Rust compiler",
            "Rust compiler",
            "Cargo, the Rust package manager",
            "rustc",
            "cargo",
        ),
        r"[Cc]an(?:'t| ?not) find Rust compiler|Do you have cargo in your PATH|Cargo, the Rust package manager, is not installed|(?:rustc|cargo)[`'\", ].{0,60}(?:not found|not installed|No such file|command not found|is not installed)|"
        r"(?:install|need).{0,20} a Rust compiler|rustup could not choose a version",
        rust_missing,
    ),
    rule(
        ("rustc", "Rust ", "edition", "lock file version"),
        r"requires rustc (?P<wanted>[\d.]{1,12})(?: or newer)?(?:,.{0,60}is rustc (?P<have>[\d.]{1,12}))?|Rust (?P<have2>[\d.]{1,12}) does not match extension requirement|"
        r"feature `edition20\d\d` is required|older than the `20\d\d` edition|lock file version `?\d`? .{0,60}(?:understand|requires)",
        _rust_too_old,
    ),
    rule("error: ", r"^error: (?P<what>.{1,300})", _rustc_error, Layer.SYMPTOM),
    rule("error[E", r"^error\[E\d{4}\]: (?P<what>.{1,300})", _cargo_error, Layer.SYMPTOM),
    rule(
        "could not compile `",
        r"error: (?P<what>could not compile `[^`]{1,100}`.{0,100})",
        _cargo_error,
        Layer.SYMPTOM,
    ),
    rule(
        "error: failed to ",
        r"error: failed to (?:get|fetch|download|load source|query)\b",
        _no_crates,
    ),
    rule(
        "failed to run custom build command for",
        r"error: failed to run custom build command for `(?P<crate>[^`]{1,100})`",
        _crate_script,
        Layer.EXIT,
    ),
    rule(
        " panicked at ",
        r"thread '[^']{1,40}'(?: \(\d{1,10}\))? panicked at (?:'(?P<what>[^']{1,400})|'|\S{1,200}:\d{1,6}:\d{1,6}:$)",
        _panic,
        Layer.SYMPTOM,
    ),
)
