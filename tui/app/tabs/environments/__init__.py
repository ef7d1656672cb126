"""The Environments tab."""
