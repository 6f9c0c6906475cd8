"""The audit ledger without Frappe: what is hashed, how, and what it proves.

`canonical` writes values as bytes, `commitments` hides them, `rows` says what a record is, `leaf` and `merkle` make the
tree, `checkpoint` signs it. Hashes, keys and salts are bytes here; records and files hold them in hexadecimal.
"""
