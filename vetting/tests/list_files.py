"""Files of official lists in the shapes of their publishers, with invented names: as many entries as a test wants."""

from vetting.lists import Source

SYLLABLES = "ka lu mbo ti sha nga wé ku ndi ya mu zé ri fa to".split()
NULL = "-0- "
EU_HEADER = (
    "fileGenerationDate;Entity_LogicalId;Entity_DesignationDate;Entity_SubjectType_ClassificationCode;"
    "Entity_Regulation_Programme;NameAlias_LastName;NameAlias_FirstName;NameAlias_MiddleName;NameAlias_WholeName;"
    "BirthDate_BirthDate;BirthDate_Year;Entity_Regulation_PublicationUrl;Citizenship_CountryIso2Code"
)
UK_HEADER = (
    "Last Updated,Unique ID,Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Name type,Alias strength,"
    "Name non-latin script,Regime Name,Designation Type,Date Designated,D.O.B,Year Built"
)


def invented(number):
    """A name of three words that no other number has."""
    digits = [number % 15, number // 15 % 15, number // 225 % 15, number // 3375 % 15]
    first, second, third, fourth = (SYLLABLES[digit] for digit in digits)
    return f"{first}{second}{third}".title(), f"{fourth}{third}{second}".title(), f"{second}{first}{fourth}".title()


def un_xml(count, *, day="2026-11-20", first=1, alias="Chef"):
    rows = "".join(
        f"<INDIVIDUAL><DATAID>{n}</DATAID><FIRST_NAME>{a}</FIRST_NAME><SECOND_NAME>{b}</SECOND_NAME>"
        f"<THIRD_NAME>{c}</THIRD_NAME><UN_LIST_TYPE>DRC</UN_LIST_TYPE><REFERENCE_NUMBER>CDi.{n}</REFERENCE_NUMBER>"
        f"<LISTED_ON>2016-04-20</LISTED_ON><COMMENTS1>{'invented ' * 20}</COMMENTS1>"
        f"<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>{b} {a}</ALIAS_NAME></INDIVIDUAL_ALIAS>"
        f"<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>{alias} {n}</ALIAS_NAME></INDIVIDUAL_ALIAS>"
        "<INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>"
        "<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><YEAR>1970</YEAR></INDIVIDUAL_DATE_OF_BIRTH>"
        "</INDIVIDUAL>\n"
        for n in range(first, first + count)
        for a, b, c in [invented(n)]
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<CONSOLIDATED_LIST dateGenerated="{day}T23:00:03.428Z">\n'
        f"<INDIVIDUALS>\n{rows}</INDIVIDUALS><ENTITIES/>\n</CONSOLIDATED_LIST>\n"
    )


def ofac_csv(count):
    """(sdn.csv, alt.csv)."""
    sdn = alt = ""
    for n in range(1, count + 1):
        a, b, c = invented(n)
        nulls = ",".join([NULL] * 7)
        sdn += f'{n},"{a.upper()}, {b} {c}","individual","DRCONGO",{nulls},"DOB 1970; a.k.a. \'CHEF {n}\'."\r\n'
        alt += f'{n},{n},"aka","{b.upper()}, {a}",{NULL}\r\n'
    return sdn, alt


def eu_csv(count, *, day="20/11/2026"):
    rows = (
        f"{day};{n};01/05/2016;person;COD;;;;{name};;1970;http://example.org;"
        for n in range(1, count + 1)
        for a, b, c in [invented(n)]
        for name in (f"{a} {b} {c}", f"{b} {a}")
    )
    return "\ufeff" + "\r\n".join([EU_HEADER, *rows, ""])


def uk_csv(count, *, day="20-Nov-2026"):
    rows = (
        f"16/04/2026,DRC{n},{c},{a},{middle},,,,{kind},,,DRC,Individual,01/05/2016,00/00/1970,"
        for n in range(1, count + 1)
        for a, b, c in [invented(n)]
        for kind, middle in (("Primary Name", b), ("Alias", ""))
    )
    return "\r\n".join([f"Report Date: {day}", UK_HEADER, *rows, ""])


def sources(folder, **files):
    """Write texts or bytes as files of `folder`; "sdn_csv" becomes sdn.csv. Returns Sources."""
    return [source(folder, name.replace("_", "."), content) for name, content in files.items()]


def source(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Source(name, path)


def tenths(content):
    """The content cut at every tenth of its length."""
    data = content if isinstance(content, bytes) else content.encode()
    return [data[: len(data) * tenth // 10] for tenth in range(1, 10)]
