"""Which settings are active, and what they are."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from ..errors import SettingsError
from .files import FileRead, read
from .model import SETTINGS, Format, Origin, Settings, SettingsWarning
from .values import FileValues

SYSTEM_WIDE = (
    Path("/etc/pysteward/pysteward.toml"),
    Path("/etc/rstudio-connect/rstudio-connect.gcfg"),
)
"""Where settings are looked for last, the first found wins."""


def find(config: str | None, environ: Mapping[str, str]) -> Path | None:
    """Return the settings file active; None where there is none and the embedded default holds.

    In this order: ``config`` (from ``--config``), ``$PYSTEWARD_CONFIG``, the user's own, the
    system's, RStudio Connect's. The first two are taken even if nothing is there, so that a
    mistyped path is an error. The current directory is never looked into: settings name programs
    that are run, perhaps by root.
    """
    named = config or environ.get("PYSTEWARD_CONFIG")
    if named:
        return Path(os.path.abspath(named))
    return next(filter(_is_there, (*_of_the_user(environ), *SYSTEM_WIDE)), None)


def _of_the_user(environ: Mapping[str, str]) -> Iterable[Path]:
    # The XDG base directory specification: a relative path is to be ignored.
    base = environ.get("XDG_CONFIG_HOME", "")
    home = environ.get("HOME", "")
    if not os.path.isabs(base):
        base = os.path.join(home, ".config")
    if os.path.isabs(base):
        yield Path(base, "pysteward", "pysteward.toml")


def _is_there(path: Path) -> bool:
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        # Settings that may not even be looked at are active still: going on with others
        # would be going on with the wrong ones. Loading them says what is the matter.
        return True
    return True


def load(path: str | os.PathLike[str]) -> Settings:
    """Return the settings that a file holds: TOML where its name ends so, else gcfg.

    Raises SettingsError where it cannot be read, is not trusted (root, and others may write it),
    or is wrong.
    """
    return _settings_of(read(Path(os.path.abspath(path))))


def loads(path: Path, content: bytes) -> Settings:
    """Return the settings of a file if it held ``content``.

    Raises SettingsError as ``load`` does.
    """
    return _settings_of(FileRead(path, (), content))


def default(executables: Iterable[str]) -> Settings:
    """The embedded default: these Pythons, enabled, built with pysteward's own virtualenv."""
    said = FileValues(
        {"enabled": True, "executables": tuple(executables), "environment_creator": "bundled"}
    )
    return _assemble(None, "default", said, ())


def changed_on_disk(settings: Settings) -> bool:
    """Return whether one of the files that the settings were read from holds something else now.

    It costs one stat a file, unless the file was touched.
    """
    return any(file.changed() for file in settings.files_read)


def is_toml(path: Path) -> bool:
    """Return whether a settings file is TOML by its name."""
    return path.suffix.lower() == ".toml"


def _settings_of(file: FileRead) -> Settings:
    if is_toml(file.path):
        from .toml_reader import read_toml

        said = read_toml(file)
        connect = said.values.get("settings_from")
        if connect is None:
            return _assemble(file.path, "toml", said, (file,))
        base = _read_connect(connect, file, said)
        return _assemble(file.path, "toml", _over(said, _read_gcfg(base)), (file, base))
    return _assemble(file.path, "gcfg", _read_gcfg(file), (file,))


def _read_gcfg(file: FileRead) -> FileValues:
    from .gcfg_reader import read_gcfg
    from .gcfg_syntax import decode

    return read_gcfg(decode(file.content, file.path))


def _read_connect(connect: Path, file: FileRead, said: FileValues) -> FileRead:
    """Return the .gcfg file that a .toml file names in ``settings-from``."""
    line = said.origins["settings_from"].line
    if is_toml(connect):
        message = "settings-from must name a .gcfg file: a .toml file is pysteward's own"
        raise SettingsError(message, file=file.path, line=line)
    try:
        return read(connect)
    except SettingsError as problem:
        message = f"settings-from: {connect}: {problem.message}"
        raise SettingsError(message, code=problem.code, file=file.path, line=line) from None


def _over(own: FileValues, base: FileValues) -> FileValues:
    """One file's settings over those of another: what it says itself wins, lists as a whole."""
    return FileValues(
        base.values | own.values, base.origins | own.origins, own.warnings + base.warnings
    )


def _assemble(
    file: Path | None, form: Format, said: FileValues, files_read: tuple[FileRead, ...]
) -> Settings:
    """Return the settings in full: what the files set, and defaults for the rest."""
    unset = Origin()
    return Settings(
        file=file,
        format=form,
        warnings=tuple(said.warnings) + tuple(_doubtful_executables(said)),
        origins=MappingProxyType(
            {setting.field: said.origins.get(setting.field, unset) for setting in SETTINGS}
        ),
        files_read=files_read,
        **({each.field: each.default_value() for each in SETTINGS} | said.values),
    )


def _doubtful_executables(said: FileValues) -> Iterator[SettingsWarning]:
    """Warn where there is none, and of relative paths: they depend on the current directory, as
    ``~`` depends on the user.
    """
    origin = said.origins.get("executables")
    if origin is None or not said.values["executables"]:
        enabled = said.origins.get("enabled")
        if said.values.get("enabled") is True and enabled is not None:
            yield SettingsWarning(
                enabled.lines[0] if enabled.lines else None,
                "Python is enabled, but no Executable names one: no content can be built",
                enabled.file,
            )
        return
    for path, line in zip(said.values["executables"], origin.lines, strict=False):
        if not path:
            message = "an executable is empty: name an installation, or take the line away"
        elif not os.path.isabs(path):
            message = f"the executable {path} is not an absolute path: write it in full, from /"
        else:
            continue
        yield SettingsWarning(line, message, origin.file)
