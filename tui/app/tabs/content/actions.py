"""What can be done on the screen of content."""

from __future__ import annotations

from typing import Protocol

from ...actions import Action


class State(Protocol):
    """What these actions ask the screen."""

    def why_no_content(self) -> str | None: ...

    def why_no_deploy(self) -> str | None: ...

    def why_no_rebuild(self) -> str | None: ...

    def why_no_changed(self) -> str | None: ...

    def why_no_put_back(self) -> str | None: ...


def _content(state: State) -> str | None:
    return state.why_no_content()


def _deploy(state: State) -> str | None:
    return state.why_no_deploy()


def _rebuild(state: State) -> str | None:
    return state.why_no_rebuild()


def _changed(state: State) -> str | None:
    return state.why_no_changed()


def _put_back(state: State) -> str | None:
    return state.why_no_put_back()


_SCOPE = "content"

ACTIONS = (
    Action(_SCOPE, "filter", ("slash",), "Filter",
           "Show only the content that holds what you type", in_footer=True),
    Action(_SCOPE, "deploy", ("d",), "Deploy",
           "Deploy a bundle: a folder or a .tar.gz with a manifest.json", possible=_deploy,
           in_footer=True),
    Action(_SCOPE, "rebuild", ("b",), "Rebuild",
           "Build it again; it keeps its Python as long as that can be used", possible=_rebuild,
           in_footer=True),
    Action(_SCOPE, "rebuild_changed", ("B",), "Rebuild all",
           "Rebuild all content that would not become again what it is", possible=_changed),
    Action(_SCOPE, "put_back", ("u",), "Put back",
           "Put it back on its environment before this one", possible=_put_back, in_footer=True),
    Action(_SCOPE, "build", ("l",), "Last build",
           "Show its last build with the log", possible=_content, in_footer=True),
    Action(_SCOPE, "simulate", ("m",), "Simulate",
           "Take its request to the simulator", possible=_content),
    Action(_SCOPE, "detail", ("enter",), "Detail",
           "Go to the detail and back", possible=_content),
)  # fmt: skip
