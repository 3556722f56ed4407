"""allauth's pages at French addresses: a closed list, so that what this site does not offer has no address."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.contrib.auth.decorators import login_not_required
from django.urls import path, re_path

from ace_partners.core import digest, kept

urlpatterns = [
    path("connexion/", login_not_required(account.login), name="account_login"),
    path("deconnexion/", login_not_required(account.logout), name="account_logout"),
    path("inscription/", login_not_required(account.signup), name="account_signup"),  # closed: says whom to ask
    path("reprise/", kept.resume, name="account_kept_form"),
    path("courriels/", digest.settings_page, name="account_digest"),
    path("courriels/arreter/<str:token>/", login_not_required(digest.stop), name="account_digest_stop"),
    path("inactif/", login_not_required(account.account_inactive), name="account_inactive"),
    path("confirmer/", account.reauthenticate, name="account_reauthenticate"),
    path("mot-de-passe/", account.password_change, name="account_change_password"),
    path("mot-de-passe/choisir/", account.password_set, name="account_set_password"),
    path("mot-de-passe/oublie/", login_not_required(account.password_reset), name="account_reset_password"),
    path(
        "mot-de-passe/oublie/envoye/",
        login_not_required(account.password_reset_done),
        name="account_reset_password_done",
    ),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        login_not_required(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe/nouveau/fait/",
        login_not_required(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("second-facteur/", mfa.index, name="mfa_index"),
    path("second-facteur/code/", login_not_required(mfa.authenticate), name="mfa_authenticate"),
    path("second-facteur/confirmer/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("second-facteur/activer/", totp.activate_totp, name="mfa_activate_totp"),
    path("second-facteur/desactiver/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-facteur/secours/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "second-facteur/secours/nouveaux/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"
    ),
    path(
        "second-facteur/secours/telecharger/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]
