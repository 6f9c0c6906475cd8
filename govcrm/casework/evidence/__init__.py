"""Files of sealed cases: outside File, content and name encrypted under the key of the case.

`records` keeps one *Sealed Evidence* for each file, `blobs` its content on the disk. `taking` puts up, `handing` lists and hands
out, `removing` takes away. `moving` makes evidence of the Files of a case that becomes sealed, and Files of it again; `sweeping`
sets aside and removes what nothing needs any more.
"""
