"""Three fictitious projects with targets and reports in every state, over the last quarters."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from ace_partners.core.models import User
from ace_partners.desk.demo.clock import on, quarters
from impact import actions
from impact.actions import lessons
from impact.figures import checks_of
from impact.models import Indicator, Report
from partners.models import Place


@dataclass(frozen=True)
class Aim:
    """A target: baseline (None = to be collected, "na" = not applicable), final, a target and a result per quarter.

    A result is a number, (numerator, denominator), None for « no data », or "na".
    """

    code: str
    baseline: object
    final: object
    targets: tuple
    results: tuple


@dataclass(frozen=True)
class Plan:
    """A project and the state in which each quarter's report ends, oldest first."""

    slug: str
    code: str
    title: str
    needs: str
    summary: str
    on_site: bool
    areas: tuple
    places: tuple
    aims: tuple
    states: tuple
    budget: tuple = (("A1", "Formation et suivi", "18000"), ("A2", "Matériel", "9500"), ("B1", "Coordination", "7200"))
    francs: tuple = field(default=("650000", "2277.5700"))


PLANS = [
    Plan(
        "mutuelle-tujenge", "tujenge-epargne", "Épargner à Fungurume",
        "Les habitantes ont demandé une caisse sûre et des comptes lus à voix haute (trois réunions, 84 personnes).",
        "Crée et suit des groupes d’épargne, forme leurs comités, lie chaque groupe à une première activité.",
        False, ("savings",), ("fungurume",),
        (
            Aim("EPA-01", 6, 40, (10, 16, 22, 28, 34, 40), (9, 15, 23, 27)),
            Aim("EPA-02", 140, 1000, (240, 390, 540, 700, 850, 1000), (226, 371, 560, 668)),
            Aim("EPA-03", 0, 90000, (9000, 12000, 15000, 17000, 18000, 19000), (8450, 11920, 16340, 15875)),
            Aim("EPA-05", None, 85, (80, 80, 82, 84, 85, 85), ((702, 904), (1203, 1484), (1811, 2240), (2148, 2672))),
            Aim("GEN-01", 40, 60, (45, 50, 52, 55, 58, 60), ((13, 27), (24, 45), (36, 69), "na")),
        ),
        ("accepted", "accepted", "accepted", "submitted", "open", "open"),
    ),
    Plan(
        "foyer-amani", "amani-ecole", "Retour à l’école",
        "Les enfants et leurs familles ont demandé des fournitures, un tuteur et moins de trajets.",
        "Réinscrit des enfants, suit leur présence et prépare leur retour en famille.",
        False, ("children",), ("kolwezi",),
        (
            Aim("ENF-01", "na", None, (None,) * 6, (31, 18, 22)),
            Aim("ENF-02", 0, 60, (10, 12, 12, 10, 8, 8), (3, 14, 11)),
            Aim("ENF-04", 62, 85, (70, 75, 80, 80, 82, 85), ((1420, 1980), (1702, 2160), None)),
        ),
        ("accepted", "accepted", "waived", "changes_requested", "open", "open"),
    ),
    Plan(
        "cooperative-mwangaza", "mwangaza-securite", "Des puits plus sûrs",
        "Les creuseurs ont demandé des étais, des casques et un registre des accidents tenu par eux.",
        "Sécurise les puits actifs, forme des capitaines de sécurité et tient le registre des accidents.",
        True, ("mine_sites",), ("kolwezi",),
        (
            Aim("MIN-03", 8, 12, (6, 4, 3, 2, 2, 2), (7, 4, 3, 3)),
            Aim("MIN-04", "na", 0, (0, 0, 0, 0, 0, 0), (0, 0, 1, 0)),
            Aim("MIN-05", 31, 80, (40, 50, 60, 68, 75, 80), ((52, 128), (66, 131), (81, 134), (95, 134))),
            Aim("MIN-06", 4, 24, (8, 12, 16, 20, 22, 24), (8, 11, 17, 19)),
        ),
        ("accepted", "accepted", "accepted", "in_review", "open", "open"),
    ),
]  # fmt: skip


def user(name):
    return User.objects.get(email=f"{name}@example.org")


