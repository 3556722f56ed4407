from ace_partners.core.tests.fixtures import *  # noqa: F403
