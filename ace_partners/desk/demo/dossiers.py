"""Drive each fictitious organisation along its road of due diligence, with the real actions and the real rules."""

from datetime import timedelta

from django.utils import timezone

from ace_partners.core.dates import add_months
from ace_partners.core.models import User
from ace_partners.desk.demo.clock import on
from ace_partners.desk.demo.paper import paper
from partners.actions import add_document, publish_document
from partners.models import DocumentType
from vetting import actions, risk, rules, scoring
from vetting.actions import plans
from vetting.models import CapacityAction, Dossier
from vetting.rules.risk import Disagreement, rate, suggest

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
    "conditional": {"C1.7": "partial", "C2.3": "partial"},
    "to_strengthen": {"C1.2": "not_met", "C1.7": "partial", "C4.2": "not_met"},
    "declined": {"C3.1": "not_met"},
    "excluded": {"C1.4": "not_met"},
}
OUTCOMES = {"expired": "approved", "proposed": "approved"}
DAYS_AGO = {"expired": 430, "approved": 400, "conditional": 350}
# What the officer knows and the file does not: reaching the place, and one funder for nearly everything.
OWN_RATING = Disagreement(
    scores={"R3": 3, "R6": 3, "R7": 2},
    reasons={
        "R3": "La subvention demandée dépasse le dernier budget annuel.",
        "R6": "La piste est coupée trois mois par an ; un seul bailleur couvre plus de 80 % du budget.",
        "R7": "Deux rapports seulement ont été remis à d’autres bailleurs.",
    },
    comment="Vu sur place en septembre : l’équipe est sérieuse, l’argent et la route le sont moins.",
)


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
        propose(dossier, story)
    if story == "proposed":
        return
    with on(opened + timedelta(days=14)):
        actions.declare(dossier, by=user("direction"), has_link=False)
        actions.approve(dossier, by=user("direction"), seen=current(dossier).lock_version)
    if story == "conditional":
        close_first_step(dossier, document, signatory, opened)
    if story == "to_strengthen":
        with on(opened + timedelta(days=35)):
            send_first_step(dossier, document, signatory)


def close_first_step(dossier, document, signatory, opened):
    """The first condition is met in time; the other one is still running."""
    with on(opened + timedelta(days=70)):
        step = send_first_step(dossier, document, signatory)
    with on(opened + timedelta(days=76)):
        plans.validate(step, by=user("diligence"), seen=step.lock_version)


def send_first_step(dossier, document, signatory):
    """The step due first, with its evidence sent to ACE."""
    step = CapacityAction.objects.filter(plan__partner=dossier.partner).first()
    plans.attach_document(step, document, by=signatory)
    step = plans.start(step, by=signatory, seen=step.lock_version)
    return plans.send_evidence(step, by=signatory, seen=step.lock_version, note="Adopté en assemblée, voir la page 2.")


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
    issued_on = add_months(timezone.localdate(), -15)
    return add_document(partner, type=kind, upload=upload, by=signatory, issued_on=issued_on)


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


def propose(dossier, story):
    outcome = OUTCOMES.get(story, story)
    gaps = FINDINGS.get(story, {})
    disagreement = OWN_RATING if story == "proposed" else None
    excluding = story == "excluded"
    actions.propose(
        dossier,
        by=user("diligence"),
        seen=current(dossier).lock_version,
        outcome=outcome,
        reasons={code: reason_for(code, gaps) for code in scoring.CRITERIA},
        steps=steps_for(dossier, gaps) if outcome in rules.WITH_STEPS else [],
        valid_until=last_day(dossier, story, disagreement) if outcome in rules.IN_FAVOUR else None,
        exclusion_reason="Correspondance confirmée avec une liste de sanctions (fictive)." if excluding else "",
        disagreement=disagreement,
    )


def steps_for(dossier, gaps):
    """The steps that the checklist suggests, with ACE's help and the paper that will show each."""
    kinds = {kind.code: kind for kind in DocumentType.objects.all()}
    items = [answer.item for answer in dossier.answers.select_related("item") if answer.item.code in gaps]
    return [
        rules.Step(
            item_code=item.code,
            action=item.suggested_step or "Écrire ce qui manque et le faire adopter par le comité.",
            due_on=add_months(timezone.localdate(), item.suggested_months or item.plan_months),
            responsible="le comité de gestion",
            support="un modèle et une journée de formation",
            evidence_type=kinds.get(item.suggested_document),
        )
        for item in items
    ]


def last_day(dossier, story, disagreement):
    """As long as the risk allows; the expired one got a year, some time ago."""
    if story == "expired":
        return add_months(timezone.localdate(), 12)
    rating = rate(suggest(dossier), disagreement)
    return add_months(timezone.localdate(), risk.review_months(rating.band))


def reason_for(criterion, gaps):
    found = sorted(code for code in gaps if code.startswith(criterion))
    if not found:
        return CRITERION_REASONS[criterion]
    return f"Point{'s' if len(found) > 1 else ''} {', '.join(found)} à compléter : {REASONS[gaps[found[0]]]}"
