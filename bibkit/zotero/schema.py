"""Zotero's item types: which fields and creator types each of them has; known here, so checked offline.

The table is that of Zotero's schema, version 42: fields in the schema's order, `field=base` where the field
is what this type calls a field that several types share. The first creator type is the type's principal one.

Not here: `note`, `attachment` and `annotation`, which have no bibliographic fields; labels and CSL mappings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

SCHEMA_VERSION: Final = 42
CHILD_TYPES: Final = ("annotation", "attachment", "note")

_TABLE: Final = """\
artwork
    title abstractNote artworkMedium=medium artworkSize date eventPlace DOI citationKey url accessDate
    archive archiveLocation shortTitle language libraryCatalog callNumber rights extra
    by: artist contributor
audioRecording
    title abstractNote audioRecordingFormat=medium seriesTitle volume numberOfVolumes label=publisher
    place date runningTime ISBN DOI citationKey url accessDate archive archiveLocation shortTitle
    language libraryCatalog callNumber rights extra
    by: performer originalCreator composer wordsBy translator contributor
bill
    title abstractNote billNumber=number code codeVolume=volume section codePages=pages
    legislativeBody=authority session history date DOI citationKey url accessDate shortTitle language
    rights extra
    by: sponsor cosponsor contributor
blogPost
    title abstractNote blogTitle=publicationTitle websiteType=type date DOI citationKey url accessDate
    ISSN shortTitle language rights extra
    by: author translator commenter contributor
book
    title abstractNote series seriesNumber volume numberOfVolumes edition date publisher place
    originalDate originalPublisher originalPlace format=medium numPages ISBN DOI citationKey url
    accessDate ISSN archive archiveLocation shortTitle language libraryCatalog callNumber rights extra
    by: author contributor editor translator seriesEditor
bookSection
    title abstractNote bookTitle=publicationTitle series seriesNumber volume numberOfVolumes edition
    date publisher place originalDate originalPublisher originalPlace format=medium pages ISBN DOI
    citationKey url accessDate ISSN archive archiveLocation shortTitle language libraryCatalog
    callNumber rights extra
    by: author contributor editor bookAuthor translator seriesEditor
case
    caseName=title abstractNote court=authority dateDecided=date docketNumber=number reporter
    reporterVolume=volume firstPage=pages history DOI citationKey url accessDate shortTitle language
    rights extra
    by: author counsel contributor
computerProgram
    title abstractNote seriesTitle versionNumber date system company=publisher place programmingLanguage
    rights citationKey url accessDate DOI ISBN archive archiveLocation libraryCatalog callNumber
    shortTitle extra
    by: programmer contributor
conferencePaper
    title abstractNote proceedingsTitle=publicationTitle conferenceName publisher place date eventPlace
    volume issue numberOfVolumes pages series seriesNumber DOI ISBN citationKey url accessDate ISSN
    archive archiveLocation shortTitle language libraryCatalog callNumber rights extra
    by: author contributor editor translator seriesEditor
dataset
    title abstractNote identifier=number type versionNumber date repository=publisher
    repositoryLocation=place format=medium DOI citationKey url accessDate archive archiveLocation
    shortTitle language libraryCatalog callNumber rights extra
    by: author contributor
dictionaryEntry
    title abstractNote dictionaryTitle=publicationTitle series seriesNumber volume numberOfVolumes
    edition date publisher place pages ISBN DOI citationKey url accessDate archive archiveLocation
    shortTitle language libraryCatalog callNumber rights extra
    by: author contributor editor translator seriesEditor
document
    title abstractNote type date publisher place DOI citationKey url accessDate archive archiveLocation
    shortTitle language libraryCatalog callNumber rights extra
    by: author contributor editor translator reviewedAuthor
email
    subject=title abstractNote date DOI citationKey url accessDate shortTitle language rights extra
    by: author translator contributor recipient
