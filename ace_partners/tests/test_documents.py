"""Every PDF of the site, made from real rows, as a checker of PDF/UA-1 and as a reader's screen reader sees it."""

import outloud
import pdfua
import pytest

from ace_partners.tests.world import make_world

# A chart of two bars has more header cells than data cells; the checker takes that for a heading cut in pieces.
NOT_A_DEFECT = {"TBL-010"}


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("public:partner_pdf", "anonymous"),
        ("public:directory_pdf", "anonymous"),
        ("vetting_space:decision_pdf", "viewer"),
        ("vetting:assessment_pdf", "reviewer"),
        ("vetting_space:plan_pdf", "viewer"),
        ("vetting_space:passport_pdf", "viewer"),
        ("vetting:screening_pdf", "reviewer"),
        ("public:poster", "anonymous"),
    ],
)
def test_documents_are_accessible(db, login, tmp_path, name, person):
    world = make_world()
    address = world.urls.get(name) or "/partenaires/annuaire.pdf"
    path = tmp_path / "document.pdf"

    response = login(world.people[person]).get(address)
    path.write_bytes(response.content)

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    by_outloud = outloud.check(str(path))
    errors = [
        str(found) for found in by_outloud.findings if found.severity == "error" and found.rule not in NOT_A_DEFECT
    ]
    assert (by_outloud.error, errors) == (None, [])
    assert [finding.message for finding in pdfua.validate(str(path)).findings] == []
