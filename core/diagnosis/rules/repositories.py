"""Requirements in version control: git and its kin, and the way to the repository."""

from __future__ import annotations

import re
from typing import Final

from ..rule import (
    Explanation,
    Layer,
    LineMatch,
    Rule,
    rule,
)
from .connection_errors import names_a_host, where_of


def _git_missing(hit: LineMatch) -> Explanation:
    tool = hit["tool"] or "git"
    names = {"git": "git", "hg": "mercurial", "svn": "subversion", "bzr": "breezy"}
    package = names.get(tool, tool)
    return Explanation(
        "git-missing",
        f"A requirement comes from version control, and {tool} is not on this server.",
        f"Install it: Debian/Ubuntu: `apt install {package}`; RHEL: `dnf install {package}`; SUSE: `zypper install {package}`; it must be on the build's PATH.",
        "Replace the version-control address by NAME==VERSION from the index.",
    )


def _unreachable(hit: LineMatch) -> Explanation:
    body = hit.line.body
    ssh = re.search(r"(?:hostname|host) (\S{1,200}?):? ", body)
    host = ssh[1] if ssh else where_of(body) if names_a_host(body) else _host_near(hit)
    where = f" at {host}" if host else ""
    return Explanation(
        "vcs-unreachable",
        f"The repository of a requirement{where} cannot be had: {(body.partition('fatal: ')[2] or body)[:250].rstrip('.')}.",
        "From this server, as the build's user, try `git ls-remote` on that address: name, route, certificate and credentials must serve. Builds cannot ask for a password.",
        "Replace the version-control address by NAME==VERSION from the index, or by one that the server may read.",
    )


_ADDRESS: Final = re.compile(
    r"(?:ssh|git|https?)://(?:[^@\s/]{1,60}@)?(?P<host>[\w.-]{1,200})|git@(?P<host2>[\w.-]{1,200}):"
)


def _host_near(hit: LineMatch) -> str:
    """The host of the repository that the lines around name."""
    for line in (*reversed(hit.before(6)), *hit.after(6)):
        if found := _ADDRESS.search(line.body, 0, 2000):
            return found["host"] or found["host2"]
    return ""


def _clone_failed(hit: LineMatch) -> Explanation:
    return Explanation(
        "vcs-unreachable",
        f"A requirement could not be fetched from version control: {hit.line.body[:250].rstrip('.')}.",
        "From this server, as the build's user, try that command: name, route, credentials and the branch or tag must serve.",
        "Replace the version-control address by NAME==VERSION from the index.",
    )


def _no_such_revision(hit: LineMatch) -> Explanation:
    return Explanation(
        "vcs-unreachable",
        f"The repository of a requirement can be had, but has no branch, tag or commit {hit['what'].removeprefix('refs/tags/').removeprefix('refs/heads/').removesuffix('^0')}.",
        "Send that to the content's author; nothing on this server is wrong. (A commit that no branch reaches any more counts as gone.)",
        "Name a branch, tag or commit that exists behind the @ of the address.",
    )


def _no_such_directory(hit: LineMatch) -> Explanation | None:
    """What ``#subdirectory=`` names is not in the repository; pip tells of its own temporary copy."""
    directory = hit["folder"]
    told = hit["whole"] or "has no subdirectory" in hit.line.body
    if not told and not any(f"subdirectory={directory}" in line.body for line in hit.log.lines):
        return None
    name = hit["name"]
    return Explanation(
        "setup-script-failed",
        f"The repository{f' of {name}' if name else ''} has no directory {directory} with a Python project, which the requirement names as its subdirectory.",
        "Send that to the content's author; nothing on this server is wrong.",
        "Correct `#subdirectory=` in requirements.txt.",
    )


