"""What a server of content answers to who deploys: error codes of its API, and clients' own errors."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from ..rule import Explanation, Layer, LineMatch, Rule, rule


class _Answer(NamedTuple):
    code: str
    cause: str
    remedy: str
    author: str


_VERSIONS: Final = "Update the older of the two: the server, or the client (`pip install --upgrade rsconnect-python`, or the R package rsconnect)."

# Connect's error numbers that speak of bundles and deploys. Source: public clients and their
# fixtures, as gathered in the project's notes on that API.
_ANSWERS: Final = {
    4: _Answer("server-refused", "the server has no such content, bundle or task", "See whether the content was removed, and whether the address and the GUID are those of this server.", "Deploy as new content (`--new`), or correct the content's id."),
    12: _Answer("server-refused", "the request lacks a parameter that the server wants", _VERSIONS, "Update the client and deploy again."),
    22: _Answer("server-refused", "the API key's owner has no right to do that", "Give that user the role of a publisher, or make it a collaborator of the content.", "Deploy with a key of a user who may publish and who owns the content."),
    24: _Answer("server-refused", "the API key is not valid, or nobody is signed in", "See whether the key was removed or the user is locked.", "Make a new API key on the server, and add the server to the client again (`rsconnect add`)."),
    28: _Answer("bundle-invalid", "the content has no bundle that could be deployed", "Nothing on this server is wrong.", "Deploy the files again; the upload did not end."),
    38: _Answer("bundle-invalid", "the bundle's manifest.json is missing or not valid", "Send that to the content's author; nothing on this server is wrong.", "Write manifest.json anew (`rsconnect write-manifest`), and see that it lies at the top of the archive."),
    104: _Answer("bundle-checksum", "the bundle that arrived is not the one whose checksum the client gave", "Look at the proxy before the server: one that cuts or rewrites uploads damages bundles (its size limit).", "Deploy again."),
    109: _Answer("server-refused", "this kind of content is not allowed on this server", "The license or the settings exclude that kind: see the server's own settings.", "Deploy as another kind of content, or ask the administrator."),
    121: _Answer("client-mismatch", "the request holds a field that this server does not know: the client is newer than the server", _VERSIONS, "Use an older client, or ask for a newer server."),
    134: _Answer("disk-full", "the server cannot write the bundle", "See the disk and the rights of the server's data directory (`df -h`, `df -i`).", "Nothing in the content is at fault."),
    135: _Answer("bundle-invalid", "the server cannot unpack the bundle", "See the disk of the server's data directory; if it has room, the archive is damaged.", "Deploy again; an archive made by hand must be a gzip-compressed tar."),
    141: _Answer("server-refused", "the task is not known to the node that was asked: a load balancer sends requests of one deploy to several nodes", "Switch on sticky sessions in the load balancer before the server.", "Nothing in the content is at fault."),
    147: _Answer("server-refused", "content of that kind cannot be run on this server", "See the server's license and its settings for that kind of content.", "Deploy as another kind of content."),
    148: _Answer("bundle-invalid", "the manifest's app mode is none that this server knows", _VERSIONS, "Correct appmode in manifest.json, or use a client that fits the server."),
    179: _Answer("python-disabled", "the language of the content is not supported on this server", "Enable Python in the server's settings, and name installations.", "Ask the administrator to enable Python."),
    194: _Answer("server-refused", "the management of caches is switched off on this server", "Enable it in the server's settings, if it is wanted.", "Nothing in the content is at fault."),
    **{number: _Answer("server-refused", "the execution environment that the content asks for does not exist or does not fit", "See the server's execution environments: image, cluster and Python versions.", "Name no image, or one that the server has.") for number in range(170, 176)},
}  # fmt: skip


def _api_error(hit: LineMatch) -> Explanation:
    number = hit["number"]
    answer = _ANSWERS.get(int(number)) if number.isdigit() else None
    text = hit["text"].strip(" .\"'")[:200]
    if answer is None:
        return Explanation(
            "server-refused",
            f"The server answered with its error {number}{f': {text}' if text else ''}.",
            f"Look for error {number} in the server's documentation, and into its own log at that time.",
            "Send that answer to the administrator.",
        )
    return Explanation(
        answer.code,
        f"The server answered with its error {number}: {answer.cause}{f' ({text})' if text else ''}.",
        answer.remedy,
        answer.author,
    )


def _no_such_command(hit: LineMatch) -> Explanation:
    name, client = hit["name"].strip("'\""), _client(hit)
    what = "option" if "option" in hit.line.body.lower() else "command"
    return Explanation(
        "client-too-old",
        f"{client} on the author's machine knows no {what} {name}: it is too old for it, or it is misspelled.",
        "Nothing on the server is at fault.",
        f"Update it (`pip install --upgrade {'rsconnect-python' if client == 'rsconnect' else client}`); `{client} --help` lists what it knows.",
    )


_CLIENTS: Final = ("rsconnect", "uv", "shiny", "streamlit", "flask", "poetry", "quarto")


def _client(hit: LineMatch) -> str:
    around = " ".join(line.body for line in (*hit.before(6), hit.line, *hit.after(2)))
    return next(
        (name for name in _CLIENTS if f"{name} " in around or f"{name}:" in around), "rsconnect"
    )


def _is_client(hit: LineMatch) -> bool:
    around = " ".join(line.body for line in (*hit.before(6), hit.line, *hit.after(2)))
    return "rsconnect" in around


_DEPLOYS: Final = re.compile(
    r"rsconnect|[Vv]alidating server|[Mm]aking bundle|[Dd]eploying bundle|[Uu]ploading bundle|Connect"
)


def _client_http(hit: LineMatch) -> Explanation:
    status = hit["status"]
    causes = {
        "401": ("server-refused", "it does not accept the API key", "See whether the key was removed or its user is locked.", "Make a new API key on the server, and add the server to the client again (`rsconnect add`)."),
        "403": ("server-refused", "the API key's owner may not do that", "Give that user the role of a publisher, or make it a collaborator of the content.", "Deploy with a key of a user who may publish and who owns the content."),
        "404": ("server-refused", "there is no such content or address", "See whether the content was removed, and whether the server's address is complete (a path behind a proxy).", "Deploy as new content (`--new`), and check the server's address."),
        "413": ("server-refused", "the bundle is larger than a proxy before the server lets through", "Raise the size limit of that proxy (nginx: client_max_body_size).", "Leave data, environments and caches out of the bundle."),
        "502": ("server-refused", "a proxy before the server gets no answer from it", "See whether the server runs, and the proxy's log.", "Deploy again later."),
        "503": ("server-refused", "the server or a proxy before it is not ready", "See whether the server runs, and the proxy's log.", "Deploy again later."),
        "504": ("server-refused", "a proxy before the server waited too long for its answer", "Raise the time limit of that proxy for long requests.", "Deploy again later."),
    }  # fmt: skip
    code, cause, remedy, author = causes.get(
        status,
        (
            "server-refused",
            "it refused the request",
            "Look into the server's own log at that time.",
            "Send that answer to the administrator.",
        ),
    )
    return Explanation(
        code, f"The content server answered {status} to the client: {cause}.", remedy, author
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        ("Connect API error ", "(Error code: ", "error code: ", "Error code: "),
        r"Connect API error (?P<number>[\w-]{1,60}): (?P<text>.{0,300})|(?P<text2>.{0,200}?)\(?[Ee]rror code: (?P<number2>\d{1,4})\)",
        lambda hit: _api_error(hit) if hit["number"] else None,
    ),
    rule(
        ("No such command", "No such option", "no such option"),
        r"(?:Error|error): [Nn]o such (?:command|option):? (?P<name>['\"]?[\w-]{1,60}['\"]?)",
        lambda hit: (
            _no_such_command(hit) if _is_client(hit) or "No such command" in hit.line.body else None
        ),
    ),
    rule(
        (
            "from the server",
            "The Posit Connect server",
            "RStudio Connect server",
            "Connect server",
            "Received an unexpected response",
            "Could not connect to",
        ),
        r"(?:(?:HTTP )?(?:status|response|code) ?:?|[Rr]eceived|[Rr]eported|returned) (?:an? )?(?:unexpected )?(?:response )?(?:from the server: )?(?:error )?(?:\(?(?:calling|HTTP|status|code)[^0-9]{0,60})?(?P<status>401|403|404|413|50[0-9])\b",
        lambda hit: (
            _client_http(hit)
            if any(_DEPLOYS.search(line.body) for line in (*hit.before(6), hit.line, *hit.after(2)))
            else None
        ),
        Layer.SYMPTOM,
    ),
)
