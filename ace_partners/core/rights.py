"""The role codes of design §6. Who holds which role on which organisation is answered by `partners.rules.roles_on`."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """ACE's five roles, then the three that a membership gives in one organisation."""

    REVIEWER = "reviewer", _("Due-diligence officer")
    ME_OFFICER = "me_officer", _("Monitoring and finance officer")
    APPROVER = "approver", _("Direction")
    ADMIN = "admin", _("Accounts and reference data")
    AUDITOR = "auditor", _("Auditor")
    VIEWER = "viewer", _("Viewer")
    EDITOR = "editor", _("Editor")
    SIGNATORY = "signatory", _("Signatory")


STAFF_ROLES = frozenset({Role.REVIEWER, Role.ME_OFFICER, Role.APPROVER, Role.ADMIN})
ACE_ROLES = STAFF_ROLES | {Role.AUDITOR}
CASE_ROLES = frozenset(
    {Role.REVIEWER, Role.ME_OFFICER, Role.APPROVER}
)  # those who read the organisations' private files
PARTNER_ROLES = frozenset({Role.VIEWER, Role.EDITOR, Role.SIGNATORY})
EDITING_ROLES = frozenset({Role.EDITOR, Role.SIGNATORY})

ACE_ROLE_CHOICES = [(role.value, role.label) for role in Role if role in ACE_ROLES]
PARTNER_ROLE_CHOICES = [(role.value, role.label) for role in Role if role in PARTNER_ROLES]
