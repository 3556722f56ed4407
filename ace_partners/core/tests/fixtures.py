"""Fixtures that every app's tests share; each `tests/conftest.py` imports them all."""

import uuid

import pytest
from django.test import Client, override_settings
from django.urls import clear_url_caches
from django.utils import translation

from ace_partners.core.rights import Role
from ace_partners.core.tests.databases import *  # noqa: F403 (fixtures for committed data and for browsers)
from ace_partners.core.tests.factories import UserFactory


class OnceClient(Client):
    """A client whose POSTs carry a one-time token like our forms do; pass `once=` to repeat one."""

    def post(self, path, data=None, *args, once=None, **extra):
        if isinstance(data, dict) or data is None:
            data = {"once": once or uuid.uuid4().hex, **(data or {})}
        return super().post(path, data, *args, **extra)


@pytest.fixture
def login():
    """A signed-in client: `login(user)`; without a user, an anonymous one."""

    def sign_in(user=None):
        client = OnceClient()
        if user is not None:
            client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def english():
    """The site in the language its sentences are written in, whatever the catalogues hold.

    Addresses are remembered per language, with the prefix they had then: they are forgotten before and after.
    """
    clear_url_caches()
    with override_settings(LANGUAGE_CODE="en"), translation.override("en"):
        yield
    clear_url_caches()


@pytest.fixture
def reviewer(db):
    return UserFactory(name="Rachel Revue", roles=[Role.REVIEWER])


@pytest.fixture
def other_reviewer(db):
    return UserFactory(name="Robert Relit", roles=[Role.REVIEWER])


@pytest.fixture
def me_officer(db):
    return UserFactory(name="Suzanne Suivi", roles=[Role.ME_OFFICER])


@pytest.fixture
def approver(db):
    return UserFactory(name="Albert Approuve", roles=[Role.APPROVER])


@pytest.fixture
def ace_admin(db):
    return UserFactory(name="Aline Admin", roles=[Role.ADMIN])


@pytest.fixture
def auditor(db):
    return UserFactory(name="Aude Audit", roles=[Role.AUDITOR])
