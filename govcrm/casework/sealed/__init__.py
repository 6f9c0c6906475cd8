"""What a sealed case says, kept apart from its records and encrypted under the key of the case.

While a case is sealed its records, and all that hang on them, hold nothing but what work needs: numbers, dates, states,
who has it. Every other field stands empty, or says "Sealed"; what stood there lies in one *Sealed Matter*. `content` says
which fields those are, `hanging` which records belong to a case, `matter` keeps the words, `keeping` catches what is saved
meanwhile, `raising` and `lowering` move the words there and back, `copies` removes what Frappe has copied elsewhere,
`showing` lets those who may read and write them.
"""
