"""Who works on what: taking the next case, giving cases out by a department's method, absence, recusal, the board.

Frappe's assignments lie underneath all of it: a case changes hands by its verbs alone, which make the to-do.
"""
