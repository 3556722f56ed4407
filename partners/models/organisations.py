"""The organisation and the facts it states about itself. Facts that nobody gave are `Gap` rows, shown « à compléter »."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ace_partners.core.numbers import format_number
from ace_partners.core.rights import CASE_ROLES, PARTNER_ROLES, Role
from ace_partners.core.search import fold, fold_all
from partners.models.access import Grant, Membership
from partners.models.places import TOWN_OR_WIDER


class OrganisationType(models.TextChoices):
    CBO = "cbo", _("Community-based organisation (CBO)")
    CSO = "cso", _("Civil-society organisation (CSO)")
    NGO = "ngo", _("National NGO")
    INGO = "ingo", _("International NGO")
    COOPERATIVE = "cooperative", _("Mining cooperative")


class Area(models.TextChoices):
    """Criterion 2 a) to d)."""

    MINE_SITES = "mine_sites", _("Mine-site improvement")
    CHILDREN = "children", _("Children's rights and education")
    SAVINGS = "savings", _("Household savings")
    LIVELIHOODS = "livelihoods", _("Entrepreneurship and alternative livelihoods")


class Relationship(models.TextChoices):
    PROSPECT = "prospect", _("In contact")
    APPLICANT = "applicant", _("Applicant")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    ENDED = "ended", _("Ended")


SEARCHED_FIELDS = {"name", "acronym", "former_names", "summary"}


class PartnerQuerySet(models.QuerySet):
    def published(self):
        """What the public may see."""
        return self.filter(is_published=True)

    def in_reach(self, user, *roles):
        """Organisations on which `user` acts in one of `roles` today.

        A membership displaces every ACE right on that organisation (design §4, §6); an auditor needs a live grant.
        """
        if not user.is_authenticated:
            return self.none()
        own = Membership.objects.live(user)
        reach = Q(pk__in=own.filter(role__in=roles).values("partner_id"))
        ace = user.roles & set(roles)
        if ace - {Role.AUDITOR}:
            reach |= ~Q(pk__in=own.values("partner_id"))
        elif ace:
            granted = Grant.objects.live(user).values("partner_id")
            reach |= Q(pk__in=granted) & ~Q(pk__in=own.values("partner_id"))
        return self.filter(reach)

    def visible_to(self, user):
        """The organisation's record inside the closed rooms: its members, and whom `visible_to_team` names."""
        return self.in_reach(user, *PARTNER_ROLES) | self.visible_to_team(user)

    def visible_to_team(self, user):
        """The work pages: ACE's case roles, an auditor with a grant; members have their space instead.

        Who keeps accounts and reference data reads the records that are public anyway (design §6).
        """
        readers = self.in_reach(user, *CASE_ROLES, Role.AUDITOR)
        if user.is_authenticated and Role.ADMIN in user.roles:
            readers |= self.in_reach(user, Role.ADMIN).published()
        return readers

    def at(self, place):
        """Organisations that are or work at `place` or below it. A residential home counts by its town (design §9)."""
        here = PartnerPlace.objects.filter(place__lineage__startswith=place.lineage)
        if place.level not in TOWN_OR_WIDER:
            here = here.exclude(kind=PlaceKind.HOME)
        return self.filter(pk__in=here.values("partner_id"))


