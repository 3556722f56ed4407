"""What every template may use."""

from django.conf import settings


def site(request):
    """`demo`: a banner says that the data are partly fictitious; `contact_email`: how to write to ACE."""
    return {"demo": settings.ACE_DEMO, "contact_email": settings.ACE_CONTACT_EMAIL}
