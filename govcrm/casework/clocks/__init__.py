"""The clocks of cases: what must be done by when.

A clock is a Case Deadline with its Case Deadline Events; `govcrm.domain.deadlines` computes it from them. Acts on a case
are turned into events here, and what follows is kept on the records for queries.

- `opening`: the clocks a case begins with, for intake and for both bulk paths;
- `following`: what an act does to them;
- `records`: reading and writing, one statement a table;
- `summary`: what the case, and those who asked, are shown of them;
- `why`: how a date came about, in words;
- `recompute`: what a changed calendar does to dates.
"""
