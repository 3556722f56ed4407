"""The passport on paper: its content, its check address and the QR code of it."""

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import override

from ace_partners.core.mail import link_to
from ace_partners.core.pdf import render_pdf
from ace_partners.core.qr import qr_path
from partners.models import Area, OrganisationType
from vetting.models import CRITERION_RESULT_CHOICES, OUTCOME_CHOICES, SanctionsList, ScreeningResult


def check_url(code):
    """The public address that says whether this passport stands; always the French one, as printed."""
    with override("fr"):
        return link_to("public:verify", code)


def readable(content, lang="fr"):
    """The content with its codes in words, for the page and the paper alike."""
    results, outcomes = dict(CRITERION_RESULT_CHOICES), dict(OUTCOME_CHOICES)
    screening = content["screening"]
    return {
        **content,
        "issued_on": parse_date(content["issued_on"]),
        "valid_until": parse_date(content["valid_until"]),
        "decided_on": parse_date(content["decision"]["decided_on"]),
        "outcome_label": outcomes[content["decision"]["outcome"]],
        "type_label": OrganisationType(content["organisation"]["type"]).label,
        "area_labels": [Area(code).label for code in content["organisation"]["areas"]],
        "criteria": [
            {
                **row,
                "number": row["code"].removeprefix("C"),
                "title": row["title"][lang],
                "result_label": results[row["result"]],
                "kinds": [kind[lang] for kind in row["evidence_seen"]],
                "not_asked": [line for line in row["not_checked"] if line["why"] == "not_asked"],
                "not_applicable": [line for line in row["not_checked"] if line["why"] == "not_applicable"],
            }
            for row in content["criteria"]
        ],
        "screening": screening
        and {
            "screened_on": parse_date(screening["screened_on"]),
            "label": ScreeningResult(screening["result"]).label,
            "lists": [
                {"label": SanctionsList(row["list"]).label, "edition_on": parse_date(row["edition_on"])}
                for row in screening["lists"]
            ],
        },
    }


def paper(content, *, sha256, fictitious):
    """The passport as a PDF. Raises PdfError."""
    with override("fr"):
        path, side = qr_path(check_url(content["code"]))
        facts = {
            "passport": readable(content),
            "sha256": sha256,
            "fictitious": fictitious,
            "check_url": check_url(content["code"]),
            "qr_path": path,
            "qr_side": side,
        }
        title = _("Due-diligence passport of %(partner)s") % {"partner": content["organisation"]["name"]}
    return render_pdf("vetting/pdf/passport.html", facts, title=title, reference=content["code"])
