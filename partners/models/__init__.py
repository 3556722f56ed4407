from partners.models.access import Grant, Membership
from partners.models.documents import COUNTS, Confidentiality, Document, DocumentType, Validity, ValidityState
from partners.models.organisations import (
    Area,
    Funder,
    Gap,
    OrganisationType,
    Partner,
    PartnerArea,
    PartnerNote,
    PartnerPlace,
    PlaceKind,
    ReachFigure,
    Relationship,
)
from partners.models.people import Person
from partners.models.places import Place, PlaceLevel

__all__ = [
    "Area",
    "COUNTS",
    "Confidentiality",
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
    "PlaceKind",
    "PlaceLevel",
    "ReachFigure",
    "Relationship",
    "Validity",
    "ValidityState",
]
