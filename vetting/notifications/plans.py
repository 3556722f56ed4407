"""The mails of capacity plans: one function per event (see `dossiers`). The plan itself comes with the letter."""

from django.conf import settings

from ace_partners.core.mail import link_to, queue
from ace_partners.core.rights import Role
from vetting.notifications.people import colleagues, members

REMINDER = "vetting/email/plan_reminder"


def evidence_received(step, *, note, by):
    """To ACE's due-diligence officers: somebody has to look at it."""
    _to_ace("plan_evidence", step, f"evidence-{step.lock_version}", by=by, note=note)


def step_sent_back(step, *, by):
    _to_members("plan_sent_back", step, f"back-{step.lock_version}", by=by)


def step_validated(step, *, by):
    _to_members("plan_validated", step, f"validated-{step.lock_version}", by=by)


def step_dropped(step, *, by):
    _to_members("plan_dropped", step, f"dropped-{step.lock_version}", by=by)


def step_extended(extension, *, by):
    _to_members("plan_extended", extension.action, f"extension-{extension.pk}", by=by, extension=extension)


def steps_due(partner, steps, *, dedupe, late):
    """One reminder for all steps of one organisation that are near or past their day. Returns the rows made."""
    context = {"partner": partner, "steps": steps, "late": late, "contact": settings.ACE_CONTACT_EMAIL}
    context["link"] = link_to("vetting_space:plan", steps[0].plan_id)
    return queue(REMINDER, to=members(partner), context=context, dedupe=dedupe)


def _to_members(kind, step, event, *, by, **more):
    _queue(kind, step, members(step.plan.partner), event, "vetting_space:step", by=by, **more)


def _to_ace(kind, step, event, *, by, **more):
    to = colleagues(Role.REVIEWER, step.plan.partner, but=[by])
    _queue(kind, step, to, event, "vetting:step", by=by, in_digest=True, **more)


def _queue(kind, step, to, event, page, *, by, in_digest=False, **more):
    context = {"step": step, "partner": step.plan.partner, "link": link_to(page, step.pk), **more}
    dedupe = f"capacity-{step.pk}-{event}"
    queue(f"vetting/email/{kind}", to=to, context=context, dedupe=dedupe, by=by, in_digest=in_digest)
