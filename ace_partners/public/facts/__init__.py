"""What the public pages and their PDFs show, read once into frozen dataclasses: templates ask the database nothing.

A private text cannot slip out through a template, because no row of a model reaches one.
"""

from ace_partners.public.facts.criteria import CriterionFacts, ItemFacts, criteria, organisation_types, outcomes
from ace_partners.public.facts.delays import DelayFacts, delays
from ace_partners.public.facts.directory import Entry, NetworkFacts, entries, network
from ace_partners.public.facts.lessons import LessonFacts, LessonLink, lessons, newest_lessons
from ace_partners.public.facts.partner import PartnerFacts, read_partner
from ace_partners.public.facts.places import Gazetteer

__all__ = [
    "CriterionFacts",
    "DelayFacts",
    "Entry",
    "Gazetteer",
    "ItemFacts",
    "LessonFacts",
    "LessonLink",
    "NetworkFacts",
    "PartnerFacts",
    "criteria",
    "delays",
    "entries",
    "lessons",
    "network",
    "newest_lessons",
    "organisation_types",
    "outcomes",
    "read_partner",
]
