"""What can be done with a case. Each behaviour is a mixin; `Case` is composed of them.

Every verb goes the same way: `begin` (lock the row, read it anew, check the right to write), change, `finish`
(one save, one Case Event). Verbs that move the case along its workflow do the middle part with `apply`.
"""
