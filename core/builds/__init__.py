"""Build: started, followed, cancelled, repeated; and the records that they leave.

    server = Site(state_dir, settings, run_as, analyze)
    build = deploy(server, "flask.tar.gz")          finished already, or running on its own
    for event in follow(find(state_dir, build.id)):
        …                                         Lines, Phase, Package, Waiting, Notice, Finished

A build runs in a process of its own (`worker`), so it continues when the program that started it
ends. All that is known of it stands in its record, a directory that any number of readers may
follow. What a reader needs is here at once; the rest is imported when it is first asked for.
"""

from __future__ import annotations

from ..lazy import face

__getattr__ = face(__name__, __file__)