encyclopediaArticle
    title abstractNote encyclopediaTitle=publicationTitle series seriesNumber volume numberOfVolumes
    edition date publisher place pages ISBN DOI citationKey url accessDate archive archiveLocation
    shortTitle language libraryCatalog callNumber rights extra
    by: author contributor editor translator seriesEditor
film
    title abstractNote distributor=publisher place date genre=type videoRecordingFormat=medium
    runningTime DOI citationKey url accessDate archive archiveLocation shortTitle language
    libraryCatalog callNumber rights extra
    by: director producer scriptwriter castMember host guest narrator translator contributor
forumPost
    title abstractNote forumTitle=publicationTitle postType=type date DOI citationKey url accessDate
    shortTitle language rights extra
    by: author contributor
hearing
    title abstractNote committee publisher numberOfVolumes documentNumber=number pages
    legislativeBody=authority session history date place DOI citationKey url accessDate shortTitle
    language rights extra
    by: contributor
instantMessage
    title abstractNote date DOI citationKey url accessDate shortTitle language rights extra
    by: author contributor recipient
interview
    title abstractNote interviewMedium=medium date publisher place DOI citationKey url accessDate
    archive archiveLocation shortTitle language libraryCatalog callNumber rights extra
    by: interviewee contributor interviewer translator
journalArticle
    title abstractNote publicationTitle publisher place date volume issue section partNumber partTitle
    pages series seriesTitle seriesText journalAbbreviation DOI citationKey url accessDate PMID PMCID
    ISSN archive archiveLocation shortTitle language libraryCatalog callNumber rights extra
    by: author contributor editor translator reviewedAuthor
letter
    title abstractNote letterType=type date eventPlace DOI citationKey url accessDate archive
    archiveLocation shortTitle language libraryCatalog callNumber rights extra
    by: author recipient contributor translator
magazineArticle
    title abstractNote publicationTitle publisher place date volume issue pages ISSN DOI citationKey url
    accessDate archive archiveLocation shortTitle language libraryCatalog callNumber rights extra
    by: author contributor translator reviewedAuthor
manuscript
    title abstractNote manuscriptType=type institution=publisher place date numPages number DOI
    citationKey url accessDate archive archiveLocation shortTitle language libraryCatalog callNumber
    rights extra
    by: author contributor translator
map
    title abstractNote mapType=type scale seriesTitle edition publisher place date DOI ISBN citationKey
    url accessDate archive archiveLocation shortTitle language libraryCatalog callNumber rights extra
    by: cartographer contributor seriesEditor
newspaperArticle
    title abstractNote publicationTitle publisher place date volume issue edition section pages ISSN DOI
    citationKey url accessDate archive archiveLocation shortTitle language libraryCatalog callNumber
    rights extra
    by: author contributor translator reviewedAuthor
patent
    title abstractNote place country assignee issuingAuthority=authority patentNumber=number filingDate
    pages applicationNumber priorityNumbers issueDate=date priorityDate=originalDate references
    legalStatus=status DOI citationKey url accessDate shortTitle language rights extra
    by: inventor attorneyAgent contributor
podcast
    title abstractNote seriesTitle episodeNumber=number audioFileType=medium date publisher place
    runningTime DOI citationKey url accessDate shortTitle language rights extra
    by: podcaster guest producer executiveProducer seriesCreator director scriptwriter castMember
    translator contributor
preprint
    title abstractNote genre=type repository=publisher archiveID=number place date series seriesNumber
    DOI citationKey url accessDate archive archiveLocation shortTitle language libraryCatalog callNumber
    rights extra
    by: author contributor editor translator reviewedAuthor
presentation
    title abstractNote presentationType=type date meetingName place series sessionTitle=publicationTitle
    DOI citationKey url accessDate shortTitle language rights extra
    by: presenter chair organizer contributor translator
radioBroadcast
    title abstractNote programTitle=publicationTitle episodeNumber=number audioRecordingFormat=medium
    network=publisher place date runningTime DOI citationKey url accessDate archive archiveLocation
    shortTitle language libraryCatalog callNumber rights extra
    by: creator host guest producer executiveProducer seriesCreator director scriptwriter castMember
    translator contributor
