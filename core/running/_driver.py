# pyright: basic, reportMissingImports=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportGeneralTypeIssues=false, reportOptionalOperand=false, reportArgumentType=false
# ruff: noqa: UP031, SIM105, C402 - what newer Pythons would rather see, 2.7 cannot read
# ruff: noqa: E402 - what is imported has to wait for the path without the current directory
"""Starts content and asks it, from inside of its confinement, on Python 2.7 to 3.14.

Sent as the argument of ``-c`` to the environment's interpreter; never imported. Its job comes
through standard input, see `driver.py`. What it has to say to the worker begins with the job's
token; everything else in the output is the content's own.
"""

import sys

sys.path[:] = [entry for entry in sys.path if entry]  # the current directory is the author's

import base64
import json
import os
import posixpath
import resource
import signal
import socket
import subprocess
import time

PAUSE = 0.01  # seconds between two looks
TRACES = 0.3  # seconds for the tracebacks of what is ended at its time limit
NOT_HERE = 77  # exit status of a session that this release cannot open
LATE = 75  # exit status of a notebook that was interrupted at the time limit
DONE = 76  # exit status of a program that has done without a server all that it could
MOST_HEAD = 65536

job = json.loads(sys.stdin.read())
deadline = time.time() + job["timeout"]


def say(kind, **facts):
    line = "%s%s\n" % (job["token"], json.dumps(dict(facts, kind=kind)))
    os.write(1, line.encode("ascii"))


def show(text):
    os.write(1, ("pysteward: %s\n" % text).encode("utf-8"))


def answer(step, ok, **facts):
    say("answer", step=step, ok=ok, **facts)
    sys.stdout.flush()
    os._exit(0)


