"""The widgets, one a file. They render what they are given and post what was asked of them."""
