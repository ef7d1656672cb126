"""The interface as lines, for screen readers: no boxes, no cursor addressing, nothing repainted.

A prompt reads one command or key. Commands are the actions of the terminal interface, by the same
names and keys; they ask the same services.
"""
