"""Sanctions lists as dated editions, the entries they hold, and what screening an organisation against them found."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ace_partners.core.rights import Role
from partners.models import Partner, Person
from vetting.models.dossiers import EXAMINING_ROLES

IMPORTING_ROLES = frozenset({Role.REVIEWER, Role.ADMIN})


class SanctionsList(models.TextChoices):
    UN = "un", _("United Nations")
    OFAC = "ofac", _("United States (OFAC)")
    EU = "eu", _("European Union")
    UK = "uk", _("United Kingdom")


class SanctionsEditionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Published lists, read by those who import or screen."""
        allowed = user.is_authenticated and user.roles & (IMPORTING_ROLES | {Role.APPROVER})
        return self if allowed else self.none()

    def active(self):
        """The newest edition of each list."""
        newer = self.model.objects.filter(publisher=models.OuterRef("publisher"), pk__gt=models.OuterRef("pk"))
        return self.filter(~models.Exists(newer))


class SanctionsEdition(models.Model):
    """One list as it was published on one day: the date inside the file, the hash of the file, how much it holds."""

    publisher = models.CharField(_("list"), max_length=4, choices=SanctionsList)
    edition_on = models.DateField(_("date of the edition"))
    sha256 = models.CharField(max_length=64)
    files = models.JSONField(default=list, help_text="name, size and sha256 of each file")
    entries = models.PositiveIntegerField(_("entries"))
    names = models.PositiveIntegerField(_("names"))
    added = models.PositiveIntegerField(_("new entries"))
    changed = models.PositiveIntegerField(_("changed entries"))
    removed = models.PositiveIntegerField(_("delisted entries"))
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    imported_at = models.DateTimeField(_("imported on"), auto_now_add=True)

    objects = SanctionsEditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("sanctions list edition")
        verbose_name_plural = _("sanctions list editions")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["publisher", "sha256"], name="edition_once"),
            models.CheckConstraint(condition=Q(entries__gt=0), name="edition_is_not_empty"),
        ]

    def __str__(self):
        return f"{self.get_publisher_display()} · {self.edition_on:%d/%m/%Y}"

    @property
    def audit_chain(self):
        return "network"

    @property
    def audit_label(self):
        return f"liste {self.publisher} du {self.edition_on.isoformat()}"


class EntryKind(models.TextChoices):
    PERSON = "person", _("Person")
    ENTITY = "entity", _("Organisation")
    OTHER = "other", _("Ship, aircraft")


class SanctionsEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """As their editions."""
        return self.filter(first_edition__in=SanctionsEdition.objects.visible_to(user))

    def came_with(self, edition):
        """Entries that no edition before held."""
        return self.filter(first_edition=edition)

    def went_with(self, edition):
        """Entries of the edition before that this one does not hold, but for those listed again since then."""
        before = SanctionsEdition.objects.filter(publisher=edition.publisher, pk__lt=edition.pk).order_by("-pk")
        return self.filter(last_edition=before.values("pk")[:1], delisted_at__isnull=False)


class SanctionsEntry(models.Model):
    """One listed person or organisation. It keeps its row from edition to edition; `fingerprint` tells a change."""

    publisher = models.CharField(max_length=4, choices=SanctionsList)
    reference = models.CharField(max_length=60)
    kind = models.CharField(max_length=6, choices=EntryKind)
    programme = models.CharField(max_length=200, blank=True)
    born = models.CharField(max_length=120, blank=True)
    listed_on = models.CharField(max_length=20, blank=True)
    fingerprint = models.CharField(max_length=64)
    first_edition = models.ForeignKey(SanctionsEdition, on_delete=models.PROTECT, related_name="+")
    last_edition = models.ForeignKey(SanctionsEdition, on_delete=models.PROTECT, related_name="+")
    delisted_at = models.DateTimeField(null=True)

    objects = SanctionsEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("sanctions list entry")
        verbose_name_plural = _("sanctions list entries")
        ordering = ["publisher", "reference"]
        constraints = [models.UniqueConstraint(fields=["publisher", "reference"], name="entry_once_per_list")]
        indexes = [models.Index(fields=["publisher", "delisted_at"], name="entry_of_list")]

    def __str__(self):
        return f"{self.get_publisher_display()} {self.reference}"


class SanctionsName(models.Model):
    """One name of an entry as published, and its tokens normalised and sorted by `vetting.matching`."""

    entry = models.ForeignKey(SanctionsEntry, on_delete=models.CASCADE, related_name="names")
    text = models.CharField(max_length=300)
    tokens = models.CharField(max_length=300)
    is_primary = models.BooleanField(default=False)
    is_weak = models.BooleanField(default=False)

    class Meta:
        ordering = ["-is_primary", "pk"]

    def __str__(self):
        return self.text


class ScreeningReason(models.TextChoices):
    MANUAL = "manual", _("Asked by an officer")
    IMPORT = "import", _("New edition of a list")
    NEW_PERSON = "new_person", _("New person in office")
    DECISION = "decision", _("Before a decision")
    PAYMENT = "payment", _("Before a payment")


class ScreeningResult(models.TextChoices):
    CLEAN = "clean", _("No match")
    HITS = "hits", _("Matches to look at")
    INCOMPLETE = "incomplete", _("Could not be screened whole")


class ScreeningQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(partner__in=Partner.objects.in_reach(user, *EXAMINING_ROLES))


class Screening(models.Model):
    """One run over the names of one organisation: which editions, which names, which threshold. Clean runs are kept too."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="screenings")
    reason = models.CharField(_("occasion"), max_length=10, choices=ScreeningReason)
    result = models.CharField(_("result"), max_length=10, choices=ScreeningResult)
    editions = models.JSONField(help_text="list, edition id, date and sha256 of each edition")
    strong_from = models.DecimalField(max_digits=4, decimal_places=3)
    review_from = models.DecimalField(max_digits=4, decimal_places=3)
    screened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    screened_at = models.DateTimeField(_("screened on"), auto_now_add=True)

    objects = ScreeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("screening")
        verbose_name_plural = _("screenings")
        ordering = ["-screened_at", "-pk"]
        indexes = [models.Index(fields=["partner", "screened_at"], name="screening_of_partner")]

    def __str__(self):
        return f"{self.partner} · {self.get_result_display()}"

    @property
    def reference(self):
        return f"ACE-CRIB-{self.pk:05d}"

    @property
    def audit_chain(self):
        return f"partner-{self.partner_id}"

    @property
    def audit_label(self):
        return f"criblage {self.pk}"


class SubjectKind(models.TextChoices):
    NAME = "name", _("Name")
    ACRONYM = "acronym", _("Acronym")
    FORMER_NAME = "former", _("Former name")
    PERSON = "person", _("Person in office")


class SubjectOutcome(models.TextChoices):
    CLEAN = "clean", _("No match")
    HIT = "hit", _("Match")
    CLEARED = "cleared", _("Match cleared before")
    UNSCREENABLE = "unscreenable", _("One name alone cannot be screened")


class ScreeningSubject(models.Model):
    """One name that was screened. Not frozen by the database: it names people, who have a right to erasure."""

    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, related_name="subjects")
    kind = models.CharField(max_length=7, choices=SubjectKind)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.CharField(max_length=300)
    outcome = models.CharField(max_length=12, choices=SubjectOutcome)
    best_score = models.DecimalField(max_digits=4, decimal_places=3, null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.text


class HitStatus(models.TextChoices):
    OPEN = "open", _("To look at")
    PROPOSED = "proposed", _("Waits for a second person")
    CLEARED = "cleared", _("Cleared: somebody else")
    CONFIRMED = "confirmed", _("Confirmed")
    CLOSED = "closed", _("Closed: no longer listed")


class HitVerdict(models.TextChoices):
    CLEAR = "clear", _("Not the same")
    CONFIRM = "confirm", _("The same")


HIT_HOLDS = (HitStatus.OPEN, HitStatus.PROPOSED, HitStatus.CONFIRMED)


class ScreeningHitQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(partner__in=Partner.objects.in_reach(user, *EXAMINING_ROLES))

    def holding(self):
        """Hits that stop a decision and a payment."""
        return self.filter(status__in=HIT_HOLDS)


class ScreeningHit(models.Model):
    """One pair: a subject of the organisation and a listed entry. A pair once cleared stays so until either changes."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="hits")
    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="hits")
    subject_kind = models.CharField(max_length=7, choices=SubjectKind)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="hits")
    subject_key = models.CharField(max_length=40, help_text="person-12, name, acronym, former-1")
    subject_text = models.CharField(max_length=300)
    subject_fingerprint = models.CharField(max_length=64)
    entry = models.ForeignKey(SanctionsEntry, on_delete=models.PROTECT, related_name="hits")
    entry_fingerprint = models.CharField(max_length=64)
    matched_name = models.CharField(max_length=300)
    score = models.DecimalField(max_digits=4, decimal_places=3)
    is_strong = models.BooleanField()
    why = models.JSONField(default=list, help_text="pairs of words that met, with the score of each")
    status = models.CharField(_("status"), max_length=9, choices=HitStatus, default=HitStatus.OPEN, editable=False)
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    verdict = models.CharField(max_length=7, choices=HitVerdict, blank=True, editable=False)
    verdict_reason = models.TextField(blank=True, editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(null=True, editable=False)

    objects = ScreeningHitQuerySet.as_manager()

    class Meta:
        verbose_name = _("screening hit")
        verbose_name_plural = _("screening hits")
        ordering = ["-score", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "subject_key", "subject_fingerprint", "entry", "entry_fingerprint"],
                name="hit_once_per_pair",
            ),
            models.CheckConstraint(condition=~Q(decided_by=F("proposed_by")), name="hit_needs_two_people"),
            models.CheckConstraint(
                condition=~Q(status__in=["cleared", "confirmed"])
                | (Q(decided_by__isnull=False, proposed_by__isnull=False) & ~Q(verdict_reason="")),
                name="hit_settled_by_two_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["partner", "status"], name="hit_of_partner")]

    def __str__(self):
        return f"{self.subject_text} ~ {self.matched_name}"

    @property
    def audit_chain(self):
        return f"partner-{self.partner_id}"

    @property
    def audit_label(self):
        return f"correspondance {self.pk}"
