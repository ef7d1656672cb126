"""Ask which bundle to deploy, and under which name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from .....core.errors import StewardError
from .....core.frozen import frozen
from .....core.matching import Matcher, Policy
from ...app_api import app_of
from ...background import call
from ...dialogs.dialog import Dialog, hints
from ...widgets.field import Field
from ...widgets.path_field import PathField, named, remember_path

if TYPE_CHECKING:
    from ...session import Session


@frozen
class DeployRequest:
    """name: of the content; None for the bundle's name."""

    bundle: Path
    name: str | None


class DeployDialog(Dialog[DeployRequest]):
    """Answers with a DeployRequest; Enter first reads the bundle, then deploys it."""

    BINDINGS: ClassVar[list[BindingType]] = [("tab", "turn", "")]

    def __init__(self) -> None:
        super().__init__()
        self._looked_at: str | None = None

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = "Deploy a bundle"
            box.border_subtitle = hints(tab="Complete, next field", enter="Deploy", escape="Cancel")
            yield Static("Bundle: a directory or archive with a manifest.json", classes="hint")
            yield PathField(
                placeholder="/path/to/bundle.tar.gz",
                endings=(".tar.gz", ".tgz", ".tar", "manifest.json"),
                id="bundle",
            )
            yield Static("Content name", classes="hint")
            yield Field(placeholder="the bundle's name", id="name")
            yield Static(markup=False, id="said")

    @property
    def _session(self) -> Session:
        return app_of(self).session

    @on(PathField.Candidates)
    def _candidates(self, event: PathField.Candidates) -> None:
        event.stop()
        self._say(named(event.names))

    def on_mount(self) -> None:
        self.query_one("#bundle").focus()

    def action_turn(self) -> None:
        other = "#name" if self.query_one("#bundle").has_focus else "#bundle"
        self.query_one(other).focus()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        text = self.query_one("#bundle", Field).value.strip()
        if not text:
            self._say("a path is needed")
        elif text == self._looked_at:
            self._deploy(text)
        else:
            self._say("reading the bundle")
            path = Path(text).expanduser()
            session = self._session
            call(
                self,
                lambda: _describe(path, session),
                lambda said: self._seen(text, said),
                self._refused,
            )

    def _seen(self, text: str, said: str) -> None:
        """The bundle is valid: Enter deploys it."""
        if self.query_one("#bundle", Field).value.strip() == text:
            self._looked_at = text
            self._say(f"{said} Enter deploys it.")

    def _refused(self, problem: StewardError) -> None:
        self._say(str(problem))

    def _deploy(self, text: str) -> None:
        remember_path(text)
        name = self.query_one("#name", Field).value.strip()
        self.dismiss(DeployRequest(Path(text).expanduser(), name or None))

    def _say(self, text: str) -> None:
        self.query_one("#said", Static).update(
            Content(app_of(self).terminal_display.line(text, 300))
        )


def _describe(path: Path, session: Session) -> str:
    """Return a bundle, and the Python that it would get, in sentences. Raises: BundleError."""
    from .....core.bundles import open_bundle, request_of
    from .....core.installations import candidates

    bundle = open_bundle(path)
    if not bundle.needs_python:
        return f"{bundle.name} needs no Python"
    request = request_of(bundle)
    asks = f"{bundle.name} asks for Python {request.text}"
    if session.analyzing:
        return f"{asks}."
    decision = Matcher(candidates(session.installations), Policy.parse(session.policy)).decide(
        request
    )
    if decision.selected is None or decision.rule is None:
        return f"{asks}: no match. {decision.reason}"
    return f"{asks}: gets {decision.selected.version} by rule {decision.rule.value}."
