"""The rooms of the role × URL × object matrix that were built after the first ones: each lists its own addresses.

The columns of `MATRIX` and the codes are those of `test_matrix`; `addresses(people, rows)` makes what the room needs.
"""

from ace_partners.tests.rooms import (
    checklists,
    closing,
    evidence,
    following,
    lists,
    network,
    papers,
    passports,
    plans,
    renewals,
    reviews,
    risk,
    screening,
)

ROOMS = (
    checklists,
    evidence,
    renewals,
    lists,
    screening,
    risk,
    reviews,
    plans,
    following,
    passports,
    closing,
    papers,
    network,
)
