"""Promises of the look that no screenshot shows: what the content security policy, a bad link and an error page need."""

import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

CSS = Path(settings.BASE_DIR) / "static" / "css" / "site.css"
TEMPLATES = Path(settings.BASE_DIR) / "templates"
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))
PAGES = [path for path in sorted(TEMPLATES.rglob("*.html")) if "pdf" not in path.parts and "admin" not in path.parts]


class NameForm(forms.Form):
    name = forms.CharField(label="Name")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    seen = forms.IntegerField(widget=forms.HiddenInput)


def test_style_sheet_is_light_and_takes_nothing_from_elsewhere():
    css = CSS.read_text()

    assert len(css) <= 22_000
    assert re.findall(r"url\(|@import|@font-face|data:|https?:|sourceMappingURL", css) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_templates_have_no_inline_style_or_script(path):
    assert re.findall(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:|[\"'(]data:", path.read_text()) == []


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_components_say_their_inputs(path):
    first, *_rest = path.read_text().splitlines()

    assert re.fullmatch(r"\{# .*(Inputs?:|No input|Decorative:).* #\}", first)


def test_skeleton_renders_without_request_or_context():
    html = render_to_string("base.html")

    assert html.strip().startswith("<!doctype html>")
    assert re.search(r"<a [^>]*>", html[html.index("<body") :]).group() == '<a class="skip-link" href="#contenu">'
    assert '<main id="contenu"' in html
    assert "demo-banner" not in html


def test_title_says_that_the_form_has_errors():
    with translation.override("en"):
        html = render_to_string("base.html", {"form": NameForm({})})

    assert "<title>Error: Local partners – ACE</title>" in html


def test_error_summary_links_each_error_to_its_field():
    form = NameForm({"name": ""})
    form.add_error(None, "The dossier has changed.")
    with translation.override("en"):
        html = render_to_string("components/error_summary.html", {"form": form})

    assert re.findall(r"<li>(.*?)</li>", html) == [
        "The dossier has changed.",
        '<a href="#id_name">Name: This field is required.</a>',
        '<a href="#id_kind_0">Kind: This field is required.</a>',
        "This field is required.",
    ]
    assert 'tabindex="-1" autofocus' in html


@pytest.mark.parametrize(
    "context", [{}, {"form": NameForm()}, {"form": NameForm({"name": "x", "kind": "a", "seen": 1})}]
)
def test_error_summary_is_silent_without_errors(context):
    assert render_to_string("components/error_summary.html", context).strip() == ""


def test_error_summary_of_a_formset_shows_the_errors_of_each_form():
    formset = forms.formset_factory(NameForm)(
        {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2", "form-0-name": "x", "form-0-kind": "a", "form-0-seen": "1"}
    )
    with translation.override("en"):
        html = render_to_string("components/error_summary.html", {"forms": formset})

    assert re.findall(r'href="(.*?)"', html) == ["#id_form-1-name", "#id_form-1-kind_0"]


def test_an_unknown_standing_never_looks_good():
    tones = {
        code: re.search(
            r"pill-(\w+)", render_to_string("components/standing_pill.html", {"code": code, "label": "x"})
        ).group(1)
        for code in ("approved", "conditional", "to_strengthen", "declined", "not_assessed", "", "something_new")
    }

    assert tones == {
        "approved": "good",
        "conditional": "watch",
        "to_strengthen": "progress",
        "declined": "bad",
        "not_assessed": "none",
        "": "none",
        "something_new": "neutral",
    }


def test_a_missing_fact_is_shown_as_missing_and_zero_is_a_fact():
    rows = [{"label": "Founded", "value": None}, {"label": "Girls", "value": 0}]
    with translation.override("en"):
        html = render_to_string("components/summary_list.html", {"rows": rows})

    assert re.findall(r"<dd>(?:<span[^>]*>)?(.*?)<", html.replace("\n", "")) == ["to be completed", "0"]
