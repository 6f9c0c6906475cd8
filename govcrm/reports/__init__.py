"""What reports share. What Frappe loads lies in `<module>/report/` and hands over to these in a few lines."""
