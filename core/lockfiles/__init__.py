"""Lock files (PEP 751): what an environment was installed from, file by file.

    lock = lock_of_report(report, directory)        from pip's own report
    text = write_lock(lock)                      `pylock.toml`; pip and uv install from it
    lock = read_lock(text)                       checked and bounded: it may come from outside
    wanted = requirements_of(lock)               the same, as requirements with hashes
    compare_locks(lock, other)                   package by package

A lock holds no user part of any address.
"""

from __future__ import annotations

from ..lazy import face

__getattr__ = face(__name__, __file__)
