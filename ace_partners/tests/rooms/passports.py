"""The addresses of this room, for the role × URL × object matrix: passports, their shares, the public check."""

from datetime import timedelta

from django.utils import timezone

from vetting.actions.passports import secret_hash
from vetting.models import Passport, PassportShare

READING, MEMBERS, POST_ONLY, PUBLIC = "32224222424", "32224444444", "35555555555", "22222222222"
MATRIX: dict[str, str] = {
    **dict.fromkeys(
        [f"vetting_space:{n}" for n in ("passport", "passport_pdf", "passport_json", "passport_revoke")], READING
    ),
    **dict.fromkeys([f"vetting:{n}" for n in ("passport", "passport_pdf", "passport_revoke")], READING),
    **dict.fromkeys([f"vetting_space:{n}" for n in ("passports", "passport_share")], MEMBERS),
    **dict.fromkeys([f"vetting_space:{n}" for n in ("passport_issue", "passport_share_end")], POST_ONLY),
    **dict.fromkeys([f"public:{n}" for n in ("verify_form", "verify", "shared_passport")], PUBLIC),
}


def addresses(people, rows):
    """A passport with a share, on the decision of the own organisation."""
    decision, soon = rows["decision"], timezone.localdate() + timedelta(days=30)
    content = {
        "code": "AAAA-BBBB-CCCC",
        "issued_on": "2026-01-02",
        "valid_until": soon.isoformat(),
        "organisation": {"name": "X", "acronym": "", "type": "ngo", "areas": []},
        "decision": {"reference": "D", "decided_on": "2026-01-01", "outcome": "approved", "conditions": 0},
        "criteria": [],
        "screening": None,
    }
    passport = Passport.objects.create(
        partner=rows["partner"],
        decision=decision,
        code=content["code"],
        content=content,
        sha256="0" * 64,
        valid_until=soon,
        issued_by=people["signatory"],
        issued_at=timezone.now(),
    )
    share = PassportShare.objects.create(
        passport=passport, recipient="X", ends_on=soon, created_by=people["signatory"], secret_sha256=secret_hash("s")
    )
    names = "passport passport_pdf passport_json passport_share passport_revoke".split()
    return {
        **dict.fromkeys(["vetting_space:passports", "vetting_space:passport_issue"], [rows["partner"].slug]),
        **dict.fromkeys([f"vetting_space:{name}" for name in names], [passport.pk]),
        **dict.fromkeys([f"vetting:{n}" for n in ("passport", "passport_pdf", "passport_revoke")], [passport.pk]),
        "vetting_space:passport_share_end": [share.pk],
        "public:verify": [passport.code],
        "public:shared_passport": ["s"],
    }
