"""Places of the two provinces, as a tree, with other spellings and points where a source exists."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from ace_partners.core.search import fold_all


class PlaceLevel(models.TextChoices):
    COUNTRY = "pays", _("Country")
    PROVINCE = "province", _("Province")
    CITY = "ville", _("City")
    TERRITORY = "territoire", _("Territory")
    COMMUNE = "commune", _("Commune")
    QUARTER = "quartier", _("Quarter")
    LOCALITY = "localite", _("Locality")
    MINE_SITE = "site_minier", _("Mine site")


# The levels that may be named of a residential home.
TOWN_OR_WIDER = frozenset({PlaceLevel.COUNTRY, PlaceLevel.PROVINCE, PlaceLevel.CITY, PlaceLevel.TERRITORY})


class PlaceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Places are public knowledge."""
        return self


class Place(models.Model):
    """A named place. `lineage` is the path of slugs from the country down ("rd-congo/lualaba/kolwezi/")."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("name in addresses"), unique=True)
    aliases = models.CharField(_("other spellings"), max_length=200, blank=True)
    level = models.CharField(_("level"), max_length=12, choices=PlaceLevel)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("lies in")
    )
    lineage = models.CharField(max_length=300, editable=False, db_index=True)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    precision = models.CharField(
        _("precision"), max_length=1, blank=True, help_text=_("A town, B secondary source, C approximate")
    )
    pcode = models.CharField(_("p-code"), max_length=12, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    search_text = models.CharField(max_length=400, editable=False)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=models.Q(level__in=PlaceLevel.values), name="place_level_is_known"),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                name="place_point_is_whole",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        was, self.lineage = self.lineage, f"{self.parent.lineage if self.parent_id else ''}{self.slug}/"
        self.search_text = fold_all(self.name, self.aliases)
        super().save(*args, **kwargs)
        if was not in ("", self.lineage):
            for child in self.children.all():
                child.parent = self
                child.save()

    def clean(self):
        """A place lies in none of its own parts."""
        if self.pk and self.parent and self.parent.lineage.startswith(self.lineage):
            raise ValidationError({"parent": _("This place lies inside the one you are changing.")})

    @property
    def audit_chain(self):
        return "network"
