"""Versions of the checklist on the staff pages: list, version, preview, the forms of a draft, the second person."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ace_partners.core import audit
from ace_partners.core.forms import ActionForm, page
from vetting import checklist_words as words
from vetting.actions import checklists as actions
from vetting.checklist_content import in_order
from vetting.checklist_diff import compare, content_of, with_items
from vetting.forms.checklists import ChangesForm, CriterionForm, ItemForm, NewItemForm, PreviewForm
from vetting.forms.team import ReasonForm
from vetting.models import DRAFTING_ROLES, Checklist, ChecklistStatus
from vetting.rules import checklists as rules
from vetting.scoring import item_applies

EVENTS_SHOWN = 30


def versions(request):
    """All versions, for those who draft and publish them; 404 for everybody else."""
    if not request.user.roles & DRAFTING_ROLES:
        raise Http404
    return Checklist.objects.visible_to(request.user).select_related("based_on", "proposed_by", "published_by")


def reached(request, version):
    return get_object_or_404(versions(request), version=version)


def criterion_of(row, code):
    return get_object_or_404(row.criteria, code=code)


def item_of(row, code):
    """The item with that code in that version; 404 when it is not there."""
    return get_object_or_404(row.criteria, items__code=code).items.get(code=code)


def to_version(row, anchor=""):
    address = reverse("vetting:checklist", args=[row.version])
    return redirect(f"{address}#{anchor}" if anchor else address)


# --- reading -----------------------------------------------------------------------------------------------------


def checklist_list(request):
    context = {"rows": versions(request), "against": rules.against_starting(request.user)}
    return page(request, "vetting/checklists/list.html", context)


def checklist(request, version):
    row = reached(request, version)
    documents = words.document_names()
    criteria = with_items(row)
    events = labelled(audit.history(row)[:EVENTS_SHOWN])
    difference = difference_of(row, criteria, documents)
    marks = difference.marks() if difference else {}
    context = {
        "checklist": row,
        "cards": [
            (
                criterion,
                [(item, words.item_rows(item, documents), marks.get(item.code)) for item in criterion.items.all()],
            )
            for criterion in criteria
        ],
        "difference": difference,
        "against_editing": rules.against_editing(row, request.user),
        "returned": row.status == ChecklistStatus.DRAFT and next(filter(is_return, events), None),
        "events": events,
    }
    return page(request, "vetting/checklists/version.html", context)


def labelled(events):
    """Audit events as `components/history.html` wants them, each with its words."""
    return [
        {
            "action": event.action,
            "label": words.event_words(event),
            "at": event.at,
            "actor_name": event.actor_name,
            "reason": event.reason,
        }
        for event in events
    ]


def is_return(event):
    return event["action"] == "checklist.return"


def difference_of(row, criteria, documents):
    """What this version changes in the one it is based on, in words; None for one that came from a file."""
    if row.based_on is None:
        return None
    found = compare(content_of(row.based_on), content_of(row))
    return words.difference_in_words(found, with_items(row.based_on), criteria, documents) if found else found


def preview(request, version):
    """The questions as an organisation of that type gets them."""
    row = reached(request, version)
    form = PreviewForm(request.GET if "type" in request.GET else PreviewForm.DEFAULTS)
    cards = asked_of(row, **form.cleaned_data) if form.is_valid() else []
    context = {"checklist": row, "cards": cards, "count": sum(len(items) for _criterion, items in cards)}
    return page(request, "vetting/checklists/preview.html", context, form=form)


def asked_of(row, *, type, areas, round):
    """(criterion, [(item, whether it is a knock-out, names of its documents)]) as such an organisation is asked."""
    names = words.document_names()
    facts = {"organisation_type": type, "areas": areas, "round": round}
    return [
        (
            criterion,
            [
                (item, "all" in item.knock_out or type in item.knock_out, [names.get(c, c) for c in item.documents])
                for item in criterion.items.all()
                if item_applies(item, **facts)
            ],
        )
        for criterion in with_items(row)
    ]


# --- drafting ----------------------------------------------------------------------------------------------------


@require_POST
def start(request):
    versions(request)
    draft = actions.start_draft(by=request.user)
    messages.success(request, _("Version %(version)s is yours to edit.") % {"version": draft.version})
    return to_version(draft)


def criterion(request, version, code):
    row = reached(request, version)
    one = criterion_of(row, code)
    form = CriterionForm(request.POST or None, criterion=one, seen=row.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.edit_criterion(row, code, by=request.user, **form.cleaned_data)
            messages.success(request, _("Criterion %(criterion)s: title kept.") % {"criterion": code})
            return to_version(row, code)
    context = {"checklist": row, "criterion": one, "against": rules.against_editing(row, request.user)}
    return page(request, "vetting/checklists/criterion.html", context, form=form)


def item(request, version, code):
    """The form of one item in a draft; its content alone in a version that is not edited any more."""
    row = reached(request, version)
    one = item_of(row, code)
    form = ItemForm(request.POST or None, item=one, seen=row.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.edit_item(row, code, by=request.user, seen=form.cleaned_data["seen"], values=form.values())
            messages.success(request, _("%(item)s is kept.") % {"item": code})
            return to_version(row, code)
    context = {
        "checklist": row,
        "item": one,
        "rows": words.item_rows(one, words.document_names()),
        "against": rules.against_editing(row, request.user),
        "against_removing": rules.against_removing(code),
        "remove_form": ActionForm(seen=row.lock_version),
    }
    return page(request, "vetting/checklists/item.html", context, form=form)


def item_add(request, version, code):
    row = reached(request, version)
    one = criterion_of(row, code)
    form = NewItemForm(request.POST or None, seen=row.lock_version, initial={"code": next_code(one)})
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            added = actions.add_item(
                row,
                code,
                by=request.user,
                seen=form.cleaned_data["seen"],
                code=form.cleaned_data["code"],
                values=form.values(),
            )
            messages.success(request, _("%(item)s is added.") % {"item": added.code})
            return to_version(row, added.code)
    context = {"checklist": row, "criterion": one, "against": rules.against_editing(row, request.user)}
    return page(request, "vetting/checklists/item_add.html", context, form=form)


def next_code(criterion):
    """The first number after the last item of a criterion."""
    numbers = [in_order(code)[1] for code in criterion.items.values_list("code", flat=True)]
    return f"{criterion.code}.{max(numbers, default=0) + 1}"


@require_POST
def item_remove(request, version, code):
    row = reached(request, version)
    one = item_of(row, code)
    form = ActionForm(request.POST, seen=row.lock_version)
    if not form.is_valid():
        return redirect("vetting:checklist_item", row.version, code)
    actions.remove_item(row, code, by=request.user, **form.cleaned_data)
    messages.success(request, _("%(item)s is removed from this version.") % {"item": code})
    return to_version(row, one.criterion.code)


# --- proposing and publishing ------------------------------------------------------------------------------------


def propose(request, version):
    """Write down what changes, and keep it or pass the version on."""
    row = reached(request, version)
    form = ChangesForm(request.POST or None, seen=row.lock_version, initial={"what_changes": row.what_changes})
    if request.method == "POST" and form.is_valid():
        passes_on = "propose" in request.POST
        with form.refusals():
            (actions.propose if passes_on else actions.explain)(row, by=request.user, **form.cleaned_data)
            done = _("The version waits for a second person.") if passes_on else _("Your explanation is kept.")
            messages.success(request, done)
            return to_version(row)
    context = {
        "checklist": row,
        "against_editing": rules.against_editing(row, request.user),
        "against": rules.against_proposing(row, request.user),
    }
    return page(request, "vetting/checklists/propose.html", context, form=form)


def discard(request, version):
    """The last question before a draft goes."""
    row = reached(request, version)
    form = ActionForm(request.POST or None, seen=row.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.discard_draft(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("The draft of version %(version)s is given up.") % {"version": version})
            return redirect("vetting:checklist_list")
    context = {"checklist": row, "against": rules.against_editing(row, request.user)}
    return page(request, "vetting/checklists/discard.html", context, form=form)


def publish(request, version):
    """The second person's page: what changes, and the two answers."""
    row = reached(request, version)
    form = ActionForm(request.POST or None, seen=row.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.publish(row, by=request.user, **form.cleaned_data)
            messages.success(
                request,
                _("Version %(version)s is published. New dossiers take it; open ones keep theirs.")
                % {"version": row.version},
            )
            return to_version(row)
    criteria = with_items(row)
    context = {
        "checklist": row,
        "difference": difference_of(row, criteria, words.document_names()),
        "against": rules.against_moving(row, "publish", request.user),
        "against_return": rules.against_moving(row, "return", request.user),
    }
    return page(request, "vetting/checklists/publish.html", context, form=form)


def send_back(request, version):
    row = reached(request, version)
    form = ReasonForm(request.POST or None, seen=row.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.return_draft(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("The version is a draft again; its author has your reason."))
            return to_version(row)
    context = {"checklist": row, "against": rules.against_moving(row, "return", request.user)}
    return page(request, "vetting/checklists/return.html", context, form=form)
