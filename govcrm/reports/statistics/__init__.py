"""Statistics that anybody may see: counts of cases of a month, published once, from which nobody is recognised.

Who may see no record sees these (the role Elected Official). Nobody asks questions of the records through them: departments, kinds
and programs are given, months are whole and have ended, and what is published does not follow what happens to cases
afterwards, so that nothing is learned from how it changes. What must be left out is the domain's to say (`govcrm.domain.statistics`).

Counted are cases that are no parts of others, restricted ones among them: what is withheld protects them as it does
all. Sealed ones are not, for that there are any is sealed too.
"""

DOCTYPE = "Case Statistic"
REPORT = "Service Statistics"
WITHHELD = "withheld"
