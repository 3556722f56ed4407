"""Proposal (a draft, mutable until approved or returned) and Decision (insert-only, superseded, never edited)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ace_partners.core.rights import CASE_ROLES, PARTNER_ROLES, Role
from partners.models import DocumentType, Partner
from vetting.models.checklists import ChecklistItem, Criterion
from vetting.models.dossiers import EXAMINING_ROLES, ConflictDeclaration, Dossier
from vetting.models.risk import RiskRating
from vetting.scoring import Outcome

OUTCOME_CHOICES = [
    (Outcome.APPROVED.value, _("Approved")),
    (Outcome.CONDITIONAL.value, _("Approved with conditions")),
    (Outcome.TO_STRENGTHEN.value, _("To strengthen first")),
    (Outcome.DECLINED.value, _("Declined")),
    (Outcome.EXCLUDED.value, _("Excluded")),
]
OUTCOMES = [code for code, label in OUTCOME_CHOICES]

CRITERION_RESULT_CHOICES = [
    ("met", _("Met")),
    ("met_with_conditions", _("Met with conditions")),
    ("not_met", _("Not met yet")),
    ("not_assessed", _("Not assessed")),
]


class ProposalKind(models.TextChoices):
    """A round ends in one; the others change a decision that is in force, by a new one (design §5)."""

    ROUND = "round", _("End of a round")
    CORRECTION = "correction", _("Correction of a decision")
    REVIEW = "review", _("After a review asked by the organisation")
    EXCLUSION = "exclusion", _("Exclusion")


class ProposalQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Read where findings are read; a monitoring officer reads the exclusions, which he may propose (design §6)."""
        examined = Q(dossier__partner__in=Partner.objects.in_reach(user, *EXAMINING_ROLES))
        exclusions = Q(dossier__partner__in=Partner.objects.in_reach(user, Role.ME_OFFICER))
        return self.filter(examined | (exclusions & Q(kind=ProposalKind.EXCLUSION)))


class Proposal(models.Model):
    """What the examiner proposes: outcome, reasons per criterion, steps, validity and the letter as it will be sent."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="proposals")
    kind = models.CharField(_("kind"), max_length=10, choices=ProposalKind, default=ProposalKind.ROUND)
    motive = models.TextField(_("why the decision in force is replaced"), blank=True)
    replaces = models.ForeignKey("vetting.Decision", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Findings of a closed round stay as they were written; a replacement carries its own: item code → answer.
    changed_findings = models.JSONField(default=dict, blank=True)
    override_reason = models.TextField(_("why another outcome than the findings lead to"), blank=True)
    risk = models.ForeignKey(RiskRating, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=14, choices=OUTCOME_CHOICES)
    exclusion_reason = models.TextField(_("reason for an exclusion"), blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    internal_note = models.TextField(_("note for the second person (never sent)"), blank=True)
    letter = models.TextField(_("letter"))
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    returned_at = models.DateTimeField(null=True, editable=False)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    return_reason = models.TextField(blank=True, editable=False)
    approved_at = models.DateTimeField(null=True, editable=False)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(returned_at__isnull=True, approved_at__isnull=True),
                name="one_open_proposal_per_dossier",
            ),
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="proposal_outcome_is_known"),
            models.CheckConstraint(
                condition=Q(kind=ProposalKind.ROUND, replaces__isnull=True)
                | (~Q(kind=ProposalKind.ROUND) & Q(replaces__isnull=False) & ~Q(motive="")),
                name="proposal_that_replaces_says_why",
            ),
        ]

    def __str__(self):
        return f"{self.dossier} · {self.get_outcome_display()}"


class ProposalCriterion(models.Model):
    """The reason the partner will read for one criterion."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="criteria")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()

    class Meta:
        ordering = ["criterion__code"]
        constraints = [models.UniqueConstraint(fields=["proposal", "criterion"], name="proposal_criterion_once")]

    def __str__(self):
        return f"{self.criterion}"


