"""The room's rows, each kind in its own file."""

from __future__ import annotations

from hectograph.stories.byline import Byline, BylineName
from hectograph.stories.home import Home, HomeLead
from hectograph.stories.import_state import Imported, ImportedDocument, ImportedPhoto
from hectograph.stories.pdf_document import PdfDocument
from hectograph.stories.photo import AdminRendition, Photo
from hectograph.stories.plain import PlainPage
from hectograph.stories.press_state import (
    Address,
    Place,
    PlaceList,
    PressChange,
    ReadMoreChoice,
    Removal,
    Shown,
    Term,
    TermCount,
)
from hectograph.stories.section import Section, Topic
from hectograph.stories.site_words import SiteRecord, SiteWords
from hectograph.stories.story import HandPicked, Story, StoryByline, StoryCorrection, StoryTopic

__all__ = [
    "Address",
    "AdminRendition",
    "Byline",
    "BylineName",
    "HandPicked",
    "Home",
    "HomeLead",
    "Imported",
    "ImportedDocument",
    "ImportedPhoto",
    "PdfDocument",
    "Photo",
    "Place",
    "PlaceList",
    "PlainPage",
    "PressChange",
    "ReadMoreChoice",
    "Removal",
    "Section",
    "Shown",
    "SiteRecord",
    "SiteWords",
    "Story",
    "StoryByline",
    "StoryCorrection",
    "StoryTopic",
    "Term",
    "TermCount",
    "Topic",
]
