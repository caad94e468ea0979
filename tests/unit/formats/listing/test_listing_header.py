import pytest

from bibkit.formats.listing.header import DateTrouble, Header, match_header, resolve_date, resolve_subject
from bibkit.model.dates import PartialDate

HEADERS = {
    "CVMar 20, 2022": Header("CV", "Mar 20, 2022", 3, 20, 2022, None, code=False),
    "CLApr 8, 2025Code": Header("CL", "Apr 8, 2025", 4, 8, 2025, None, code=True),
    "LGApr 6": Header("LG", "Apr 6", 4, 6, None, None, code=False),
    "85.1LGMay 30Code": Header("LG", "May 30", 5, 30, None, 85.1, code=True),
    "27.0LGJun 2": Header("LG", "Jun 2", 6, 2, None, 27.0, code=False),
    "7LGJan 1": Header("LG", "Jan 1", 1, 1, None, 7.0, code=False),
    "100.0AIDec 31, 1999": Header("AI", "Dec 31, 1999", 12, 31, 1999, 100.0, code=False),
    "  CVMar 20, 2022\u00a0": Header("CV", "Mar 20, 2022", 3, 20, 2022, None, code=False),
    "LG Apr 6 Code": Header("LG", "Apr 6", 4, 6, None, None, code=True),
    "quant-phMay 3, 2021": Header("quant-ph", "May 3, 2021", 5, 3, 2021, None, code=False),
    "mtrl-sciMay 3": Header("mtrl-sci", "May 3", 5, 3, None, None, code=False),
    "cs.LGMay 3": Header("cs.LG", "May 3", 5, 3, None, None, code=False),
    "XYMay 3": Header("XY", "May 3", 5, 3, None, None, code=False),
    "LGFeb 31, 2020": Header("LG", "Feb 31, 2020", 2, 31, 2020, None, code=False),
}
OTHER_LINES = [
    "", " ", "LG", "Apr 6", "LGApr", "LGApr 6,", "LGApr 6, 25", "LGApr 6 2025", "LGapr 6", "lgApr 6",
    "LGSept 6",
    "L1Apr 6", "ABCApr 6", "introMar 3", "LGApr 123", "LGApr 6Codes", "LGApr 6, 2025 and more", "x LGApr 6",
    "85,1LGMay 30", "LGMay ٣", "155papers", "h-index44", "LGApr 6, 2025Code" * 20, "1" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("line", HEADERS)
def test_headers_are_told(line):
    assert match_header(line) == HEADERS[line]


@pytest.mark.parametrize("line", OTHER_LINES)
def test_other_lines_are_no_headers(line):
    assert match_header(line) is None


SUBJECTS = {
    "CV": "cs.CV", "LG": "cs.LG", "CL": "cs.CL", "AI": "cs.AI", "CR": "cs.CR", "NI": "cs.NI", "RO": "cs.RO",
    "MM": "cs.MM", "NE": "cs.NE", "DC": "cs.DC", "AR": "cs.AR", "OS": "cs.OS", "IR": "cs.IR", "GR": "cs.GR",
    "SY": "eess.SY", "NA": "math.NA", "IT": "cs.IT", "IV": "eess.IV", "AS": "eess.AS", "SP": "eess.SP",
    "ML": "stat.ML", "ME": "stat.ME", "AP": "stat.AP", "CO": "stat.CO", "PR": "math.PR", "ST": "math.ST",
    "OC": "math.OC", "QA": "math.QA", "NC": "q-bio.NC", "QM": "q-bio.QM", "PM": "q-fin.PM", "EM": "econ.EM",
    "GA": "astro-ph.GA", "CD": "nlin.CD", "mtrl-sci": "cond-mat.mtrl-sci", "flu-dyn": "physics.flu-dyn",
    "quant-ph": "quant-ph", "hep-th": "hep-th", "cs.LG": "cs.LG", "math.CV": "math.CV",
}  # fmt: skip


@pytest.mark.parametrize("code", SUBJECTS)
def test_codes_are_subjects(code):
    subject = resolve_subject(code)
    assert subject.known
    assert subject.name == SUBJECTS[code]


@pytest.mark.parametrize("code", ["NA", "GR", "SP", "AP", "CO", "PR", "ST", "IT", "SY"])
def test_ambiguous_codes_are_told(code):
    subject = resolve_subject(code)
    assert subject.others
    assert subject.name not in subject.others
    assert all(name.endswith(f".{code}") for name in subject.others)


@pytest.mark.parametrize("code", ["CV", "LG", "CL", "AI", "CR", "NI", "IV", "quant-ph", "cs.GR"])
def test_clear_codes_are_clear(code):
    assert resolve_subject(code).others == ()


@pytest.mark.parametrize("code", ["XY", "cs.XY", "stat.CV"])
def test_unknown_codes_stay_as_printed(code):
    subject = resolve_subject(code)
    assert not subject.known
    assert subject.name == code


DATES = [
    ("LGMar 20, 2022", None, PartialDate(2022, 3, 20), None),
    ("LGMar 20, 2022", PartialDate(2020), PartialDate(2022, 3, 20), None),
    ("LGMar 20", PartialDate(2026), PartialDate(2026, 3, 20), None),
    ("LGMar 20", None, None, DateTrouble.UNKNOWN_YEAR),
    ("LGFeb 30", None, None, DateTrouble.UNKNOWN_YEAR),
    ("LGMar 20", PartialDate(2026, 3), PartialDate(2026, 3, 20), None),
    ("LGApr 1", PartialDate(2026, 3), None, DateTrouble.AFTER_RETRIEVAL),
    ("LGMar 20", PartialDate(2026, 3, 20), PartialDate(2026, 3, 20), None),
    ("LGMar 21", PartialDate(2026, 3, 20), None, DateTrouble.AFTER_RETRIEVAL),
    ("LGFeb 29", PartialDate(2024), PartialDate(2024, 2, 29), None),
    ("LGFeb 29", PartialDate(2026), PartialDate(2026, 2), DateTrouble.NO_SUCH_DAY),
    ("LGFeb 29, 2023", None, PartialDate(2023, 2), DateTrouble.NO_SUCH_DAY),
    ("LGApr 31, 2023", None, PartialDate(2023, 4), DateTrouble.NO_SUCH_DAY),
    ("LGApr 0, 2023", None, PartialDate(2023, 4), DateTrouble.NO_SUCH_DAY),
    ("LGApr 99, 2023", None, PartialDate(2023, 4), DateTrouble.NO_SUCH_DAY),
    ("LGApr 1, 0000", None, None, DateTrouble.NO_SUCH_YEAR),
]


@pytest.mark.parametrize(("line", "as_of", "date", "trouble"), DATES)
def test_dates_come_from_the_line_and_the_retrieval(line, as_of, date, trouble):
    header = match_header(line)
    assert header is not None
    assert resolve_date(header, as_of) == (date, trouble)
