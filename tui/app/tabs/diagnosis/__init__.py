"""What the screen of diagnosis is made of."""
