"""Build a Python from a source archive: which one and where, what that takes, and a question."""

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
from ...app_api import app_of
from ...background import call
from ...dialogs.dialog import Dialog, hints
from ...widgets.facts import facts
from ...widgets.field import Field
from ...widgets.paragraphs import Paragraph, Paragraphs
from ...widgets.path_field import PathField

if TYPE_CHECKING:
    from .....core.services import PythonBuildService, Recipe
    from ....terminal.display import Display


class InstallPython(Dialog["Recipe"]):
    """Asks for archive and prefix; answers with the recipe, once the archive was read."""

    BINDINGS: ClassVar[list[BindingType]] = [("tab", "turn", "")]

    def __init__(self, service: PythonBuildService) -> None:
        super().__init__()
        self._service = service
        self._is_looking = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = "Build a Python from source"
            box.border_subtitle = hints(tab="Complete, next field", enter="Review", escape="Cancel")
            yield Static("Archive: Python-3.x.y.tgz or .tar.xz, from python.org", classes="hint")
            yield PathField(
                placeholder="/path/to/Python-3.11.9.tgz",
                endings=(".tgz", ".tar.gz", ".tar.xz", ".tar"),
                id="archive",
            )
            yield Static("Prefix: an empty or new directory", classes="hint")
            yield PathField(placeholder="/opt/python/ and its version", endings=("/",), id="prefix")
            yield Static(markup=False, id="said")

    def on_mount(self) -> None:
        self.query_one("#archive").focus()

    def action_turn(self) -> None:
        other = "#prefix" if self.query_one("#archive").has_focus else "#archive"
        self.query_one(other).focus()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        archive = self.query_one("#archive", Field).value.strip()
        prefix = self.query_one("#prefix", Field).value.strip()
        place = Path(prefix).expanduser() if prefix else None
        if not archive:
            self._say("a path is needed")
        elif place is not None and not place.is_absolute():
            self._say("the prefix must begin with /")
        elif not self._is_looking:
            self._is_looking = True
            self._say("reading the archive")
            path = Path(archive).expanduser().absolute()
            call(self, lambda: self._service.recipe(path, place), self._seen, self._refused)

    def _seen(self, recipe: Recipe) -> None:
        self.dismiss(recipe)

    def _refused(self, problem: StewardError) -> None:
        self._is_looking = False
        self._say(str(problem))

    def _say(self, text: str) -> None:
        self.query_one("#said", Static).update(
            Content(app_of(self).terminal_display.line(text, 300))
        )


class RecipeScreen(Dialog[bool]):
    """Shows what a build would do, and a script that does the same; answers whether to build."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("y", "answer(True)", ""),
        ("n,q", "answer(False)", ""),
        ("c", "copy", ""),
    ]

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        self._recipe = recipe

    def compose(self) -> ComposeResult:
        with Vertical(classes="box full") as box:
            box.border_title = Content(f"Build Python {self._recipe.source.version}?")
            box.border_subtitle = hints(y="Build", c="Copy script", n="Cancel")
            yield Paragraphs()

    def on_mount(self) -> None:
        lines = self.query_one(Paragraphs)
        lines.show(recipe_lines(self._recipe, app_of(self).terminal_display))
        lines.focus()

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)

    def action_copy(self) -> None:
        if self._recipe.script is None:
            app_of(self).say("There is no script: this distribution is unknown.")
        else:
            app_of(self).copy(self._recipe.script, "the script")


def recipe_lines(recipe: Recipe, display: Display) -> list[Paragraph]:
    """Return what a build would do, which build dependencies are missing, and the script."""
    source = recipe.source
    said = [
        ("Source", str(source.path)),
        ("Prefix", str(recipe.prefix)),
        ("SHA-256", source.digest),
    ]
    lines = [*facts(said, display, 9), Paragraph()]
    for text in recipe.missing:
        marked = Content.styled(f"{display.doubtful} {display.line(text)}", "$text-warning")
        lines.append(Paragraph(marked, hang=2))
    if not recipe.missing:
        lines.append(Paragraph(Content(f"{display.good} All build dependencies are installed.")))
    lines += [Paragraph(), Paragraph(Content.styled("Steps", "bold"))]
    steps = (
        f"unpacked below the state directory, as {source.top}",
        f"configured: {' '.join(recipe.options)}",
        "compiled and installed; the prefix is marked unfinished until the end",
        "pip and virtualenv installed, the standard library checked",
        "then offered for the settings",
    )
    lines += [
        Paragraph(Content(display.line(f"{number}. {text}")), 2, 3)
        for number, text in enumerate(steps, 1)
    ]
    if recipe.script is not None:
        lines += [Paragraph(), Paragraph(Content.styled("The same as a script", "bold"))]
        lines += [
            Paragraph(Content(display.line(text)), 2, 4) for text in recipe.script.splitlines()
        ]
    return lines
