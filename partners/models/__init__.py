from partners.models.access import Grant, Membership
from partners.models.documents import Document, DocumentType
from partners.models.organisations import (
    Area,
    Funder,
    Gap,
    OrganisationType,
    Partner,
    PartnerArea,
    PartnerNote,
    PartnerPlace,
    ReachFigure,
    Relationship,
)
from partners.models.people import Person
from partners.models.places import Place, PlaceLevel

__all__ = [
    "Area",
    "Document",
    "DocumentType",
    "Funder",
    "Gap",
    "Grant",
    "Membership",
    "OrganisationType",
    "Partner",
    "PartnerArea",
    "PartnerNote",
    "PartnerPlace",
    "Person",
    "Place",
    "PlaceLevel",
    "ReachFigure",
    "Relationship",
]
