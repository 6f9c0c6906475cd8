"""Checkpoints are taken to places outside the database, so that nobody can put back an older log unseen.

A *kind* (`kinds.py`) knows one sort of place. `running.py` takes the newest checkpoint to each place that is due, one job
each; `damage.py` refuses when a place remembers a log that this site no longer has.
"""
