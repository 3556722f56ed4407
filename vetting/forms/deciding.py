"""The decision as it is proposed: outcome, reasons, steps, validity, the risk rating; and the second person's button."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ace_partners.core.dates import add_months
from ace_partners.core.forms import ActionForm, LinesField, day_input
from partners.models import DocumentType
from vetting import phrases, risk, risk_phrases, rules
from vetting.forms.team import ReasonForm
from vetting.models import OUTCOME_CHOICES
from vetting.rules import risk as risk_rules
from vetting.scoring import Outcome

RESULT_REASON_HELP = gettext_lazy("Sent as it is. Write to the organisation; name no person.")
LABELS = dict(OUTCOME_CHOICES)


def link_field():
    """The conflict-of-interest question of the second person, asked with the button it is needed for."""
    return forms.TypedChoiceField(
        label=_("Have you a link with this organisation?"),
        choices=[
            ("no", _("No link: no conflict of interest")),
            ("yes", _("I have a link: a colleague takes over, and nothing else happens")),
        ],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        help_text=_(
            "Family, work, money, office or debt, now or in the last five years, with it or the people who lead it. "
            "You answer once; the answer stays in the file."
        ),
    )


class ApproveForm(ActionForm):
    """The second look's own button; `declares`: the person has not said yet whether there is a link."""

    def __init__(self, *args, declares, **kwargs):
        super().__init__(*args, **kwargs)
        if declares:
            self.fields["has_link"] = link_field()


class SendBackForm(ReasonForm):
    """The reason for the examiner; the declaration comes with it, as for an approval."""

    def __init__(self, *args, declares, **kwargs):
        super().__init__(*args, **kwargs)
        if declares:
            self.fields["has_link"] = link_field()
            self.order_fields(["seen", "has_link", "reason"])


