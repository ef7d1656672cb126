"""Which run of the machine this is: what was not flushed to disk is lost with it."""

from __future__ import annotations


def boot_id() -> str:
    """Return what tells this run of the machine from the one before; empty where the system has
    none."""
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            return file.read().strip()
    except OSError:
        return ""
