# pyright: basic, reportMissingImports=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportArgumentType=false, reportMissingModuleSource=false
# ruff: noqa: UP031, RUF005 - what newer Pythons would rather see, 2.7 cannot read
"""Serves content from its entry point, as a server would, on Python 2.7 to 3.14.

Run by `_main.py` in the content's directory; never imported. Arguments: ``wsgi``, ``asgi``,
``dash`` or ``gradio``; the entry point; host; port; then further ones for the server.
"""

import importlib
import os
import sys
import types

NAMES = ("app", "application", "create_app", "make_app")
DONE = 76  # see _driver.py


def file_of(module):
    """Return the file of a module in the content's directory, or None."""
    path = module.replace(".", "/")
    return next(
        (
            name
            for name in (path + ".py", os.path.join(path, "__init__.py"))
            if os.path.isfile(name)
        ),
        None,
    )


def module_of(entry):
    name = entry.partition(":")[0]
    return name[:-3].replace("/", ".") if name.endswith(".py") else name


def give_up(text):
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
    os._exit(4)


def is_there(name):
    if file_of(name) or os.path.isdir(name.replace(".", "/")):
        return True
    try:
        __import__(name.partition(".")[0])
    except ImportError:
        return False
    return True


def application(entry):
    """Import the entry point as rsconnect-python means it: MODULE:OBJECT, or a module alone."""
    name, what = module_of(entry), entry.partition(":")[2]
    if not is_there(name):
        give_up("can't open file '%s.py': [Errno 2] No such file or directory" % name)
    module = importlib.import_module(name)
    calls = what.endswith("()")
    what = what[:-2] if calls else what
    if not what:
        what = next((each for each in NAMES if hasattr(module, each)), "")
        calls = what in ("create_app", "make_app")
        if not what:
            give_up('Attribute "%s" not found in module "%s".' % (" or ".join(NAMES), name))
    found = module
    for part in what.split("."):
        if not hasattr(found, part):
            give_up('Attribute "%s" not found in module "%s".' % (what, name))
        found = getattr(found, part)
    return found() if calls or is_factory(found) else found


def is_factory(found):
    """Whether an object is a function that takes nothing: it makes the application."""
    if not isinstance(found, types.FunctionType):
        return False
    code = found.__code__
    return code.co_argcount == 0 and not code.co_flags & 0x04  # no *args (inspect.CO_VARARGS)


class Entry(types.ModuleType):
    """A module whose attribute is the content's application: a server imports it in its own time,
    gunicorn in its worker."""

    def __getattr__(self, name):
        if name != "application":
            raise AttributeError(name)
        made = self.__dict__["make"]()
        self.__dict__["application"] = made
        return made


def offer(make):
    module = Entry("pysteward_entry")
    module.__dict__["make"] = make
    sys.modules["pysteward_entry"] = module


def has(module):
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True


def wsgi(entry, host, port, more):
    if sys.version_info[0] > 2 and has("gunicorn.app.wsgiapp"):
        from gunicorn.app.wsgiapp import run

        offer(lambda: wsgi_of(application(entry)))
        address = "%s:%d" % (host, port)
        sys.argv = ["gunicorn", "--bind", address, "--workers", "1", "--timeout", "0"]
        sys.argv += more + ["pysteward_entry:application"]
        return run()
    from wsgiref.simple_server import make_server

    found = wsgi_of(application(entry))
    return make_server(host, port, found).serve_forever()


def wsgi_of(found):
    """Return what a WSGI server calls; of a Dash application that is its Flask."""
    is_dash = any(each.__module__.partition(".")[0] == "dash" for each in type(found).__mro__)
    return found.server if is_dash else found


def asgi(entry, host, port, more):
    found = application(entry)
    if has("uvicorn.main"):
        from uvicorn.main import main

        offer(lambda: found)
        sys.argv = ["uvicorn", "--host", host, "--port", str(port)] + more
        sys.argv += ["pysteward_entry:application"]
        return main()
    run_lifespan(found)
    sys.stdout.write("pysteward: uvicorn is not installed: import and lifespan only\n")
    sys.stdout.flush()
    os._exit(DONE)


def run_lifespan(found):
    """Start and stop an ASGI application (https://asgi.readthedocs.io, lifespan)."""
    import asyncio

    sent = []
    asked = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

    class Messages(object):  # noqa: UP004 - awaitables without the syntax that 2.7 cannot read
        def __init__(self, give):
            self.give = give

        def __await__(self):
            return self.give()
            yield

    def receive():
        return Messages(lambda: asked.pop(0) if asked else {"type": "lifespan.shutdown"})

    def send(message):
        return Messages(lambda: sent.append(message))

    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(
            found({"type": "lifespan", "asgi": {"version": "3.0"}}, receive, send)
        )
    except Exception:
        if not sent:  # an application may refuse lifespan by raising at once
            sys.stdout.write("pysteward: the application has no lifespan\n")
            return
        raise
    failed = [each for each in sent if each["type"].endswith(".failed")]
    if failed:
        give_up("pysteward: lifespan failed: %s" % failed[0].get("message", ""))


def gradio(entry, host, port, more):
    """Run the file as its author does; launch what it only defines."""
    import runpy

    name = module_of(entry)
    file = file_of(name)
    if file is None:
        return give_up("can't open file '%s.py': [Errno 2] No such file or directory" % name)
    sys.argv = [file] + more
    made = runpy.run_path(file, run_name="__main__")
    what = entry.partition(":")[2]
    for each in ([what] if what else []) + ["demo", "app", "interface", "iface"]:
        if hasattr(made.get(each), "launch"):
            return made[each].launch(server_name=host, server_port=port)
    return give_up('Attribute "%s" not found in module "%s".' % (what or "demo", name))


def main():
    kind, entry, host, port = sys.argv[1:5]
    more = sys.argv[5:]
    sys.argv = [entry] + more  # what content sees
    serve = {"wsgi": wsgi, "dash": wsgi, "asgi": asgi, "gradio": gradio}[kind]
    serve(entry, host, int(port), more)