def run(plan, partner, signatory, today):
    """Create the project of `plan` and take its reports to their states."""
    officer = user("suivi")
    calendar = quarters(today, back=5)
    with on(calendar[0][1] - timedelta(days=10)):
        project = actions.create_project(
            partner,
            by=officer,
            code=plan.code,
            title=plan.title,
            needs=plan.needs,
            summary=plan.summary,
            on_site=plan.on_site,
            starts_on=calendar[0][1],
            ends_on=calendar[-1][2],
            areas=list(plan.areas),
            places=list(Place.objects.filter(slug__in=plan.places)),
        )
        for code, label, amount in plan.budget:
            actions.add_budget_line(
                project, by=officer, code=code, label=label, amount=Decimal(amount), currency="USD", area=plan.areas[0]
            )
        reports = [
            actions.add_period(
                project, by=officer, label=label, starts_on=first, ends_on=last, due_on=last + timedelta(days=30)
            )
            for label, first, last in calendar
        ]
        for aim in plan.aims:
            agree(project, aim, [report.period for report in reports], officer, signatory)
    for position, (report, state) in enumerate(zip(reports, plan.states, strict=True)):
        tell(plan, report, state, position, signatory, today)
    if plan is PLANS[0]:
        learn(plan, reports[plan.states.index("accepted")])
    if plan.slug == "mutuelle-tujenge":
        revise_and_propose(project, officer, signatory)


def agree(project, aim, periods, officer, signatory):
    """ACE proposes the target, the organisation agrees to it."""
    state = "known"
    if aim.baseline is None:
        state = "unknown"
    elif aim.baseline == "na":
        state = "not_applicable"
    target = actions.set_target(
        project,
        by=officer,
        indicator=Indicator.objects.get(code=aim.code),
        baseline_state=state,
        baseline=Decimal(aim.baseline) if state == "known" else None,
        baseline_on=None if state == "not_applicable" else project.starts_on,
        baseline_source="Enquête de départ (fictive)" if state == "known" else "",
        final_target=None if aim.final is None else Decimal(aim.final),
        rationale="Au-delà de la tendance des deux dernières années, et à la portée de l’équipe.",
        period_targets={
            period: None if value is None else Decimal(value)
            for period, value in zip(periods, aim.targets, strict=True)
        },
    )
    actions.agree_target(target, by=signatory, seen=target.lock_version)


def revise_and_propose(project, officer, signatory):
    """A target that both sides revised, and one more that waits for the signatory."""
    target = project.targets.get(indicator__code="EPA-02")
    revision = actions.propose_revision(
        target,
        by=officer,
        seen=target.lock_version,
        motive="La route coupée a retardé l’ouverture de six groupes.",
        baseline_state=target.baseline_state,
        baseline=target.baseline,
        baseline_on=target.baseline_on,
        baseline_source=target.baseline_source,
        final_target=Decimal(900),
        rationale=target.rationale,
        period_targets={
            aim.period: Decimal(900) if aim.value == 1000 else aim.value for aim in target.period_targets.all()
        },
    )
    actions.agree_revision(revision, by=signatory, seen=revision.lock_version)
    actions.set_target(
        project,
        by=officer,
        indicator=Indicator.objects.current().get(code="EPA-06"),
        baseline_state="not_applicable",
        baseline_source="",
        final_target=Decimal(90),
        rationale="Neuf membres sur dix restent jusqu’au partage, contre huit dans les groupes voisins.",
    )


def tell(plan, report, state, position, signatory, today):
    """One quarter: draft, submission, review, as far as `state` says."""
    over = report.period.ends_on
    if state == "waived":
        waive(report, over)
    elif state == "open":
        if over < today:
            with on(over + timedelta(days=8)):
                write(plan, report, position, signatory, whole=False)
    else:
        with on(over + timedelta(days=14 + position)):
            write(plan, report, position, signatory)
            actions.submit(current(report), by=signatory, seen=current(report).lock_version)
        review(report, state, over)


def write(plan, report, position, signatory, *, whole=True):
    """The partner's draft; not `whole`: only the first indicator, as somebody who was interrupted."""
    for aim in plan.aims if whole else plan.aims[:1]:
        target = report.project.targets.get(indicator__code=aim.code)
        result = aim.results[position] if position < len(aim.results) else None
        actions.save_value(report, target, by=signatory, seen=0, **value_of(result), cells=cells_of(aim.code, result))
    if not whole:
        return
    actions.save_texts(
        current(report),
        by=signatory,
        seen=current(report).texts_version,
        narrative="Les réunions se sont tenues chaque mois ; le comité a lu les comptes devant les membres.",
        difficulties="La route a été coupée deux semaines : une formation est reportée.",
        lessons="Annoncer la date par affiche double la présence.",
    )
    spend(plan, report, signatory)
    explain(report, signatory)


