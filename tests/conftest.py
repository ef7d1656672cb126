"""Fixtures that several directories of tests share; each lives in a module of tests/support."""

from hypothesis import settings

# How long an example takes depends on what else this machine does: no law of ours is about time.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

pytest_plugins = [
    "tests.support.installation",
    "tests.support.server",
    "tests.support.sizes",
    "tests.support.skips",
]
