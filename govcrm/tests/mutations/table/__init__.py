"""The parts of the table of doors, by what they are doors of."""
