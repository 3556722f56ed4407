"""The rooms of the role × URL × object matrix that were built after the first ones: each lists its own addresses.

The columns of `MATRIX` and the codes are those of `test_matrix`; `addresses(people, rows)` makes what the room needs.
"""

from ace_partners.tests.rooms import (
    agreements,
    checklists,
    checks,
    closing,
    dashboards,
    evidence,
    following,
    lessons,
    lists,
    network,
    papers,
    passports,
    plans,
    renewals,
    reviews,
    risk,
    screening,
    targets,
    workbook,
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
    agreements,
    checks,
    closing,
    dashboards,
    lessons,
    network,
    papers,
    targets,
    workbook,
)
