"""What `bin/up`, `bin/down` and `bin/test` share. Standard library only: they run before anything is installed."""