def before_program():
    os.setsid()
    if job["memory"]:
        resource.setrlimit(resource.RLIMIT_DATA, (job["memory"], job["memory"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def start(argv, port=0):
    told = dict(
        (name, text.replace("{port}", str(port))) for name, text in job["variables"].items()
    )
    with open(os.devnull) as nothing:
        return subprocess.Popen(
            argv,
            stdin=nothing,
            stderr=subprocess.STDOUT,
            env=dict(os.environ, **told),
            preexec_fn=before_program,
        )


def free_port():
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((job["host"], job["port"]))
    port = listener.getsockname()[1]
    listener.close()
    return port


def end_with_traces(programs):
    """End what has not come up in time; its tracebacks (PYTHONFAULTHANDLER) tell where it is."""
    for program in programs:
        if program.poll() is None:
            try:
                os.killpg(program.pid, signal.SIGABRT)
            except OSError:
                pass
    time.sleep(TRACES)


def connect(port):
    connection = socket.socket()
    connection.settimeout(max(0.1, min(5.0, deadline - time.time())))
    try:
        connection.connect((job["host"], port))
    except OSError:
        connection.close()
        return None
    return connection


def wait_for_port(program, port):
    while True:
        connection = connect(port)
        if connection is not None:
            connection.close()
            return
        status = program.poll()
        if status == DONE:
            answer("program", True, status=status)
        if status is not None:
            answer("listen", False, status=status)
        if time.time() > deadline:
            end_with_traces([program])
            show(
                "the content did not start listening at port %d within %d seconds"
                % (port, job["timeout"])
            )
            answer("listen", False, late=True)
        time.sleep(PAUSE)


def request(port, path, headers=()):
    """Return the status, the headers and the open connection; None where there is no answer."""
    connection = connect(port)
    if connection is None:
        return None
    connection.settimeout(max(0.1, deadline - time.time()))
    lines = ["GET %s HTTP/1.1" % path, "Host: %s:%d" % (job["host"], port)]
    lines += ["User-Agent: pysteward", "Accept: text/html,*/*"]
    lines += list(headers) or ["Connection: close"]
    try:
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("ascii"))
        data = b""
        while b"\r\n\r\n" not in data and len(data) < MOST_HEAD:
            more = connection.recv(4096)
            if not more:
                break
            data += more
        head, _, rest = data.partition(b"\r\n\r\n")
        first, _, fields = head.decode("latin-1").partition("\r\n")
        status = int(first.split(" ")[1])
    except (OSError, ValueError, IndexError):
        connection.close()
        return None
    found = {}
    for field in fields.split("\r\n"):
        name, _, value = field.partition(":")
        found[name.strip().lower()] = value.strip()
    return status, found, connection, rest


def read_all(connection):
    """Read the body: some servers run content only while its answer is taken."""
    try:
        while connection.recv(65536):
            if time.time() > deadline:
                break
    except OSError:
        pass
    connection.close()


def ask(program, port, path):
    """Ask for a path, and for where it leads; return the last status."""
    status = None
    for _ in range(4):
        say("phase", detail="GET %s" % path)
        found = request(port, path)
        if found is None:
            if time.time() > deadline:
                end_with_traces([program])
                show("GET %s was not answered within %d seconds" % (path, job["timeout"]))
                answer("request", False, late=True, path=path)
            answer("request", False, status=program.poll(), path=path)
        status, headers, connection, _rest = found
        read_all(connection)
        target = headers.get("location", "")
        own = "http://%s:%d" % (job["host"], port)
        if target.startswith(own):
            target = target[len(own) :]
        if not 300 <= status < 400 or not target or "://" in target:
            break
        # RFC 9110, 10.2.2: what Location says may be relative.
        path = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    if status >= 500:
        show("GET %s was answered with HTTP %d" % (path, status))
        answer("request", False, http=status, path=path)
    return status


def frame(text):
    """A text frame of RFC 6455, masked as a client must."""
    data, mask = text.encode("utf-8"), os.urandom(4)
    masked = bytearray(data)
    for at in range(len(masked)):
        masked[at] ^= bytearray(mask)[at % 4]
    return bytes(bytearray([0x81, 0x80 | len(data)])) + mask + bytes(masked)


def open_socket(port, path, first):
    """Open a session as a browser does, and return whether the server takes part in it."""
    say("phase", detail="websocket %s" % path)
    key = base64.b64encode(os.urandom(16)).decode("ascii")
    found = request(
        port,
        path,
        (
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: %s" % key,
            "Origin: http://%s:%d" % (job["host"], port),
        ),
    )
    if found is None or found[0] != 101:
        return False
    connection, data = found[2], found[3]
    try:
        connection.sendall(frame(first))
        give_up = min(deadline, time.time() + 10)
        while time.time() < give_up:
            # "idle" is what Shiny says once it has run all that a new session needs.
            if b"idle" in data or data[:1] == b"\x88":
                break
            connection.settimeout(max(0.05, give_up - time.time()))
            more = connection.recv(65536)
            if not more:
                break
            data += more
    except OSError:
        pass
    connection.close()
    return True


def wait_until_it_ends(program, name, step):
    """Return the exit status of a program that ends by itself, or answer that it is late."""
    while program.poll() is None and time.time() < deadline + job["grace"]:
        time.sleep(PAUSE)
    status = program.poll()
    if status is None or status == LATE:
        end_with_traces([program])
        show("%s did not end within %d seconds" % (name, job["timeout"]))
        answer(step, False, late=True)
    return status


def finish_session(session, program, waited_for, not_opened):
    """Wait for the program that opens a session; its failure is the content's."""
    status = wait_until_it_ends(session, job["session_name"], "session")
    if status == NOT_HERE:
        not_opened.append(job["session_missing"])
    elif status != 0:
        answer("session", False, status=status)
    else:
        waited_for.append(job["session_name"])


def hold(program, port):
    """Run in the foreground until the program ends."""
    say("listening", port=port)
    answer("program", program.wait() == 0, status=program.returncode)


def main():
    waited_for, not_opened = [], list(job["not_opened"])
    port = free_port() if job["serves"] else 0
    argv = [
        str(port) if word == "{port}" else word.replace("{port}", str(port)) for word in job["argv"]
    ]
    say("phase", detail=job["name"])
    session = start(job["session"]) if job["session"] and not job["hold"] else None
    program = start(argv, port)
    if not job["serves"]:
        status = wait_until_it_ends(program, job["name"], "program")
        if status == NOT_HERE:
            answer("program", True, unchecked=True, not_opened=not_opened)
        waited_for = [job["name"]] if status == 0 else []
        answer("program", status == 0, status=status, waited_for=waited_for, not_opened=not_opened)
    wait_for_port(program, port)
    if job["hold"]:
        hold(program, port)
    waited_for.append("port %d to listen" % port)
    for path in job["paths"]:
        status = ask(program, port, path)
        waited_for.append("GET %s, answered with HTTP %d" % (path, status))
    if job["socket"]:
        if open_socket(port, job["socket"], job["first"]):
            waited_for.append("a session over a websocket")
        else:
            not_opened.append("no session: %s takes no websocket" % job["socket"])
    if session is not None:
        finish_session(session, program, waited_for, not_opened)
    if program.poll() is not None:
        answer("request", False, status=program.poll())
    answer("done", True, waited_for=waited_for, not_opened=not_opened)


main()
