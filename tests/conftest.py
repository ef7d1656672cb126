"""Fixtures that several folders of tests share; each lives in a module of tests/support."""

pytest_plugins = ["tests.support.installation", "tests.support.server"]
