"""Files of cases and of people: private, with addresses that nobody guesses, of known kinds, without metadata.

`controller` is the class of Frappe's DocType File; the others are its rules: where a file hangs (`hanging`), who may use an
address (`addresses`), what content is taken (`taking`), files in fields of other records (`attaching`).
"""