class ProposeForm(ActionForm):
    """Outcomes limited to what the findings and the rules of departure allow; what the checklist suggests is filled in."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the outcome.")},
    )
    override = forms.ChoiceField(
        label=gettext_lazy("Another outcome than the findings lead to"), widget=forms.RadioSelect, required=False
    )
    override_reason = LinesField(
        label=gettext_lazy("Why you depart from the findings"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The organisation reads this in its letter. Name no person."),
    )
    exclusion_reason = LinesField(
        label=gettext_lazy("Reason for the exclusion"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Recorded with the decision; the organisation reads the reasons per criterion."),
    )
    valid_until = forms.DateField(label=gettext_lazy("Valid until"), required=False, widget=day_input())
    risk_comment = LinesField(
        label=gettext_lazy("Why you do not agree with the rating"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept beside the suggestion, for ACE alone. Name no person."),
    )
    internal_note = LinesField(
        label=gettext_lazy("Note for the second person (never sent)"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, dossier, criteria, verdicts, overrides, gaps, suggestion, previous=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.criteria, self.gaps, self.suggestion = criteria, gaps, suggestion
        self.items = {item.code: item for item in dossier.items}
        self.disagreement = None
        self._add_outcomes([verdict.outcome for verdict in verdicts], overrides)
        self._add_validity({verdict.outcome for verdict in verdicts} | set(overrides))
        for criterion in criteria:
            self.fields[f"reason_{criterion.code}"] = self._reason_field(criterion)
        self.papers = {kind.code: kind for kind in DocumentType.objects.filter(code__in=self._paper_codes())}
        for gap in gaps:
            self._add_step(gap)
        for factor in suggestion.factors:
            self._add_factor(factor)
        if previous is not None:
            self._fill(previous)

    # --- building ---------------------------------------------------------------------------------------------

    def _add_outcomes(self, outcomes, overrides):
        self.fields["outcome"].choices = [(outcome, LABELS[outcome]) for outcome in outcomes]
        if len(outcomes) == 1:
            # Not a judgement left open: the one outcome that the findings lead to.
            self.fields["outcome"].initial = outcomes[0]
        if Outcome.EXCLUDED not in outcomes:
            del self.fields["exclusion_reason"]
        if overrides:
            same = gettext_lazy("No: the outcome that the findings lead to")
            self.fields["override"].choices = [("", same), *((code, LABELS[code]) for code in overrides)]
        else:
            del self.fields["override"], self.fields["override_reason"]

    def _add_validity(self, outcomes):
        if outcomes.isdisjoint(rules.IN_FAVOUR):
            del self.fields["valid_until"]
            return
        band = self.suggestion.rating.band
        latest = add_months(timezone.localdate(), rules.longest_validity(band))
        self.fields["valid_until"].initial = latest
        words = _("%(day)s at the latest: with a “%(band)s” risk ACE looks again by then.")
        self.fields["valid_until"].help_text = words % {
            "day": phrases.day(latest),
            "band": risk_phrases.band_label(band),
        }

    @staticmethod
    def _reason_field(criterion):
        return LinesField(
            label=_("Criterion %(number)s: reason for the organisation") % {"number": criterion.number},
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=RESULT_REASON_HELP,
            error_messages={"required": _("Write the reason that the organisation will read.")},
        )

    def _paper_codes(self):
        return {code for gap in self.gaps for code in self._papers_of(self.items[gap.item_code])}

    @staticmethod
    def _papers_of(item):
        return {*item.documents, item.suggested_document} - {""}

    def _add_step(self, gap):
        """The five fields of one step, filled with what the checklist suggests where a plan is what follows."""
        code, item = gap.item_code, self.items[gap.item_code]
        kinds = [self.papers[kind] for kind in sorted(self._papers_of(item)) if kind in self.papers]
        name = {"item": code}
        step = {
            "action": forms.CharField(label=_("%(item)s: what the organisation will do") % name, max_length=300),
            "due": forms.DateField(label=_("%(item)s: by") % name, widget=day_input(), help_text=self._limit(gap)),
            "responsible": forms.CharField(
                label=_("%(item)s: who does it") % name,
                max_length=120,
                help_text=_("An office, not a name: the treasurer, the committee."),
            ),
            "support": forms.CharField(
                label=_("%(item)s: what ACE does to help") % name,
                max_length=200,
                help_text=_("A training, a model, a visit. Left empty, the letter names ACE's contact."),
            ),
            "evidence": forms.ChoiceField(
                label=_("%(item)s: paper that will show it") % name,
                choices=[("", "—"), *((kind.code, str(kind)) for kind in kinds)],
            ),
        }
        for part, field in step.items():
            field.required = False
            self.fields[f"{part}_{code}"] = field
        if self._plan_follows() and item.suggested_step:
            self.initial |= self._suggested_step(gap, item)

    def _plan_follows(self):
        return any(outcome in rules.WITH_STEPS for outcome, _label in self.fields["outcome"].choices)

    def _suggested_step(self, gap, item):
        code = gap.item_code
        months = min(item.suggested_months or gap.plan_months, gap.plan_months or item.suggested_months or 0)
        due = add_months(timezone.localdate(), months) if months else None
        return {
            f"action_{code}": item.suggested_step,
            f"due_{code}": due,
            f"evidence_{code}": item.suggested_document,
        }

    def _limit(self, gap):
        if not gap.needs_plan:
            return ""
        latest = add_months(timezone.localdate(), gap.plan_months)
        return _("%(day)s at the latest.") % {"day": phrases.day(latest)}

    def _add_factor(self, factor):
        words = _("As suggested: %(score)s") if factor.score is not None else _("Not known: it counts as %(score)s")
        anchors = risk_phrases.ANCHORS[factor.code]
        scores = [(str(score), f"{score} · {anchors[score]}") for score in range(risk.HIGHEST + 1)]
        self.fields[f"risk_{factor.code}"] = forms.TypedChoiceField(
            label=factor.name,
            choices=[("", words % {"score": factor.counted}), *scores],
            coerce=int,
            empty_value=None,
            required=False,
            initial="",
            widget=forms.RadioSelect,
        )
        self.fields[f"risk_why_{factor.code}"] = forms.CharField(
            label=_("%(factor)s: reason") % {"factor": factor.name}, max_length=500, required=False
        )

    def _fill(self, previous):
        """What was proposed before and came back, so that nothing is typed twice; the outcome is chosen anew."""
        self.initial |= {"internal_note": previous.internal_note, "exclusion_reason": previous.exclusion_reason}
        if "override" in self.fields and previous.override_reason:
            self.initial |= {"override": previous.outcome, "override_reason": previous.override_reason}
        for row in previous.criteria.select_related("criterion"):
            self.initial[f"reason_{row.criterion.code}"] = row.reason
        for step in previous.steps.select_related("item", "evidence_type"):
            code = step.item.code
            self.initial |= {
                f"action_{code}": step.action,
                f"due_{code}": step.due_on,
                f"responsible_{code}": step.responsible,
                f"support_{code}": step.support,
                f"evidence_{code}": step.evidence_type.code if step.evidence_type else "",
            }
        if previous.risk and not previous.risk.agrees:
            self._fill_risk(previous.risk)

    def _fill_risk(self, rating):
        self.initial["risk_comment"] = rating.comment
        for row in rating.factors.all():
            if row.score != self.suggestion.suggested[row.code]:
                self.initial |= {f"risk_{row.code}": row.score, f"risk_why_{row.code}": row.reason}

    # --- checking ---------------------------------------------------------------------------------------------

    def clean(self):
        values = super().clean()
        self._check_override(values)
        self.disagreement = self._disagreement(values)
        if self.disagreement:
            for where, sentence in risk_rules.faults(self.suggestion, self.disagreement):
                self.add_error(f"risk_{where}", sentence)
        return values

    def _check_override(self, values):
        if values.get("override") and not values.get("override_reason", "").strip():
            self.add_error("override_reason", _("Say why you depart from the findings; the organisation reads it."))
        if values.get("override_reason", "").strip() and not values.get("override"):
            self.add_error("override", _("You give a reason: choose the outcome that you propose instead."))

    def _disagreement(self, values):
        """What was filled in against the rating, or None: who leaves that part as it is agrees."""
        suggested = self.suggestion.suggested
        scores = {code: values.get(f"risk_{code}") for code in suggested}
        chosen = {code: score for code, score in scores.items() if score is not None}
        reasons = {code: values.get(f"risk_why_{code}", "").strip() for code in suggested}
        comment = values.get("risk_comment", "").strip()
        changed = {code for code, score in chosen.items() if score != suggested[code]}
        if not (changed or comment or any(reasons.values())):
            return None
        return risk_rules.Disagreement(chosen, {code: text for code, text in reasons.items() if text}, comment)

    # --- for the page and the action ---------------------------------------------------------------------------

    @property
    def rating(self):
        """The rating that this form stands for."""
        return risk_rules.rate(self.suggestion, self.disagreement)

    @property
    def departs(self):
        """Whether the part on another outcome has to lie open."""
        return "override" in self.fields and bool(self["override"].value() or self["override_reason"].value())

    @property
    def disagrees(self):
        """Whether the part on other scores has to lie open."""
        names = [name for name in self.fields if name.startswith("risk_")]
        return any(self[name].value() not in ("", None) for name in names)

    def reason_fields(self):
        """criterion code → the field of its reason, for the page that shows it under the findings."""
        return {criterion.code: self[f"reason_{criterion.code}"] for criterion in self.criteria}

    def factor_fields(self):
        """(factor, field of the score, field of the reason) for every factor."""
        return [(row, self[f"risk_{row.code}"], self[f"risk_why_{row.code}"]) for row in self.suggestion.factors]

    def step_fields(self):
        """(item, its five fields) for every gap."""
        parts = ("action", "due", "responsible", "support", "evidence")
        return [(self.items[gap.item_code], [self[f"{part}_{gap.item_code}"] for part in parts]) for gap in self.gaps]

    def proposal(self):
        """The clean values as `propose` takes them."""
        values = self.cleaned_data
        steps = [self._step(gap.item_code) for gap in self.gaps]
        return {
            "seen": values["seen"],
            "outcome": values.get("override") or values["outcome"],
            "reasons": {criterion.code: values[f"reason_{criterion.code}"] for criterion in self.criteria},
            "steps": [step for step in steps if step.is_started],
            "valid_until": values.get("valid_until"),
            "internal_note": values["internal_note"],
            "exclusion_reason": values.get("exclusion_reason", ""),
            "override_reason": values.get("override_reason", ""),
            "disagreement": self.disagreement,
        }

    def _step(self, code):
        values = self.cleaned_data
        return rules.Step(
            item_code=code,
            action=values[f"action_{code}"].strip(),
            due_on=values[f"due_{code}"],
            responsible=values[f"responsible_{code}"].strip(),
            support=values[f"support_{code}"].strip(),
            evidence_type=self.papers.get(values[f"evidence_{code}"]),
        )