def _prompted(hit: LineMatch) -> Explanation | None:
    """git asks for a user where no user can answer, and waits until the build is ended."""
    if hit.log.length - hit.line.number > 3:
        return None
    return Explanation(
        "vcs-unreachable",
        f"{where_of(hit.line.body)} asks git for a user and password, and nobody is there to type them: the repository is private, or is not there.",
        "Give the build's user credentials (~/.netrc, a token in the address), or see with `git ls-remote` whether the address is right.",
        "Replace the version-control address by NAME==VERSION from the index, or by one that the server may read.",
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        (
            "Cannot find command",
            "while executing command git",
            "Git executable not found",
            "executable not found",
            "git: command not found",
            "git: not found",
            "No such file or directory: 'git'",
            "do you have",
            "could not execute process `git",
            "cannot find binary path",
        ),
        r"could not execute process `(?P<tool5>git) .{1,300}never executed|cannot find binary path|Cannot find command '?(?P<tool>git|hg|svn|bzr)|No such file or directory: '(?P<tool2>git|hg|svn|bzr)'|(?:^|\s)(?P<tool3>git|hg|svn)(?:: command)?: not found|git: command not found|Git executable not found|Error \[Errno 2\] .{0,80} while executing command (?P<tool4>git|hg|svn)",
        _git_missing,
    ),
    rule(
        (
            "pathspec '",
            "reference is not a tree",
            "find remote ref",
            "not our ref",
            "failed to fetch branch or tag",
            "failed to find branch",
            "Remote branch ",
            "ambiguous argument '",
            "unknown revision '",
        ),
        r"pathspec '(?P<what>.{1,200}?)' did not match|reference is not a tree: (?P<what2>\S{1,200})|[Cc]ouldn't find remote ref (?P<what3>\S{1,200})|not our ref (?P<what4>\S{1,200})|"
        r"failed to (?:fetch|find) branch[ ,\w]{1,30} `(?P<what5>[^`]{1,200})`|Remote branch (?P<what6>.{1,200}) not found|ambiguous argument '(?P<what7>[^']{1,200})': unknown revision|abort: unknown revision '(?P<what8>[^']{1,200})'",
        _no_such_revision,
    ),
    rule(
        ("has no subdirectory `", "o such file or directory: '"),
        r"has no subdirectory `(?P<folder>[^`]{1,200})`|(?P<whole>Could not install packages due to an? \w{1,30}: \[Errno 2\] No such file or directory: '/\S{1,200}/pip-(?:install|req-build|build)-\w{1,20}/(?P<name>[\w.-]{1,100}?)(?:_[0-9a-f]{32})?/(?P<folder2>[^']{1,200})'$)|"
        r"No such file or directory: '/\S{1,200}/pip-(?:install|req-build|build)-\w{1,20}/(?P<name2>[\w.-]{1,100}?)(?:_[0-9a-f]{32})?/(?P<folder3>[^']{1,200})/setup\.py'$",
        _no_such_directory,
    ),
    rule(
        ("fatal: ", "fatal error: "),
        r"fatal(?: error)?: (?:unable to access|.{1,300}Could not resolve host|[Cc]ould not read (?:from remote repository|Username|Password)|[Rr]epository .{1,300} not found|[Rr]emote error|Authentication failed|[Uu]nable to connect|unable to look up|'.{1,300}' does not appear to be a git repository|"
        r"repository '.{1,300}' does not exist|the remote end hung up|protocol error|early EOF|bad revision '|.{0,200}remote: |[Cc]ould not resolve host)",
        _unreachable,
    ),
    rule(
        (
            "Permission denied (publickey",
            "Host key verification failed",
            "ssh: connect to host",
            "ssh: Could not resolve hostname",
            "svn: E",
            "abort: ",
        ),
        r"Permission denied \(publickey|Host key verification failed|ssh: (?:connect to host|Could not resolve)|svn: E\d{6}|abort: (?:error|HTTP Error|http authorization|authorization failed|repository)",
        _unreachable,
    ),
    rule(
        ("Username for 'http", "Password for 'http"),
        r"^(?:Username|Password) for 'https?://[^']{1,300}':",
        _prompted,
        Layer.EXIT,
    ),
    rule(
        "submodule path '",
        r"Fetched in submodule path '.{1,200}', but it did not contain|(?:clone|fetch) (?:of )?.{0,300}(?:into|in) submodule path '.{1,200}' failed",
        _clone_failed,
    ),
    rule(
        (
            "git clone",
            "git fetch",
            "git checkout",
            "hg clone",
            "hg pull",
            "hg update",
            "svn export",
            "bzr branch",
            "svn checkout",
            "git rev-parse",
            "errored out with exit status",
            "git submodule",
            "pathspec '",
            "Remote branch",
            "ailed to clone",
            "Git operation failed",
            "failed to fetch",
        ),
        r"(?:git|hg|svn|bzr) (?:clone|fetch|checkout|submodule|rev-parse|pull|update|export|branch)\b.{0,1000}?(?:did not run successfully|failed with error code|errored out|returned non-zero|exit code)|pathspec '.{1,200}' did not match|[Cc]ommand errored out with exit status \d{1,3}: (?:git|hg|svn|bzr) |Remote branch .{1,200} not found|failed to (?:clone|fetch) .{0,200}(?:repository|Git|commit|branch)|Git operation failed",
        _clone_failed,
        Layer.SYMPTOM,
    ),
)
