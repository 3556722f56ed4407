"""A decided round with papers, and the renewal that builds on it; driven by the real actions on chosen days."""

from datetime import timedelta

from django.utils import timezone

from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from ace_partners.desk.demo.clock import on
from partners.tests.factories import DocumentFactory, MembershipFactory
from vetting import actions
from vetting.models import Checklist, ChecklistItem, ChecklistStatus, Criterion
from vetting.tests.factories import current, opened, proposal_values

AGO = 200  # days since the round that was decided


def decided_round(reviewer, approver, *, papers=True, findings=None, valid_until=None, evidence_page="3", **partner):
    """A Decision taken 200 days ago: an answer and (with `papers`) one document to each item, cited on its page."""
    findings = findings or {}
    with on(timezone.localdate() - timedelta(days=AGO)):
        dossier = opened(reviewer, **partner)
        signatory = MembershipFactory(partner=dossier.partner, role=Role.SIGNATORY).user
        document = dossier.partner.documents.get()
        document.expires_on = valid_until
        document.save()
        for answer in dossier.answers.all():
            actions.save_answer(answer, by=signatory, seen=answer.lock_version, text=f"Réponse à {answer.item.code}")
            if papers:
                actions.attach_evidence(answer, document, by=signatory)
        dossier = actions.submit(dossier, by=signatory, seen=current(dossier).lock_version).dossier
        dossier = actions.take_without_link(dossier, by=reviewer, seen=dossier.lock_version)
        evidence = [(document, evidence_page)] if papers else []
        for item in dossier.items:
            answer = findings.get(item.code, "met")
            facts = {"answer": answer, "reason": f"Constat {item.code}.", "evidence": evidence}
            actions.save_finding(dossier, item, by=reviewer, **facts)
        actions.propose(dossier, by=reviewer, seen=dossier.lock_version, **proposal_values())
        actions.declare(dossier, by=approver, has_link=False)
        return actions.approve(dossier, by=approver, seen=current(dossier).lock_version)


def renewed(decision, reviewer, **more):
    """The renewal opened today."""
    due_on = timezone.localdate() + timedelta(days=30)
    return actions.open_dossier(decision.partner, by=reviewer, round="renewal", due_on=due_on, **more)


def member(dossier, role=Role.SIGNATORY):
    """One of the organisation's people, new or known."""
    found = dossier.partner.memberships.filter(role=role).first()
    return found.user if found else MembershipFactory(partner=dossier.partner, role=role, user=UserFactory()).user


def confirmed(dossier, by):
    """Every answer that one tap confirms, confirmed."""
    for code in ("C1", "C2", "C3", "C4"):
        actions.confirm_answers(dossier, by=by, code=code)
    return current(dossier)


def sent(dossier, by):
    """Sent to ACE; what is not confirmed or new is answered first."""
    dossier = confirmed(dossier, by)
    for answer in dossier.answers.all():
        if answer.carried_from_id is None or (answer.confirmed_at is None and answer.updated_at is None):
            actions.save_answer(answer, by=by, seen=answer.lock_version, text=answer.text or "Nouvelle réponse")
    return actions.submit(dossier, by=by, seen=current(dossier).lock_version).dossier


def in_review_again(decision, reviewer, **more):
    """A renewal sent unchanged and taken by `reviewer`."""
    dossier = renewed(decision, reviewer, **more)
    dossier = sent(dossier, member(dossier))
    return actions.take_without_link(dossier, by=reviewer, seen=dossier.lock_version)


def next_checklist(**changes):
    """Publish a version 2: the items of version 1 with changes by code (C1_2={"question_fr": …}); None leaves one out."""
    given = {code.replace("_", "."): facts for code, facts in changes.items()}
    checklist = Checklist.objects.create(version=Checklist.objects.current().version + 1, sha256="1" * 64)
    for criterion in Checklist.objects.current().criteria.all():
        Criterion.objects.create(
            checklist=checklist, code=criterion.code, title_fr=criterion.title_fr, title_en=criterion.title_en
        )
    old = {item.code: item for item in ChecklistItem.objects.filter(criterion__checklist=Checklist.objects.current())}
    for position, code in enumerate([*old, *(code for code in given if code not in old)], start=1):
        if given.get(code, {}) is None:
            continue
        _copy(checklist, old.get(code) or old["C1.2"], code, position, given.get(code, {}))
    checklist.status, checklist.published_on = ChecklistStatus.PUBLISHED, timezone.localdate()
    checklist.save()
    return checklist


def _copy(checklist, old, code, position, changes):
    names = [field.name for field in ChecklistItem._meta.concrete_fields]
    facts = {name: getattr(old, name) for name in names if name not in ("id", "criterion", "code", "position")}
    criterion = checklist.criteria.get(code=code[:2])
    ChecklistItem.objects.create(**{**facts, "criterion": criterion, "code": code, "position": position, **changes})


def replace_document(document, **facts):
    """A newer version of one of the organisation's papers."""
    return DocumentFactory(partner=document.partner, type=document.type, replaces=document, **facts)
