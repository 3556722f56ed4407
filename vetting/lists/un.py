"""The United Nations consolidated list: one XML file, regenerated every night."""

from vetting.lists import xml_entries
from vetting.lists.entries import ENTITY, PERSON, Draft, ListFileError, Problem, day_of, day_or_text, one_line

PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
KINDS = {"INDIVIDUAL": PERSON, "ENTITY": ENTITY}


def published_on(source):
    """The day of `dateGenerated`, or None when the file does not say."""
    return day_of(xml_entries.root_of(source).get("dateGenerated"))


def entries(source):
    """Yield the ListedEntry of every individual and entity. Raises ListFileError."""
    for element in xml_entries.entries(source, KINDS):
        yield _entry(source, element, xml_entries.local(element))


def _entry(source, element, tag):
    text = xml_entries.text_of
    reference = text(element, "REFERENCE_NUMBER") or text(element, "DATAID")
    if not reference:
        raise ListFileError(Problem.REFERENCE, source.name, element.sourceline)
    draft = Draft(reference, KINDS[tag], listed_on=day_or_text(text(element, "LISTED_ON")))
    draft.add_programme(text(element, "UN_LIST_TYPE"))
    # "na" stands for a part that a name does not have.
    parts = [part for part in (text(element, name) for name in PARTS) if part.casefold() != "na"]
    draft.add_name(" ".join(parts), primary=True)
    for alias in xml_entries.children(element, f"{tag}_ALIAS"):
        draft.add_name(text(alias, "ALIAS_NAME"), weak=text(alias, "QUALITY").casefold() == "low")
    for birth in xml_entries.children(element, "INDIVIDUAL_DATE_OF_BIRTH"):
        draft.add_birth(_birth(birth))
    draft.spare_name = text(element, "NAME_ORIGINAL_SCRIPT")
    return draft.finished(source.name, element.sourceline)


def _birth(element):
    text = xml_entries.text_of
    exact = day_or_text(text(element, "DATE")) or text(element, "YEAR")
    span = "-".join(filter(None, (text(element, "FROM_YEAR"), text(element, "TO_YEAR"))))
    about = "~" if text(element, "TYPE_OF_DATE").casefold() == "approximately" else ""
    return one_line(about + (exact or span)) if exact or span else ""