EXPLAINED = {
    "unproven": "Les registres signés sont au bureau ; le chargé de suivi les a vus.",
    "same": "Le comptage a été refait : le nombre n’a pas changé.",
    "spike": "Premier trimestre complet après le démarrage.",
    "deaths": "Un éboulement a fait une victime ; les proches et le comité ont été entendus, les puits voisins sont étayés.",
}


def explain(report, signatory):
    """A word on each remark of the checks, as the organisation has to give before it sends."""
    remarks = [check for check in checks_of(current(report), draft=True) if not check.is_error]
    texts = {check.key: EXPLAINED.get(check.key.partition(".")[0], "Vérifié avec le comité.") for check in remarks}
    actions.save_comments(current(report), by=signatory, seen=current(report).lock_version, texts=texts)


def cells_of(code, result):
    """Children by sex and age, as a school's list gives them; other values are told without their parts."""
    if code not in ("ENF-01", "ENF-02") or not isinstance(result, int):
        return {}
    girls, small = result // 2, result // 3
    cells = {"F.06-11": girls - girls // 3, "F.12-14": girls // 3, "M.06-11": small, "M.12-14": result - girls - small}
    return {"sex.age": {codes: str(number) for codes, number in cells.items()}}


def value_of(result):
    if result is None:
        return {"state": "no_data", "comment": "Le registre du trimestre n’a pas pu être relu."}
    if result == "na":
        return {"state": "not_applicable", "comment": "Aucune élection de comité dans ce trimestre."}
    if isinstance(result, tuple):
        return {"state": "reported", "numerator": Decimal(result[0]), "denominator": Decimal(result[1])}
    comment = "Un éboulement ; les proches et le comité ont été entendus." if result == 1 else ""
    return {"state": "reported", "value": Decimal(result), "comment": comment}


def spend(plan, report, signatory):
    lines = list(report.project.budget_lines.all())
    day = report.period.starts_on + timedelta(days=40)
    common = {"by": signatory, "spent_on": day}
    actions.add_spending(
        report, budget_line=lines[0], label="Formation des comités", amount=Decimal("1840.00"), currency="USD", **common
    )
    francs, rate = plan.francs
    actions.add_spending(
        report,
        budget_line=lines[1],
        label="Registres et caisses à trois clés",
        amount=Decimal(francs),
        currency="CDF",
        rate=Decimal(rate),
        rate_on=day,
        rate_source="BCC, cours indicatif",
        **common,
    )


def review(report, state, over):
    officer = user("suivi")
    if state == "submitted":
        return
    with on(over + timedelta(days=26)):
        actions.take(current(report), by=officer, seen=current(report).lock_version)
        if state == "changes_requested":
            actions.request_field(
                current(report), "narrative", by=officer, remark="Combien d’enfants ont changé d’école, et pourquoi ?"
            )
            actions.send_requests(current(report), by=officer, seen=current(report).lock_version)
        if state == "accepted":
            actions.accept(current(report), by=officer, seen=current(report).lock_version)


def learn(plan, report):
    """A public lesson of an accepted report: written by one person, read and published by another."""
    officer, report = user("suivi"), current(report)
    with on(report.period.ends_on + timedelta(days=40)):
        lesson = lessons.lesson_from_report(
            report,
            by=officer,
            title="Annoncer la date par affiche",
            text=report.accepted_version.lessons,
            advice="Afficher une semaine avant, au marché et à l’entrée du site.",
            area=plan.areas[0],
            place=Place.objects.filter(slug__in=plan.places).first(),
        )
        lesson = lessons.propose_lesson(lesson, by=officer, seen=lesson.lock_version)
        lessons.publish_lesson(lesson, by=user("direction"), seen=lesson.lock_version)


def waive(report, over):
    with on(over + timedelta(days=20)):
        reason = "Le foyer était fermé pour travaux pendant tout le trimestre."
        actions.propose_waiver(current(report), by=user("suivi"), seen=current(report).lock_version, reason=reason)
        actions.approve_waiver(current(report), by=user("direction"), seen=current(report).lock_version)


def current(report):
    return Report.objects.select_related("period", "project", "partner").get(pk=report.pk)
