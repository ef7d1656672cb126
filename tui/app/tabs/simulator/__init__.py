"""Widgets of the simulator."""
