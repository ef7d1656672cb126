"""Widgets of the screen of settings."""
