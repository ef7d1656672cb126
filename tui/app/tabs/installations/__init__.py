"""Widgets of the screen of installations."""
