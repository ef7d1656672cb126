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
from .....core.matching import Matcher, Policy
from ...app_api import app_of
from ...background import call
from ...dialogs.dialog import Dialog, hints
from ...widgets.field import Field
from ...widgets.path_field import PathField, named, remember_path

if TYPE_CHECKING:
    from textual.timer import Timer

    from .....core.builds import Build
    from .....core.services import ContentService
    from ...session import Session


_PAUSE = 0.3  # seconds without a key before a bundle is looked at


class DeployDialog(Dialog["Build"]):
    """Answers with the build that it has begun.

    What is typed is looked at meanwhile, so that the Python is known before Enter. A deploy that
    fails leaves the dialog open, with the reason and what was typed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [("tab", "turn", "")]

    def __init__(self, content: ContentService) -> None:
        super().__init__()
        self._content = content
        self._looked_at: str | None = None
        self._is_deploying = False
        self._timer: Timer | None = None

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

    @property
    def _typed(self) -> str:
        return self.query_one("#bundle", Field).value.strip()

    @on(Input.Changed, "#bundle")
    def _changed(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_PAUSE, lambda: self._look(is_asked=False))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if not self._typed:
            self._say("a path is needed")
        elif self._typed == self._looked_at:
            self._deploy(self._typed)
        else:
            self._say("reading the bundle")
            self._look(is_asked=True)

    @property
    def _content_name(self) -> str | None:
        return self.query_one("#name", Field).value.strip() or None

    def _look(self, *, is_asked: bool, anew: bool = False) -> None:
        """Describe what is typed. is_asked: say it, too, where that is no bundle. anew: though it
        is described."""
        text, session = self._typed, self._session
        if not text or (text == self._looked_at and not anew) or self._is_deploying:
            return

        def described(said: str) -> None:
            if self._typed == text:
                self._looked_at = text
                self._say(f"{said} Enter deploys it.")
                if session.analyzing:
                    self._look_once_analyzed()

        def refused(problem: StewardError) -> None:
            if self._typed == text:
                # Half a path is nothing to complain of.
                self._say(str(problem) if is_asked else "")

        path, name, content = Path(text).expanduser(), self._content_name, self._content
        call(
            self,
            lambda: f"{_describe(path, session)}{_replaced(path, name, content)}",
            described,
            refused,
        )

    def _look_once_analyzed(self) -> None:
        """Describe the bundle again when it is known which Python it gets."""
        if self._session.analyzing:
            self._timer = self.set_timer(_PAUSE, self._look_once_analyzed)
        else:
            self._look(is_asked=False, anew=True)

    def _deploy(self, text: str) -> None:
        if self._is_deploying:
            return
        name, content = self._content_name, self._content

        def begun(build: Build) -> None:
            self.dismiss(build)

        def refused(problem: StewardError) -> None:
            self._is_deploying = False
            self._say(str(problem))

        remember_path(text)
        self._is_deploying = True
        self._say("deploying")
        call(
            self,
            # What is replaced was said with the description.
            lambda: content.deploy(Path(text).expanduser(), name, confirm=lambda _: True),
            begun,
            refused,
            must_finish=True,
        )

    def _say(self, text: str) -> None:
        self.query_one("#said", Static).update(
            Content(app_of(self).terminal_display.line(text, 300))
        )


def _replaced(path: Path, name: str | None, content: ContentService) -> str:
    """Return a sentence about the content that a deploy updates; empty for new content."""
    found = content.replaced_by(path, name)
    return "" if found is None else f" {found.sentence[0].upper()}{found.sentence[1:]}."


def _describe(path: Path, session: Session) -> str:
    """Return a bundle, and the Python that it would get, in sentences. Raises: BundleError."""
    from .....core.bundles import open_bundle, request_of
    from .....core.installations import candidates

    bundle = open_bundle(path)
    if not bundle.needs_python:
        return f"{bundle.name} needs no Python."
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
