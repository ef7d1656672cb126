"""What the Servers tab is made of."""
