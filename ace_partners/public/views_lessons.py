"""Lessons for everyone: the list with its filters, and one lesson."""

from django.core.paginator import Paginator
from django.http import Http404

from ace_partners.public import facts
from ace_partners.public.answers import page, public
from ace_partners.public.filters import LessonFilter
from ace_partners.public.views import filters_of
from impact.models import Lesson

PER_PAGE = 20


@public
def lessons(request):
    gazetteer = facts.Gazetteer()
    filterset = LessonFilter(request.GET, queryset=Lesson.objects.published(), gazetteer=gazetteer)
    if not filterset.is_valid():
        return page(request, "public/lessons.html", {"form": filterset.form, "query": request.GET.urlencode()})
    listed = Paginator(filterset.qs.values_list("pk", flat=True), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": filterset.form,
        "page_obj": listed,
        "lessons": facts.lessons(Lesson.objects.published().filter(pk__in=list(listed))),
        "count": listed.paginator.count,
        "query": filters_of(request),
    }
    return page(request, "public/lessons.html", context, query=f"page={listed.number}" if listed.number > 1 else "")


@public
def lesson(request, slug):
    found = facts.lessons(Lesson.objects.published().filter(slug=slug))
    if not found:
        raise Http404
    return page(request, "public/lesson.html", {"lesson": found[0]})
