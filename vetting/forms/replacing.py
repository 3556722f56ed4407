"""A decision that replaces the one in force: what changes, why, and what the organisation will read."""

from crispy_forms.layout import HTML, Fieldset, Layout
from django import forms
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ace_partners.core.forms import ActionForm, LinesField
from vetting import rules
from vetting.forms.reviews import WORDS_FOR_THEM
from vetting.forms.team import FutureDayField
from vetting.models import FINDING_CHOICES, OUTCOME_CHOICES, ProposalKind
from vetting.scoring import Answer


class ReplaceForm(ActionForm):
    """`decision`: the one in force; `kinds`: what this person may propose; `items`: the items of its round.

    A changed finding can open a gap: its step is asked for when the form comes back.
    """

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), widget=forms.RadioSelect)
    motive = LinesField(
        label=gettext_lazy("Why the decision in force is replaced"),
        max_length=2000,
        help_text=WORDS_FOR_THEM,
        error_messages={"required": gettext_lazy("Say why the decision in force is replaced.")},
    )
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), choices=OUTCOME_CHOICES)
    override_reason = LinesField(
        label=gettext_lazy("Why another outcome than the findings lead to"), max_length=2000, required=False
    )
    exclusion_reason = LinesField(
        label=gettext_lazy("Reason for an exclusion (internal)"), max_length=2000, required=False
    )
    valid_until = FutureDayField(label=gettext_lazy("Valid until"), required=False)

    def __init__(self, data=None, *, decision, kinds, items, **kwargs):
        super().__init__(data, **kwargs)
        for name in ("motive", "override_reason", "exclusion_reason"):
            self.fields[name].widget.attrs["rows"] = 3
        self.items = {item.code: item for item in items}
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in ProposalKind if kind in kinds]
        self.fields["kind"].initial = kinds[0] if len(kinds) == 1 else None
        self.fields["outcome"].initial = decision.outcome
        self.fields["valid_until"].initial = decision.valid_until
        self._add_reasons(decision)
        self._add_findings(decision)
        self._add_steps(decision, data)
        self.helper.layout = Layout(
            "kind", "motive", "outcome", "override_reason", "exclusion_reason", "valid_until", *self._blocks(decision)
        )

    def _add_reasons(self, decision):
        self.reasons = {}
        for row in decision.criteria.select_related("criterion"):
            name = self.reasons[row.criterion.code] = f"reason_{row.criterion.code}"
            self.fields[name] = LinesField(
                label=_("Criterion %(number)s: reason") % {"number": row.criterion.number},
                max_length=4000,
                initial=row.reason,
                help_text=WORDS_FOR_THEM,
            )
            self.fields[name].widget.attrs["rows"] = 4

    def _add_findings(self, decision):
        self.found = {finding.item_id: finding for finding in decision.dossier.findings.all()}
        for item in self.items.values():
            finding = self.found.get(item.pk)
            stands = finding.get_answer_display() if finding else _("not assessed")
            self.fields[f"finding_{item.code}"] = forms.ChoiceField(
                label=f"{item.code} · {item.section}",
                choices=[("", _("unchanged: %(answer)s") % {"answer": stands}), *FINDING_CHOICES],
                required=False,
            )

    def _add_steps(self, decision, data):
        """Steps for the gaps that stand once the changed findings are taken in, with the words they had before."""
        before = {step.item.code: step for step in decision.proposal.steps.select_related("item")}
        changed = self._changed((code, (data or {}).get(f"finding_{code}", "")) for code in self.items)
        self.step_codes = [code for code, item in self.items.items() if self._is_gap(item, changed)]
        for code in self.step_codes:
            step, item = before.get(code), self.items[code]
            self.fields[f"step_{code}"] = forms.CharField(
                label=_("%(item)s: what the organisation will do") % {"item": code},
                max_length=300,
                required=False,
                initial=step.action if step else item.suggested_step,
            )
            self.fields[f"due_{code}"] = FutureDayField(label=_("%(item)s: by") % {"item": code}, required=False)

    def _changed(self, pairs):
        """item code → answer, for the answers that differ from the finding that stands."""
        return {
            code: answer
            for code, answer in pairs
            if answer and answer != getattr(self.found.get(self.items[code].pk), "answer", "")
        }

    def _is_gap(self, item, changed):
        finding = self.found.get(item.pk)
        answer = changed.get(item.code, finding.answer if finding else "")
        return answer in (Answer.PARTIAL, Answer.NOT_MET)

    def _blocks(self, decision):
        yield Fieldset(_("What the organisation reads, criterion by criterion"), *self.reasons.values())
        steps = [name for code in self.step_codes for name in (f"step_{code}", f"due_{code}")]
        if steps:
            yield Fieldset(_("Steps"), *steps)
        yield HTML(f"<details><summary>{escape(_('Change findings'))}</summary>")
        yield Fieldset(_("The findings of the round stay as they were; this decision carries its own"), *(
            f"finding_{code}" for code in self.items
        ))  # fmt: skip
        yield HTML("</details>")

    def replacement(self):
        """The values of `actions.replacing.propose_replacement`."""
        values = self.cleaned_data
        steps = [
            rules.Step(code, values[f"step_{code}"], values[f"due_{code}"])
            for code in self.step_codes
            if values[f"step_{code}"] and values[f"due_{code}"]
        ]
        return {
            "kind": values["kind"],
            "motive": values["motive"],
            "outcome": values["outcome"],
            "override_reason": values["override_reason"],
            "exclusion_reason": values["exclusion_reason"],
            "valid_until": values["valid_until"],
            "reasons": {code: values[name] for code, name in self.reasons.items()},
            "steps": steps,
            "changed": self._changed((code, values[f"finding_{code}"]) for code in self.items),
        }
