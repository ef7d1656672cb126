"""What the screens of builds are made of."""
