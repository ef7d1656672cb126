"""What the screen of content is made of."""
