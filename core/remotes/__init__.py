"""Other servers whose content pysteward can read."""
