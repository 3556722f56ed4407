"""Addresses (design §7): French words, unprefixed; public pages also under /en/. Anything closed asks for a sign-in."""

from allauth.account.decorators import secure_admin_login
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.urls import include, path, re_path
from django.views.i18n import set_language

handler403 = "ace_partners.core.errors_pages.permission_denied"
handler404 = "ace_partners.core.errors_pages.not_found"
handler500 = "ace_partners.core.errors_pages.server_error"

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = "ACE"


def no_such_page(request, rest=""):
    """Closed rooms answer a stranger alike for pages that exist and pages that do not: first sign in."""
    raise Http404


urlpatterns = [
    path("", include("ace_partners.core.urls")),
    path("langue/", login_not_required(set_language), name="set_language"),
    path("compte/", include("ace_partners.core.account_urls")),
    path("espace/", include("vetting.urls_space")),
    path("espace/", include("impact.urls_space")),
    path("equipe/", include("vetting.urls_team")),
    path("equipe/", include("impact.urls_team")),
    path("fichiers/", include("partners.urls")),
    path("fichiers/", include("impact.urls_files")),
    path("", include("ace_partners.desk.urls")),
    re_path(r"^(?:espace|equipe|fichiers)/(?P<rest>.*)$", no_such_page, name="no_such_page"),
    path("admin/", admin.site.urls),
    *i18n_patterns(path("", include("ace_partners.public.urls")), prefix_default_language=False),
]
