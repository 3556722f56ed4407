"""Drive each fictitious organisation along its road of due diligence, with the real actions and the real rules."""

from datetime import timedelta

from ace_partners.core.models import User
from ace_partners.desk.demo.clock import on
from ace_partners.desk.demo.paper import paper
from partners.actions import add_document, publish_document
from partners.models import DocumentType
from vetting import actions, scoring
from vetting.models import Dossier

ANSWER = "Oui. La pièce jointe le montre ; le secrétariat peut en dire davantage."
REASONS = {
    "met": "Pièce vue, datée et signée ; elle répond à la question.",
    "partial": "La pratique existe, mais elle n’est pas encore écrite : un document manque.",
    "not_met": "Rien n’a pu être montré, ni pièce ni pratique.",
    "not_applicable": "La question ne concerne pas cette organisation.",
}
CRITERION_REASONS = {
    "C1": "L’organisation et ses responsables sont connus ; les pièces demandées ont été vues.",
    "C2": "Sa contribution est claire et située dans ses domaines.",
    "C3": "Elle s’engage à publier ses dépenses liées à l’ACE.",
    "C4": "Elle fixe des objectifs et en rendra compte.",
}
# story → the findings that are not « met »
FINDINGS = {
    "conditional": {"C1.7": "partial", "C4.2": "partial"},
    "to_strengthen": {"C1.2": "not_met", "C1.7": "partial", "C4.2": "not_met"},
    "declined": {"C3.1": "not_met"},
    "excluded": {"C1.4": "not_met"},
}
OUTCOMES = {"expired": "approved", "proposed": "approved"}
DAYS_AGO = {"expired": 430, "approved": 400, "conditional": 390}


def user(name):
    return User.objects.get(email=f"{name}@example.org")


def drive(partner, story, signatory, today):
    """Take `partner` along its story as far as the story goes; nothing happens in the future."""
    if story == "prospect":
        return
    opened = today - timedelta(days=DAYS_AGO.get(story, 45))
    with on(opened):
        dossier = actions.open_dossier(partner, by=user("diligence"), due_on=opened + timedelta(days=30))
        document = first_papers(partner, signatory)
    if story == "collecting":
        return
    with on(opened + timedelta(days=6)):
        answer_all(dossier, document, signatory)
        if story == "withdrawn":
            reason = "Nos statuts sont en cours de révision ; nous reviendrons."
            actions.withdraw(dossier, by=signatory, seen=current(dossier).lock_version, reason=reason)
            return
        actions.submit(dossier, by=signatory, seen=current(dossier).lock_version)
    if story == "submitted":
        return
    with on(opened + timedelta(days=9)):
        actions.take(dossier, by=user("diligence"), seen=current(dossier).lock_version)
        actions.declare(dossier, by=user("diligence"), has_link=False)
        assess(dossier, story, document)
    if story == "changes_requested":
        ask_back(dossier, opened)
    if story in ("in_review", "changes_requested"):
        return
    with on(opened + timedelta(days=12)):
        propose(dossier, story, opened)
    if story == "proposed":
        return
    with on(opened + timedelta(days=14)):
        actions.declare(dossier, by=user("direction"), has_link=False)
        actions.approve(dossier, by=user("direction"), seen=current(dossier).lock_version)


def current(dossier):
    return Dossier.objects.get(pk=dossier.pk)


def first_papers(partner, signatory):
    """Two documents of the organisation, the statutes published by ACE; return the statutes."""
    statutes = _document(partner, "STATUTS", signatory)
    _document(partner, "ETATS_FIN", signatory)
    publish_document(statutes, by=user("diligence"))
    return statutes


def _document(partner, code, signatory):
    kind = DocumentType.objects.get(code=code)
    content = paper(f"{kind.name_fr} - {partner.name} (document fictif)")
    upload = (content, "application/pdf", f"{code.lower()}.pdf")
    return add_document(partner, type=kind, upload=upload, by=signatory, issued_on=None)


def answer_all(dossier, document, signatory):
    for answer in dossier.answers.select_related("item", "dossier"):
        actions.save_answer(answer, by=signatory, seen=answer.lock_version, text=ANSWER)
        answer.refresh_from_db()
        if document.type.code in answer.item.documents:
            actions.attach_evidence(answer, document, by=signatory)


def assess(dossier, story, document):
    """Findings on all items; the one in review stops after the first eight."""
    answers = dossier.answers.select_related("item")
    for position, answer in enumerate(answers):
        if story == "in_review" and position == 8:
            return
        item = answer.item
        finding = FINDINGS.get(story, {}).get(item.code, "met")
        evidence = [(document, "2")] if document.type.code in item.documents else []
        actions.save_finding(
            dossier, item, by=user("diligence"), answer=finding, reason=REASONS[finding], evidence=evidence
        )


def ask_back(dossier, opened):
    with on(opened + timedelta(days=10)):
        remarks = {
            "C1.2": "Merci de joindre le procès-verbal de la dernière assemblée générale, avec la date.",
            "C4.2": "Dites le nombre de familles au départ, et la date à laquelle vous l’avez compté.",
        }
        for answer in dossier.answers.select_related("item").filter(item__code__in=remarks):
            remark = remarks[answer.item.code]
            actions.request_item(dossier, answer.item, by=user("diligence"), remark=remark)
        due_on = opened + timedelta(days=60)
        actions.send_requests(dossier, by=user("diligence"), seen=current(dossier).lock_version, due_on=due_on)


def propose(dossier, story, opened):
    outcome = OUTCOMES.get(story, story)
    gaps = FINDINGS.get(story, {})
    items = {answer.item.code: answer.item for answer in dossier.answers.select_related("item")}
    steps = [
        (items[code], "Écrire la procédure manquante et la faire adopter.", opened + timedelta(days=95))
        for code in gaps
        if outcome in ("conditional", "to_strengthen")
    ]
    in_favour = outcome in ("approved", "conditional")
    actions.propose(
        dossier,
        by=user("diligence"),
        seen=current(dossier).lock_version,
        outcome=outcome,
        reasons={code: reason_for(code, gaps) for code in scoring.CRITERIA},
        steps=steps,
        valid_until=opened + timedelta(days=365 if story == "expired" else 700) if in_favour else None,
        exclusion_reason="Correspondance confirmée avec une liste de sanctions (fictive)."
        if story == "excluded"
        else "",
    )


def reason_for(criterion, gaps):
    found = sorted(code for code in gaps if code.startswith(criterion))
    if not found:
        return CRITERION_REASONS[criterion]
    return f"Point{'s' if len(found) > 1 else ''} {', '.join(found)} à compléter : {REASONS[gaps[found[0]]]}"
