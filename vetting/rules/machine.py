"""The states of a dossier and the steps between them (design §5)."""

from django.utils.translation import gettext_lazy as _

from ace_partners.core.machine import Machine, Move
from ace_partners.core.rights import Role
from vetting.models import OPEN_STATUSES, DossierStatus

DOSSIER = Machine(
    noun="dossier",
    states=DossierStatus,
    initial=DossierStatus.COLLECTING,
    moves=(
        Move(
            "submit",
            (DossierStatus.COLLECTING, DossierStatus.CHANGES_REQUESTED),
            DossierStatus.SUBMITTED,
            frozenset({Role.SIGNATORY, Role.REVIEWER}),
            _("Send to ACE"),
        ),
        Move(
            "take",
            (DossierStatus.SUBMITTED,),
            DossierStatus.IN_REVIEW,
            frozenset({Role.REVIEWER}),
            _("Take this dossier"),
        ),
        Move(
            "release",
            (DossierStatus.IN_REVIEW,),
            DossierStatus.SUBMITTED,
            frozenset({Role.REVIEWER, Role.APPROVER}),
            _("Give back to the pool"),
        ),
        Move(
            "request_changes",
            (DossierStatus.IN_REVIEW,),
            DossierStatus.CHANGES_REQUESTED,
            frozenset({Role.REVIEWER}),
            _("Send the requests"),
        ),
        Move(
            "propose",
            (DossierStatus.IN_REVIEW,),
            DossierStatus.PROPOSED,
            frozenset({Role.REVIEWER}),
            _("Pass on for a second look"),
        ),
        Move(
            "send_back",
            (DossierStatus.PROPOSED,),
            DossierStatus.IN_REVIEW,
            frozenset({Role.APPROVER}),
            _("Send back to the examiner"),
            needs_reason=True,
        ),
        Move(
            "decide",
            (DossierStatus.PROPOSED,),
            DossierStatus.DECIDED,
            frozenset({Role.APPROVER}),
            _("Approve the decision"),
        ),
        Move(
            "withdraw",
            OPEN_STATUSES,
            DossierStatus.WITHDRAWN,
            frozenset({Role.SIGNATORY, Role.REVIEWER}),
            _("Withdraw the dossier"),
            needs_reason=True,
        ),
    ),
)
