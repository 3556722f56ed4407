"""ACE's pages on the sanctions lists: which editions are in force, and the import of a new one."""

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect

from ace_partners.core.forms import page
from ace_partners.core.uploads import safe_name
from vetting import list_phrases
from vetting.actions import lists as actions
from vetting.forms.lists import ImportForm
from vetting.lists import ListFileError, Source
from vetting.models import SanctionsEdition, SanctionsEntry, SanctionsList
from vetting.rules import lists as rules

PER_PAGE = 20


def list_index(request):
    readers_only(request)
    editions = SanctionsEdition.objects.visible_to(request.user).select_related("imported_by")
    newest = {edition.publisher: edition for edition in editions.active()}
    rows = [
        {"label": label, "edition": newest.get(code), "stale": code in newest and rules.is_stale(newest[code])}
        for code, label in SanctionsList.choices
    ]
    context = {
        "lists": rows,
        "stale_days": settings.ACE_LIST_STALE_DAYS,
        "page_obj": Paginator(editions, PER_PAGE).get_page(request.GET.get("page")),
        "against": rules.against_importing(request.user),
    }
    return page(request, "vetting/lists/index.html", context)


def list_import(request):
    readers_only(request)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        with form.refusals(), bad_files(form), kept_for_a_moment(values.pop("files")) as sources:
            done = actions.import_edition(values.pop("publisher"), sources, by=request.user, **values)
            messages.success(request, list_phrases.done(done.edition, is_new=done.is_new))
            return redirect("vetting:list_edition", done.edition.pk)
    context = {"against": rules.against_importing(request.user), "files": list_phrases.files()}
    return page(request, "vetting/lists/import.html", context, form=form)


def list_edition(request, pk):
    editions = SanctionsEdition.objects.visible_to(request.user).select_related("imported_by")
    edition = get_object_or_404(editions, pk=pk)
    in_force = editions.active().filter(pk=pk).exists()
    entries = SanctionsEntry.objects.visible_to(request.user).order_by("reference").prefetch_related("names")
    context = {
        "edition": edition,
        "came": Paginator(entries.came_with(edition), PER_PAGE).get_page(request.GET.get("new")),
        "went": Paginator(entries.went_with(edition), PER_PAGE).get_page(request.GET.get("gone")),
        "in_force": in_force,
        "stale": in_force and rules.is_stale(edition),
        "files": [{**file, "parts": [file["sha256"][at : at + 8] for at in range(0, 64, 8)]} for file in edition.files],
    }
    return page(request, "vetting/lists/edition.html", context)


def readers_only(request):
    if not request.user.roles & rules.READING_ROLES:
        raise Http404


@contextmanager
def bad_files(form):
    """Around an import: what is wrong with a file is said beside the field of the files."""
    try:
        yield
    except ListFileError as bad:
        form.bad_file(list_phrases.sentence(bad))


@contextmanager
def kept_for_a_moment(uploads):
    """The uploads as Sources in a folder that is gone afterwards, written piece by piece. Raises ListFileError: too large."""
    with TemporaryDirectory(prefix="ace-list-") as folder:
        yield [written(upload, Path(folder) / str(number)) for number, upload in enumerate(uploads)]


def written(upload, path):
    name = safe_name(upload.name)
    if upload.size > settings.ACE_LIST_MAX_BYTES:
        raise actions.too_large(name)
    with path.open("wb") as out:
        for chunk in upload.chunks():
            out.write(chunk)
    return Source(name, path)
