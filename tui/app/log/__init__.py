"""The log viewer: it shows a log of any size, growing or not, without reading it into memory.

    file           the bytes of a file, whatever happens to it
    watcher        watches it grow, in a thread
    line_index     an index of its rows, built as it grows
    scan           finds errors, warnings and matches, in threads
    matchers       what is an error, a warning, a match
    view, window   the lines in the window
    panel          the view, marks, status and prompt
    commands       the actions of a log
    messages       what the threads report

It stands alone: put a LogPanel into an app that is an ``AppApi``, and call ``open``.
"""
