"""The sheet as a document, for who taps for one; it is made when it is sent, and never kept."""

from __future__ import annotations

from bot.conductor import Conductor
from bot.sheet_pdf import pdf
from bot.telegram.drawing import DocumentMessage
from dialogs.assessing import results
from dialogs.sheet_page import sheet_page
from knowledge.casework import BadCase, case_of


def printed(visitor: str, conductor: Conductor) -> DocumentMessage | None:
    """The visitor's sheet as it stands today; None where nothing of a case is known any more. Takes half a second."""
    held, library, today = conductor.handing.case(visitor), conductor.library, conductor.today()
    if held is None or not held.scope:
        return None
    told = [kept for kept in held.told if kept.fact in library.guide.fact]
    try:
        case = case_of({kept.fact: kept.value for kept in told if kept.value is not None}, library.guide)
    except BadCase:
        return None
    page = sheet_page(results(case, today, library, asked=held.scope), told, library, today)
    return DocumentMessage(f"{page.title}.pdf", pdf(page))
