"""What a file is, by what it says rather than by what it is called, and what does not belong in it."""