report
    title abstractNote reportNumber=number reportType=type institution=publisher place date seriesTitle
    seriesNumber pages DOI ISBN citationKey url accessDate ISSN archive archiveLocation shortTitle
    language libraryCatalog callNumber rights extra
    by: author editor contributor translator seriesEditor
standard
    title abstractNote organization=authority committee type number versionNumber edition status date
    publisher place partNumber partTitle ISBN DOI citationKey url accessDate archive archiveLocation
    shortTitle numPages language libraryCatalog callNumber rights extra
    by: author editor contributor
statute
    nameOfAct=title abstractNote code codeNumber publicLawNumber=number dateEnacted=date pages section
    session history DOI citationKey url accessDate shortTitle language rights extra
    by: author contributor
thesis
    title abstractNote thesisType=type university=publisher place date series seriesNumber numPages DOI
    ISBN citationKey url accessDate ISSN archive archiveLocation shortTitle language libraryCatalog
    callNumber rights extra
    by: author contributor
tvBroadcast
    title abstractNote programTitle=publicationTitle episodeNumber=number videoRecordingFormat=medium
    network=publisher place date runningTime DOI citationKey url accessDate archive archiveLocation
    shortTitle language libraryCatalog callNumber rights extra
    by: director producer executiveProducer seriesCreator scriptwriter castMember host guest narrator
    translator contributor
videoRecording
    title abstractNote videoRecordingFormat=medium seriesTitle volume numberOfVolumes studio=publisher
    place date runningTime ISBN DOI citationKey url accessDate archive archiveLocation shortTitle
    language libraryCatalog callNumber rights extra
    by: creator director producer scriptwriter executiveProducer castMember host guest narrator
    translator contributor
webpage
    title abstractNote websiteTitle=publicationTitle websiteType=type date publisher place DOI
    citationKey url accessDate shortTitle language rights extra
    by: author contributor translator
"""
_ENTRY: Final = re.compile(r"^(\w+)\n((?: {4}.*\n)*?) {4}by: (.*\n(?: {4}.*\n)*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ZoteroType:
    """An item type: its fields, the base field of each that has one, and its creator types."""

    name: str
    fields: tuple[str, ...]
    bases: Mapping[str, str]
    creator_types: tuple[str, ...]

    @property
    def principal_creator(self) -> str:
        """The creator type that stands for the author."""
        return self.creator_types[0]

    def field_for(self, base: str) -> str | None:
        """Return what this type calls a field, by its base name or its own; `None` where it has none."""
        if base in self.fields:
            return base
        return next((name for name, of in self.bases.items() if of == base), None)


@cache
def item_types() -> Mapping[str, ZoteroType]:
    """Return every regular item type by its name."""
    return MappingProxyType({entry[1]: _read_type(*entry.groups()) for entry in _ENTRY.finditer(_TABLE)})


def complaints(
    item_type: str, fields: Mapping[str, str], creator_types: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return what Zotero would refuse of these fields and creator types, in sentences; () if it takes them.

    Zotero takes the creator type `author` with every item type.
    """
    known = item_types().get(item_type)
    if known is None:
        return (f"{item_type!r} is not an item type",)
    wrong_fields = [f"{name!r} is not a field of {item_type}" for name in fields if name not in known.fields]
    allowed = {*known.creator_types, "author"}
    wrong_creators = [
        f"{name!r} is not a creator type of {item_type}"
        for name in dict.fromkeys(creator_types)
        if name not in allowed
    ]
    return (*wrong_fields, *wrong_creators)


def _read_type(name: str, fields: str, creator_types: str) -> ZoteroType:
    pairs = [word.partition("=") for word in fields.split()]
    bases = {own: base for own, _, base in pairs if base}
    return ZoteroType(
        name, tuple(own for own, _, _ in pairs), MappingProxyType(bases), tuple(creator_types.split())
    )
