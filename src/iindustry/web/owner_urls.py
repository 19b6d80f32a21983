"""Addresses of the owner's pages."""

from __future__ import annotations

from django.urls import path

from iindustry.web import owner, owner_apply, owner_case, owner_enterprise

urlpatterns = [
    path("my", owner.home, name="my_home"),
    path("my/enterprise", owner_enterprise.enterprise, name="my_enterprise"),
    path("my/enterprise/correct/<str:field>", owner_enterprise.correct, name="my_correct"),
    path("my/enterprises/add", owner.add_enterprise, name="my_add"),
    path("my/enterprises/choose", owner.choose, name="my_choose"),
    path("my/apply/<str:product_id>", owner_apply.apply, name="my_apply"),
    path("my/applications/<uuid:application_id>", owner_case.application, name="my_application"),
    path("my/applications/<uuid:application_id>/form", owner_apply.form, name="my_form"),
    path("my/applications/<uuid:application_id>/check", owner_apply.check, name="my_check"),
    path("my/applications/<uuid:application_id>/consent", owner_apply.consent, name="my_consent"),
    path("my/applications/<uuid:application_id>/sent", owner_apply.sent, name="my_sent"),
    path("my/applications/<uuid:application_id>/papers/<uuid:paper_id>", owner_case.paper, name="my_paper"),
    path(
        "my/applications/<uuid:application_id>/papers/<uuid:paper_id>/file", owner_case.paper_file, name="my_paper_file"
    ),
    path("my/applications/<uuid:application_id>/withdraw", owner_case.withdraw, name="my_withdraw"),
]
