"""The mails about targets: to the signatories when something waits for their agreement, to ACE when they answered.

A mail carries no figure: it names the indicator and leads to a page that asks for a sign-in.
"""

from django.urls import reverse

from ace_partners.core import mail
from ace_partners.core.rights import Role
from vetting.notifications.people import colleagues, members


def target_proposed(target, *, by):
    """To the signatories: a target waits for their agreement, new or changed. Several of one project make one mail."""
    project = target.project
    mail.queue(
        "impact/email/target_proposed",
        to=members(project.partner, [Role.SIGNATORY]),
        context={
            "target": target,
            "project": project,
            "partner": project.partner,
            "path": reverse("impact_space:project", args=[project.code]) + "#cibles",
        },
        dedupe=f"target-{target.pk}-{target.lock_version}-proposed",
        by=by,
        topic=f"project-{project.pk}-targets-proposed",
    )


def target_agreed(target, *, by):
    _to_officers("target_agreed", target, by=by, key=f"{target.lock_version}-agreed")


def target_questioned(target, event, *, by):
    """To ACE: the organisation sent a remark instead of agreeing; the page shows it."""
    _to_officers("target_questioned", target, by=by, key=f"remark-{event.number}")


def revision_proposed(revision, *, by):
    _to_signatories("revision_proposed", revision.target, by=by, key=f"revision-{revision.number}-proposed")


def revision_agreed(revision, *, by):
    _to_officers("revision_agreed", revision.target, by=by, key=f"revision-{revision.number}-agreed")


def revision_withdrawn(revision, *, by):
    _to_signatories("revision_withdrawn", revision.target, by=by, key=f"revision-{revision.number}-withdrawn")


def _to_signatories(name, target, *, by, key):
    people = members(target.project.partner, [Role.SIGNATORY])
    _send(name, target, people, "impact_space:target", by=by, key=key, topic=f"target-{target.pk}-organisation")


def _to_officers(name, target, *, by, key):
    people = colleagues(Role.ME_OFFICER, target.project.partner)
    _send(name, target, people, "impact:target", by=by, key=key, topic=f"target-{target.pk}-ace")


def _send(name, target, people, page, *, by, key, topic):
    path = reverse(page, args=[target.project.code, target.pk])
    mail.queue(
        f"impact/email/{name}",
        to=people,
        context={"target": target, "project": target.project, "partner": target.project.partner, "path": path},
        dedupe=f"target-{target.pk}-{key}",
        by=by,
        topic=topic,
    )
