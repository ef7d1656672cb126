"""What the screens of upgrades are made of."""