class StepFields(models.Model):
    """What a step towards meeting an item says, beside its own words: as proposed, and as it is followed in a plan."""

    responsible = models.CharField(_("who does it"), max_length=120, blank=True)
    support = models.CharField(_("what ACE does to help"), max_length=200, blank=True)
    evidence_type = models.ForeignKey(
        DocumentType,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("evidence expected"),
    )
    due_on = models.DateField(_("by"))

    class Meta:
        abstract = True


STEP_FIELDS = tuple(field.name for field in StepFields._meta.fields)


class ProposalStep(StepFields):
    """A dated step that closes one partial gap."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="steps")
    item = models.ForeignKey(ChecklistItem, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(_("what the organisation will do"), max_length=300)

    class Meta:
        ordering = ["item__position"]
        constraints = [models.UniqueConstraint(fields=["proposal", "item"], name="proposal_step_once")]

    def __str__(self):
        return f"{self.item}: {self.action}"


class DecisionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The decision and its letter: the organisation, ACE's people, an auditor with a grant."""
        reach = Partner.objects.in_reach(user, *CASE_ROLES, Role.ADMIN, Role.AUDITOR, *PARTNER_ROLES)
        return self.filter(partner__in=reach)

    def in_force(self):
        """The newest decision of each partner: the one that no other replaces."""
        return self.filter(replaced_by__isnull=True)


class Decision(models.Model):
    """The released decision. One chain per partner: each replaces the one before, so that history cannot fork."""

    immutable = True

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("partner"))
    dossier = models.ForeignKey(
        Dossier, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("due-diligence dossier")
    )
    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(_("outcome"), max_length=14, choices=OUTCOME_CHOICES)
    decided_at = models.DateTimeField(_("decided on"))
    valid_until = models.DateField(_("valid until"), null=True)
    reapply_from = models.DateField(_("may apply again from"), null=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("approved by")
    )
    proposer_declaration = models.ForeignKey(ConflictDeclaration, on_delete=models.PROTECT, related_name="+")
    approver_declaration = models.ForeignKey(ConflictDeclaration, on_delete=models.PROTECT, related_name="+")
    letter = models.TextField(_("letter"))
    letter_sha256 = models.CharField(_("hash of the letter"), max_length=64)
    assessment = models.JSONField(help_text="item codes, answers, document ids and hashes as they were examined")
    assessment_sha256 = models.CharField(_("hash of the assessment"), max_length=64)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by", verbose_name=_("replaces")
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(approved_by=F("proposed_by")), name="decision_needs_two_people"),
            models.CheckConstraint(
                condition=~Q(approver_declaration=F("proposer_declaration")), name="decision_needs_two_declarations"
            ),
            models.UniqueConstraint(fields=["partner"], condition=Q(replaces__isnull=True), name="decision_one_root"),
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="decision_outcome_is_known"),
            models.CheckConstraint(
                condition=~Q(outcome__in=["approved", "conditional"]) | Q(valid_until__isnull=False),
                name="decision_in_favour_has_an_end",
            ),
        ]
        indexes = [models.Index(fields=["outcome", "partner"], name="decision_by_outcome")]

    def __str__(self):
        return f"{self.partner} · {self.get_outcome_display()}"

    @property
    def audit_chain(self):
        return f"partner-{self.partner_id}"

    @property
    def audit_label(self):
        return f"décision {self.pk}"

    @property
    def reference(self):
        return f"ACE-DEC-{self.pk:04d}"


class DecisionCriterion(models.Model):
    """The public result of one criterion, and the reason released to the partner."""

    immutable = True

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="criteria")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    result = models.CharField(max_length=20, choices=CRITERION_RESULT_CHOICES)
    score = models.DecimalField(max_digits=4, decimal_places=1, null=True, help_text="percent, half-up")
    reason = models.TextField()

    class Meta:
        ordering = ["criterion__code"]
        constraints = [models.UniqueConstraint(fields=["decision", "criterion"], name="decision_criterion_once")]

    def __str__(self):
        return f"{self.criterion} {self.result}"


class DecisionCondition(models.Model):
    """A dated condition of a conditional approval."""

    immutable = True

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="conditions")
    item = models.ForeignKey(ChecklistItem, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=300)
    due_on = models.DateField()

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self):
        return f"{self.item}: {self.action}"
