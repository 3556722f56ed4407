"""Places of the two provinces, as a tree, with other spellings and points where a source exists."""

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


class PlaceQuerySet(models.QuerySet):
    def with_descendants_of(self, place):
        """Ids of `place` and of everything below it, by the materialised lineage."""
        return self.filter(lineage__startswith=place.lineage).values("pk")


class Place(models.Model):
    """A named place. `lineage` is the path of slugs from the country down ("rd-congo/lualaba/kolwezi/")."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(unique=True)
    aliases = models.CharField(_("other spellings"), max_length=200, blank=True)
    level = models.CharField(_("level"), max_length=12, choices=PlaceLevel)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    lineage = models.CharField(max_length=300, editable=False, db_index=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    precision = models.CharField(max_length=1, blank=True, help_text="A town, B secondary source, C approximate")
    pcode = models.CharField(max_length=12, blank=True)
    note = models.CharField(max_length=200, blank=True)
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
        self.lineage = f"{self.parent.lineage if self.parent_id else ''}{self.slug}/"
        self.search_text = fold_all(self.name, self.aliases)
        super().save(*args, **kwargs)

    @property
    def audit_chain(self):
        return "network"
