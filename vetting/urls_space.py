"""The organisation's pages on its dossier, under espace/."""

from django.urls import path

from vetting.views import deciding, evidence, flags, following, passports, plans, reviews, space

app_name = "vetting_space"

urlpatterns = [
    path("dossiers/<int:pk>/", space.dossier, name="dossier"),
    path("dossiers/<int:pk>/points/<str:code>/", space.answer, name="answer"),
    path("dossiers/<int:pk>/points/<str:code>/pieces/ajouter/", space.evidence_add, name="evidence_add"),
    path(
        "dossiers/<int:pk>/points/<str:code>/pieces/<int:evidence_pk>/retirer/",
        space.evidence_remove,
        name="evidence_remove",
    ),
    path("dossiers/<int:pk>/verifier/", space.check, name="check"),
    path("dossiers/<int:pk>/envoyer/", space.submit, name="submit"),
    path("dossiers/<int:pk>/recu/<int:number>/", space.receipt, name="receipt"),
    path("dossiers/<int:pk>/retirer/", space.withdraw, name="withdraw"),
    path("decisions/<int:pk>/", deciding.decision, name="decision"),
    path("decisions/<int:pk>/lettre.pdf", deciding.decision_pdf, name="decision_pdf"),
    # evidence
    path("organisations/<slug:slug>/evaluations/", evidence.assessments, name="assessments"),
    path("organisations/<slug:slug>/evaluations/ajouter/", evidence.assessment_add, name="assessment_add"),
    path("dossiers/<int:pk>/points/<str:code>/evaluations/ajouter/", evidence.reference_add, name="reference_add"),
    path("dossiers/<int:pk>/points/<str:code>/evaluations/nouvelle/", evidence.reference_new, name="reference_new"),
    path(
        "dossiers/<int:pk>/points/<str:code>/evaluations/<int:reference_pk>/retirer/",
        evidence.reference_remove,
        name="reference_remove",
    ),
    # renewals
    path("dossiers/<int:pk>/inchange/<str:code>/", space.confirm, name="confirm"),
    # reviews
    path("decisions/<int:pk>/reexamen/", reviews.ask, name="review_ask"),
    path("reexamens/<int:pk>/", reviews.own_review, name="review"),
    path("reexamens/<int:pk>/retirer/", reviews.withdraw, name="review_withdraw"),
    # plans
    path("plans/<int:pk>/", plans.own_plan, name="plan"),
    path("plans/<int:pk>/plan.pdf", plans.own_plan_pdf, name="plan_pdf"),
    path("plans/etapes/<int:pk>/", plans.own_step, name="step"),
    path("plans/etapes/<int:pk>/pieces/ajouter/", plans.step_attach, name="step_attach"),
    path("plans/etapes/<int:pk>/pieces/<int:evidence_pk>/retirer/", plans.step_detach, name="step_detach"),
    path("plans/etapes/<int:pk>/commencer/", plans.step_start, name="step_start"),
    path("plans/etapes/<int:pk>/envoyer/", plans.step_send, name="step_send"),
    # following
    path("organisations/<slug:slug>/suivi/", following.own_following, name="following"),
    path("signalements/<int:pk>/", flags.own_flag, name="flag"),
    path("signalements/<int:pk>/repondre/", flags.flag_answer, name="flag_answer"),
    # passports
    path("organisations/<slug:slug>/passeports/", passports.passports, name="passports"),
    path("organisations/<slug:slug>/passeports/emettre/", passports.issue, name="passport_issue"),
    path("passeports/<int:pk>/", passports.passport, name="passport"),
    path("passeports/<int:pk>/passeport.pdf", passports.passport_pdf, name="passport_pdf"),
    path("passeports/<int:pk>/passeport.json", passports.passport_json, name="passport_json"),
    path("passeports/<int:pk>/partager/", passports.share, name="passport_share"),
    path("partages/<int:pk>/fermer/", passports.share_end, name="passport_share_end"),
    path("passeports/<int:pk>/revoquer/", passports.revoke, name="passport_revoke"),
]
