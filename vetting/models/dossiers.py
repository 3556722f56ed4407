"""One round of due diligence: the partner's answers and evidence, ACE's findings, requests and declarations."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ace_partners.core.rights import CASE_ROLES, PARTNER_ROLES, Role
from partners.models import Document, OrganisationType, Partner
from vetting import scoring
from vetting.models.checklists import Checklist, ChecklistItem
from vetting.scoring import Answer as AnswerCode

FINDING_CHOICES = [
    (AnswerCode.MET.value, _("Met")),
    (AnswerCode.PARTIAL.value, _("Partly met")),
    (AnswerCode.NOT_MET.value, _("Not met")),
    (AnswerCode.NOT_APPLICABLE.value, _("Not applicable")),
]


EXAMINING_ROLES = frozenset({Role.REVIEWER, Role.APPROVER, Role.AUDITOR})  # who reads findings and proposals


class DossierStatus(models.TextChoices):
    COLLECTING = "collecting", _("Being prepared")
    SUBMITTED = "submitted", _("Submitted")
    IN_REVIEW = "in_review", _("In review")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    PROPOSED = "proposed", _("Decision proposed")
    DECIDED = "decided", _("Decided")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN_STATUSES = (
    DossierStatus.COLLECTING,
    DossierStatus.SUBMITTED,
    DossierStatus.IN_REVIEW,
    DossierStatus.CHANGES_REQUESTED,
    DossierStatus.PROPOSED,
)
WITH_PARTNER = (DossierStatus.COLLECTING, DossierStatus.CHANGES_REQUESTED)


class Round(models.TextChoices):
    INITIAL = "initial", _("First due diligence")
    RENEWAL = "renewal", _("Renewal")


class DossierQuerySet(models.QuerySet):
    def visible_to(self, user):
        reach = Partner.objects.in_reach(user, *CASE_ROLES, Role.AUDITOR, *PARTNER_ROLES)
        return self.filter(partner__in=reach)

    def examined_by(self, user):
        """Where findings, internal reasons and proposals may be read: not by the organisation, whatever its role."""
        return self.filter(partner__in=Partner.objects.in_reach(user, *EXAMINING_ROLES))

    def open(self):
        return self.filter(status__in=OPEN_STATUSES)


class Dossier(models.Model):
    """One round against one checklist version. Type and areas are those of the day it was opened."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="dossiers", verbose_name=_("partner"))
    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="+", verbose_name=_("checklist"))
    round = models.CharField(_("round"), max_length=8, choices=Round, default=Round.INITIAL)
    organisation_type = models.CharField(_("organisation type"), max_length=12, choices=OrganisationType)
    areas = models.JSONField(_("contribution areas"), default=list)
    status = models.CharField(
        _("status"), max_length=20, choices=DossierStatus, default=DossierStatus.COLLECTING, editable=False
    )
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    due_on = models.DateField(_("expected from the partner by"), null=True, blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_dossiers",
        verbose_name=_("examined by"),
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("opened by")
    )
    opened_at = models.DateTimeField(_("opened on"), auto_now_add=True)
    first_submitted_at = models.DateTimeField(_("first sent on"), null=True, editable=False)
    last_submitted_at = models.DateTimeField(_("last sent on"), null=True, editable=False)
    previous = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("round before this one"),
    )

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = _("due-diligence dossier")
        verbose_name_plural = _("due-diligence dossiers")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["partner"], condition=Q(status__in=OPEN_STATUSES), name="one_open_dossier"),
            models.CheckConstraint(condition=Q(status__in=DossierStatus.values), name="dossier_status_is_known"),
            models.CheckConstraint(
                condition=Q(status__in=[DossierStatus.COLLECTING, DossierStatus.WITHDRAWN])
                | Q(first_submitted_at__isnull=False, last_submitted_at__isnull=False),
                name="dossier_beyond_collecting_was_submitted",
            ),
        ]
        indexes = [models.Index(fields=["status", "last_submitted_at"], name="dossier_by_status")]

    def __str__(self):
        return f"{self.partner} · {self.get_round_display()}"

    @property
    def audit_chain(self):
        return f"partner-{self.partner_id}"

    @property
    def audit_label(self):
        return f"dossier {self.pk}"

    @property
    def reference(self):
        """What people quote on the phone."""
        return f"ACE-D-{self.pk:04d}"

    @property
    def is_open(self):
        return self.status in OPEN_STATUSES

    @property
    def is_with_partner(self):
        return self.status in WITH_PARTNER

    @property
    def items(self):
        """The items asked of this organisation, in checklist order: those that got an answer row at opening."""
        asked = Answer.objects.filter(dossier=self).values("item_id")
        return ChecklistItem.objects.filter(pk__in=asked).select_related("criterion").order_by("position")

    @property
    def latest_version(self):
        """What the partner sent last, or None before the first submission."""
        return self.versions.order_by("-number").first()

    @property
    def open_proposal(self):
        """The proposal that waits for the second person, or None."""
        return self.proposals.filter(returned_at__isnull=True, approved_at__isnull=True).first()

    def is_knock_out(self, item):
        """Whether `item` is a knock-out for an organisation of this type."""
        return "all" in item.knock_out or self.organisation_type in item.knock_out

    def assessed_items(self):
        """The items asked, each with ACE's finding, as `scoring` wants them; two queries."""
        findings = {finding.item_id: finding for finding in self.findings.all()}
        return [self._assessed(item, findings.get(item.pk)) for item in self.items]

    def _assessed(self, item, finding):
        return scoring.Assessed(
            code=item.code,
            criterion=item.criterion.code,
            mandatory=item.mandatory,
            knock_out=self.is_knock_out(item),
            plan_months=item.plan_months,
            weight=item.weight,
            answer=AnswerCode(finding.answer) if finding else AnswerCode.NOT_ASSESSED,
            blocks_payment=item.blocks_payment,
            reason=finding.reason if finding else "",
        )