class Partner(models.Model):
    """An organisation in the network, or on its way there. Its state moves in `partners.actions` alone."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("name in addresses"), unique=True)
    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    former_names = models.CharField(_("former names"), max_length=300, blank=True)
    # Not known yet is None, never "": no dossier opens without a type.
    organisation_type = models.CharField(  # noqa: DJ001
        _("organisation type"), max_length=12, choices=OrganisationType, null=True, blank=True
    )
    legal_form = models.CharField(_("legal form"), max_length=200, blank=True)
    # Both are codes of core.dates.ApproxDate: "2013", "~2004", "2013-05".
    founded = models.CharField(_("founded"), max_length=11, blank=True)
    legalised = models.CharField(_("legally recognised"), max_length=11, blank=True)
    summary = models.TextField(_("in two sentences"), blank=True)
    presentation = models.TextField(_("presentation"), blank=True)
    website = models.URLField(_("website"), blank=True)
    status = models.CharField(
        _("relationship"), max_length=10, choices=Relationship, default=Relationship.PROSPECT, editable=False
    )
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    is_published = models.BooleanField(_("in the public directory"), default=False)
    is_fictitious = models.BooleanField(_("fictitious (demonstration)"), default=False)
    search_text = models.TextField(editable=False)
    created_at = models.DateTimeField(_("known since"), auto_now_add=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation_type__isnull=True) | Q(organisation_type__in=OrganisationType.values),
                name="partner_type_is_known",
            ),
            models.CheckConstraint(condition=Q(status__in=Relationship.values), name="partner_status_is_known"),
        ]
        indexes = [models.Index(fields=["is_published", "name", "id"], name="partner_directory")]

    def __str__(self):
        return self.acronym or self.name

    def save(self, *args, **kwargs):
        if not (fields := kwargs.get("update_fields")) or SEARCHED_FIELDS & set(fields):
            self.search_text = self.searchable()
            if fields:
                kwargs["update_fields"] = {*fields, "search_text"}
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("public:partner", args=[self.slug])

    def searchable(self):
        """Folded published names, the acronym also without its dots, the summary and the places; never people."""
        joined = fold(self.acronym).replace(" ", "")
        spots = self.places.select_related("place__parent__parent") if self.pk else []
        places = [text for spot in spots for text in (spot.shown_place.search_text, spot.shown_place.lineage)]
        return fold_all(self.name, self.acronym, joined, self.former_names, self.summary, *places)

    @property
    def audit_chain(self):
        return f"partner-{self.pk}"


class PartnerPartQuerySet(models.QuerySet):
    """Rows that belong to one partner and are as private as its record."""

    def visible_to(self, user):
        return self.filter(
            partner__in=Partner.objects.in_reach(user, *CASE_ROLES, Role.AUDITOR, Role.EDITOR, Role.SIGNATORY)
        )


class PartnerFactQuerySet(models.QuerySet):
    """Rows that stand on the public page with the record they belong to."""

    def visible_to(self, user):
        return self.filter(partner__in=Partner.objects.visible_to(user))


class PartnerArea(models.Model):
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="areas")
    area = models.CharField(_("contribution area"), max_length=12, choices=Area)

    objects = PartnerFactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contribution area")
        verbose_name_plural = _("contribution areas")
        constraints = [
            models.UniqueConstraint(fields=["partner", "area"], name="partner_area_once"),
            models.CheckConstraint(condition=Q(area__in=Area.values), name="partner_area_is_known"),
        ]
        indexes = [models.Index(fields=["area", "partner"], name="partner_by_area")]

    def __str__(self):
        return self.get_area_display()


class PlaceKind(models.TextChoices):
    SEAT = "seat", _("Seat")
    ACTION = "action", _("Area of action")
    MINE_SITE = "mine_site", _("Mine site")
    HOME = "home", _("Residential home")
    ORIGIN = "origin", _("Where children come from")


class PartnerPlace(models.Model):
    """Where an organisation is or works. A residential home is shown by its town only (design §9)."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="places")
    place = models.ForeignKey("partners.Place", on_delete=models.PROTECT, related_name="+", verbose_name=_("place"))
    kind = models.CharField(_("kind"), max_length=10, choices=PlaceKind)
    added_at = models.DateTimeField(_("added at"), default=timezone.now, editable=False)

    objects = PartnerFactQuerySet.as_manager()

    class Meta:
        verbose_name = _("place of a partner")
        verbose_name_plural = _("places of a partner")
        constraints = [
            models.UniqueConstraint(fields=["partner", "place", "kind"], name="partner_place_once"),
            models.CheckConstraint(condition=Q(kind__in=PlaceKind.values), name="partner_place_kind_is_known"),
        ]

    def __str__(self):
        return f"{self.place} ({self.get_kind_display()})"

    @property
    def shown_place(self):
        """The place as the public may read it: of a residential home, its town only (design §9)."""
        place = self.place
        while self.kind == PlaceKind.HOME and place.level not in TOWN_OR_WIDER and place.parent:
            place = place.parent
        return place


class ReachFigure(models.Model):
    """A figure the organisation stated about itself, with the words around it: never checked, never added up."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="reach_figures")
    qualifier = models.CharField(_("qualifier"), max_length=40, blank=True)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2, null=True, blank=True)
    value_text = models.CharField(_("value in words"), max_length=40, blank=True)
    unit = models.CharField(_("of what"), max_length=120)
    period = models.CharField(_("period or date"), max_length=120, blank=True)

    objects = PartnerFactQuerySet.as_manager()

    class Meta:
        verbose_name = _("stated figure")
        verbose_name_plural = _("stated figures")
        ordering = ["pk"]

    def __str__(self):
        value = self.value_text if self.value is None else format_number(self.value)
        return f"{self.qualifier} {value} {self.unit}".strip()


class Funder(models.Model):
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="funders")
    name = models.CharField(_("name"), max_length=150)
    relation = models.CharField(_("relation"), max_length=120, blank=True)

    objects = PartnerFactQuerySet.as_manager()

    class Meta:
        verbose_name = _("funder or collaboration")
        verbose_name_plural = _("funders and collaborations")
        ordering = ["pk"]

    def __str__(self):
        return self.name


class Gap(models.Model):
    """A fact that is missing and asked for. Public: the page says « à compléter » instead of hiding it."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="gaps")
    what = models.CharField(_("what is missing"), max_length=150)

    objects = PartnerFactQuerySet.as_manager()

    class Meta:
        verbose_name = _("fact to complete")
        verbose_name_plural = _("facts to complete")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["partner", "what"], name="gap_once")]

    def __str__(self):
        return self.what


class PartnerNoteQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Notes are ACE's own: neither the public nor the partner reads them."""
        return self.filter(partner__in=Partner.objects.in_reach(user, *CASE_ROLES, Role.AUDITOR))


class PartnerNote(models.Model):
    """A note for staff, such as a contradiction in a source that somebody has to ask about."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField(_("note"))
    source = models.CharField(_("source"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PartnerNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        ordering = ["pk"]

    def __str__(self):
        return self.text[:80]