class Answer(models.Model):
    """The partner's answer to one item that applies to it; rows are made when the dossier opens."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="answers")
    item = models.ForeignKey(ChecklistItem, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("your answer"), blank=True)
    absence = models.TextField(_("we do not have this paper, because"), blank=True)
    # A renewal starts from the answer of the round before; it counts once somebody confirmed or changed it.
    carried_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    confirmed_at = models.DateTimeField(null=True, editable=False)
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    updated_at = models.DateTimeField(null=True, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["item__position"]
        constraints = [models.UniqueConstraint(fields=["dossier", "item"], name="answer_once_per_item")]

    def __str__(self):
        return f"{self.item}"

    @property
    def audit_chain(self):
        return self.dossier.audit_chain

    @property
    def audit_label(self):
        return f"réponse {self.item.code} du dossier {self.dossier_id}"


class AnswerEvidence(models.Model):
    """A document the partner attached to an answer."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="evidence")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["answer", "document"], name="answer_evidence_once")]

    def __str__(self):
        return str(self.document)


class DossierVersion(models.Model):
    """What the partner submitted, whole, at one moment."""

    immutable = True

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on_behalf = models.BooleanField(default=False)
    submitted_at = models.DateTimeField()
    content = models.JSONField(help_text="item code → text and documents (id, sha256)")
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["dossier", "number"], name="dossier_version_numbered")]

    def __str__(self):
        return f"{self.dossier.reference} v{self.number}"

    def answer_to(self, code):
        """What this version says on one item: {"text", "documents": [{"id", "sha256"}], "absence", "references": [id]}.

        Versions frozen before absence and references were asked for read as if both were empty.
        """
        nothing = {"text": "", "documents": [], "absence": "", "references": []}
        return nothing | self.content.get(code, {})

    @property
    def reference(self):
        """The number on the receipt."""
        return f"{self.dossier.reference}-V{self.number}"


class Finding(models.Model):
    """ACE's answer to one item. No row means not assessed: nothing is preselected."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="findings")
    item = models.ForeignKey(ChecklistItem, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(_("finding"), max_length=16, choices=FINDING_CHOICES)
    reason = models.TextField(_("reason"))
    version = models.ForeignKey(DossierVersion, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)
    lock_version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["item__position"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "item"], name="finding_once_per_item"),
            models.CheckConstraint(
                condition=Q(answer__in=[code for code, label in FINDING_CHOICES]), name="finding_is_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="finding_has_a_reason"),
        ]

    def __str__(self):
        return f"{self.item} {self.get_answer_display()}"

    @property
    def audit_chain(self):
        return self.dossier.audit_chain

    @property
    def audit_label(self):
        return f"constat {self.item.code} du dossier {self.dossier_id}"

    def is_outdated(self, latest):
        """Whether the organisation's answer changed between the version examined and `latest`."""
        code = self.item.code
        return self.version_id != latest.pk and self.version.answer_to(code) != latest.answer_to(code)


class FindingEvidence(models.Model):
    """The document, and the page of it, that a finding relies on."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="evidence")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    page = models.CharField(_("page"), max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["finding", "document"], name="finding_evidence_once")]

    def __str__(self):
        return str(self.document)


class CorrectionRequest(models.Model):
    """What ACE asks back on one item. The partner sees only the items asked for, ACE's remark above each."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="requests")
    item = models.ForeignKey(ChecklistItem, on_delete=models.PROTECT, related_name="+")
    remark = models.TextField(_("what is asked, and why"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("correction request")
        verbose_name_plural = _("correction requests")
        ordering = ["item__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "item"], condition=Q(answered_at__isnull=True), name="one_open_request_per_item"
            )
        ]

    def __str__(self):
        return f"{self.item}: {self.remark[:60]}"


class ConflictDeclaration(models.Model):
    """A person's statement, once per dossier, before writing or approving: no conflict of interest, or which one."""

    immutable = True

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="declarations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    has_link = models.BooleanField()
    declared_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "user"], name="declaration_once_per_person")]

    def __str__(self):
        return f"{self.user} {self.has_link}"
