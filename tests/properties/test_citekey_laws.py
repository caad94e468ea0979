"""The laws of citation keys: what may come and go, in whatever order, an issued key stays."""

import re
import string
import unicodedata
from dataclasses import replace

import pytest
import strategies
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bibkit.citekeys import (
    Claim,
    How,
    KeyLedger,
    assign_keys,
    candidate_key,
    gather,
    origin_of,
    resolve,
    scheme,
    settle,
    unite,
)
from bibkit.diagnostics import Severity, Source
from bibkit.ledger import parse_ledger, render_ledger
from bibkit.model.dates import PartialDate
from bibkit.model.identity import described, fingerprints, strong_ids
from bibkit.model.names import Body, Person
from bibkit.model.record import ItemType, ListingFacts, Record
from bibkit.works import collate

MADE_KEY = re.compile(r"[a-z][a-z0-9]{0,47}(-[a-z]{3,8}[0-9]*)?")
STYLES = st.sampled_from(["short", "hashed"])

# Few words, names and identifiers: works that meet, clash and turn out to be one, all the time.
FEW_TITLES = st.sampled_from(
    ["Ethos", "ETHOS.", "Ethos: a study", "Introduction", "Pathos", "On the Ethos", "???", "", "李", "Ετηος"]
)
FEW_CREATORS = st.sampled_from(
    [
        Person("Gao", "Lei"),
        Person("Gao", "Li"),
        Person("Ga", "Lei"),
        Person("Berg", "Jan", "van der", "Jr."),
        Body("OpenAI"),
        Person("Łukasiewicz", "Jan"),
    ]
)
FEW_IDS = st.sampled_from([None, None, None, 1, 2, 3])


def few_records(ids=FEW_IDS):
    return st.builds(
        Record,
        type=st.just(ItemType.PREPRINT),
        title=st.none() | FEW_TITLES,
        creators=st.lists(FEW_CREATORS, max_size=2).map(tuple),
        creators_truncated=st.booleans(),
        issued=st.none() | st.sampled_from([PartialDate(2024), PartialDate(2024, 9, 23), PartialDate(2025)]),
        abstract=st.none() | st.sampled_from(["One.", "Two."]),
        doi=ids.map(lambda number: None if number is None else f"10.1000/{number}"),
        arxiv_id=ids.map(lambda number: None if number is None else f"2401.0000{number}"),
        source=st.builds(Source, st.just("in.txt"), st.integers(1, 99)),
    )


FEW = st.lists(few_records(), max_size=8)
# As listings are: no identifiers, so that nothing but title and first creator says what is one.
LISTED = st.lists(few_records(st.none()), max_size=8)
# As nothing should be: text of every kind in every field.
ANY = st.lists(strategies.records(types=[ItemType.PREPRINT]), max_size=3)
FEWER = settings(max_examples=20)


def works_of(records):
    return collate(records).works


def assigned(records, ledger=None, style="short"):
    return assign_keys(KeyLedger() if ledger is None else ledger, works_of(records), style=style)


def key_by_record(records, ledger, style="short"):
    """The key that each record's work is given, and the assignment."""
    works = works_of(records)
    assignment = assign_keys(ledger, works, style=style)
    keys = {}
    for work in works:
        [key] = [entry.key for entry in assignment.entries if entry.record is work.record]
        keys.update((source, key) for source in map(id, work.sources))
    return keys, assignment


def check_that_order_decides_nothing(records, style, random):
    works = list(works_of(records))
    assignment = assign_keys(KeyLedger(), works, style=style)
    random.shuffle(records)
    assert tuple(works) == works_of(records)
    random.shuffle(works)
    assert assign_keys(KeyLedger(), works, style=style) == assignment


@given(FEW, STYLES, st.randoms(use_true_random=False))
def test_the_order_of_records_and_works_decides_nothing(records, style, random):
    check_that_order_decides_nothing(records, style, random)


@FEWER
@given(ANY, STYLES, st.randoms(use_true_random=False))
def test_the_order_of_any_text_decides_nothing(records, style, random):
    check_that_order_decides_nothing(records, style, random)


@given(FEW, st.data())
def test_a_hashed_key_depends_on_nothing_but_its_record(records, data):
    works = works_of(records)
    alone = [candidate_key(work.record, "hashed") for work in works]
    assume(len(set(alone)) == len(alone))
    chosen = [work for work in works if data.draw(st.booleans())]
    entries = assign_keys(KeyLedger(), chosen, style="hashed").entries
    assert {entry.key for entry in entries} == {candidate_key(work.record, "hashed") for work in chosen}


@given(st.lists(LISTED, max_size=4), STYLES)
def test_growth_changes_no_key(batches, style):
    ledger, records, before = KeyLedger(), [], {}
    for batch in batches:
        records = records + batch
        after, assignment = key_by_record(records, ledger, style)
        assert before.items() <= after.items()
        ledger, before = assignment.ledger, after


@st.composite
def glimpses(draw):
    """What different pages show of a few papers: one of two titles, identifiers or not, dates that differ."""
    paper = draw(st.integers(1, 3))
    return Record(
        type=ItemType.PREPRINT,
        title=f"Ethos {paper}{draw(st.sampled_from(['', ' revised']))}",
        creators=(Person("Gao", "Lei"),),
        issued=draw(st.none() | st.just(PartialDate(2024)) | st.just(PartialDate(2025))),
        doi=draw(st.none() | st.just(f"10.1000/{paper}")),
        arxiv_id=draw(st.none() | st.just(f"2401.0000{paper}")),
        source=Source("in.txt", draw(st.integers(1, 99))),
    )


@given(st.lists(st.lists(glimpses(), max_size=4), max_size=4), STYLES)
def test_a_work_of_which_more_is_learned_is_found_by_every_key_that_it_had(batches, style):
    ledger, records, before = KeyLedger(), [], {}
    for batch in batches:
        records = records + batch
        after, assignment = key_by_record(records, ledger, style)
        aliases = {entry.key: entry.aliases for entry in assignment.entries}
        for record, key in before.items():
            assert key in (after[record], *aliases[after[record]])
        ledger, before = assignment.ledger, after


@given(st.lists(FEW, max_size=4), STYLES)
def test_no_run_changes_reassigns_or_reissues_a_claim(batches, style):
    ledger = KeyLedger()
    for batch in batches:
        after = assigned(batch, ledger, style).ledger
        for claim in ledger.claims:
            kept = resolve(after)[claim.key]
            assert (kept.key, kept.origin, kept.issued) == (claim.key, claim.origin, claim.issued)
            assert set(kept.fingerprints) >= set(claim.fingerprints)
        for claim in after.claims[len(ledger.claims) :]:
            assert claim.issued <= max((old.issued for old in ledger.claims), default=0) + 1
        ledger = after


def check_keys(records, style):
    first = assigned(records, style=style)
    keys = [entry.key for entry in first.entries]
    assert keys == sorted(keys)
    assert len({key.casefold() for key in keys}) == len(keys)
    for key in keys:
        assert MADE_KEY.fullmatch(key)
        assert len(key) <= 60
    again = assigned(records, first.ledger, style)
    assert (again.ledger, again.entries) == (first.ledger, first.entries)
    assert (again.new_keys, again.kept_keys) == (0, len(keys))
    assert not again.diagnostics


@given(FEW, STYLES)
def test_keys_are_unique_well_formed_and_the_same_again(records, style):
    check_keys(records, style)


@FEWER
@given(ANY, STYLES)
def test_keys_of_any_text_are_unique_well_formed_and_the_same_again(records, style):
    check_keys(records, style)


def says_something(record):
    """A record that no text describes has nothing by which it could be known again."""
    return bool(described(record))


@given(few_records(st.none()).filter(says_something), LISTED, st.data())
def test_enrichment_never_renames(record, others, data):
    # From a preprint with nothing but its title, by way of both identifiers, to the published article.
    preprint = replace(record, arxiv_id="2405.12345")
    both = replace(preprint, doi="10.5555/P")
    published = replace(
        both,
        arxiv_id=None,
        title=data.draw(FEW_TITLES),
        creators=tuple(data.draw(st.lists(FEW_CREATORS))),
        issued=PartialDate(2026),
    )
    corrected = replace(published, title=data.draw(FEW_TITLES), doi="https://doi.org/10.5555/p")
    ledger, keys = KeyLedger(), set()
    for step in (record, preprint, both, published, corrected):
        seen = [other for other in others if fingerprints(other)[-1] != fingerprints(step)[-1]]
        by_record, assignment = key_by_record([*seen, step], ledger)
        keys.add(by_record[id(step)])
        ledger = assignment.ledger
    assert len(keys) == 1


@given(st.lists(few_records(st.none()).filter(says_something), min_size=1, max_size=5), FEW)
def test_works_that_turn_out_to_be_one_keep_all_their_keys(parts, others):
    others = [replace(other, arxiv_id=None, doi=None) for other in others]
    first = assigned([*parts, *others])
    merged = [replace(part, arxiv_id="2405.12345") for part in parts]
    second = assigned([*merged, *others], first.ledger)
    written = {key for entry in second.entries for key in (entry.key, *entry.aliases)}
    assert written >= {entry.key for entry in first.entries}
    assert written <= set(resolve(second.ledger))
    assert len(written) == sum(1 + len(entry.aliases) for entry in second.entries)
    again = assigned([*merged, *others], second.ledger)
    assert (again.entries, again.ledger) == (second.entries, second.ledger)


@given(LISTED, LISTED, LISTED, STYLES)
def test_ledgers_unite_in_any_order_and_as_often_as_one_likes(one, two, three, style):
    a, b, c = (assigned(records, style=style).ledger for records in (one, two, three))
    assert unite(a, b) == unite(b, a)
    assert unite(unite(a, b), c) == unite(a, unite(b, c))
    assert unite(a, a) == a
    settled = settle(unite(a, b, c))
    assert settle(settled.ledger).diagnostics == ()
    assert settle(settled.ledger).ledger == settled.ledger
    assert settle(unite(settled.ledger, settled.ledger)).ledger == settled.ledger


@given(st.lists(FEW, min_size=2, max_size=4), st.integers(0, 3), STYLES)
def test_no_key_of_any_ledger_stops_resolving(batches, cut, style):
    ledgers = [assigned(records, style=style).ledger for records in batches]
    issued = {key for ledger in ledgers for key in resolve(ledger)}
    early = settle(unite(*ledgers[:cut])).ledger
    for united in (unite(*ledgers), unite(early, *ledgers[cut:]), unite(early, *ledgers)):
        settled = settle(united)
        held = [key for claim in settled.ledger.claims for key in claim.all_keys()]
        assert len(held) == len(set(held))
        assert issued <= set(held)
        assert len(settled.diagnostics) == len({diagnostic.message for diagnostic in settled.diagnostics})
        assert all(diagnostic.severity is Severity.ERROR for diagnostic in settled.diagnostics)


@given(LISTED, LISTED, st.randoms(use_true_random=False))
def test_what_git_makes_of_two_branches_is_a_ledger(one, two, random):
    base = assigned(one[:2]).ledger
    a = assigned([*one, *two[:1]], base).ledger
    b = assigned(two, base).ledger
    lines = sorted({*render_ledger(a).splitlines(keepends=True), *render_ledger(b).splitlines(keepends=True)})
    random.shuffle(lines)
    merged = parse_ledger("".join(lines))
    assert merged == unite(a, b)
    first = assigned([*one, *two], merged)
    again = assigned([*one, *two], first.ledger)
    assert again.diagnostics == ()
    assert (again.entries, again.ledger) == (first.entries, first.ledger)
    issued = {key for ledger in (a, b) for key in resolve(ledger)}
    assert issued <= {key for entry in first.entries for key in (entry.key, *entry.aliases)}


def cosmetic(title, random):
    """The title as another page may print it."""
    edits = (
        str.upper,
        lambda text: text.replace("-", random.choice(["–", "—", "‐", "−", " ", ""])),
        lambda text: text.replace(" ", random.choice(["  ", "\n", "\u00a0", "\t"])),
        lambda text: f"{text}.",
        lambda text: f" {text} ",
        lambda text: "{" + text + "}",
        lambda text: re.sub(r"\b(\w)", r"{\1}", text),
        lambda text: text.replace("'", "’"),
        lambda text: text.replace('"', "“"),
        lambda text: text.replace(":", " -"),
    )
    for edit in random.sample(edits, random.randint(1, len(edits))):
        title = edit(title)
    return title


WORDS = st.text(string.ascii_letters + string.digits + "-':\"", min_size=1, max_size=8).filter(
    lambda word: any(map(str.isalnum, word))
)


@given(st.lists(WORDS, min_size=1, max_size=6), st.randoms(use_true_random=False))
@example(["don't", "fine-tuning:", "LLMs"], __import__("random").Random(1))
def test_a_title_may_be_dressed_up_and_is_the_same(words, random):
    title = " ".join(words)
    plain, dressed = (
        Record(type=ItemType.PREPRINT, title=text, creators=(Person("Gao", "Lei"),))
        for text in (title, cosmetic(title, random))
    )
    assert fingerprints(plain) == fingerprints(dressed)


@given(st.lists(WORDS, min_size=1, max_size=6), WORDS, st.data())
def test_another_word_makes_another_title(words, word, data):
    def letters(text):
        return "".join(filter(str.isalnum, text.lower()))

    place = data.draw(st.integers(0, len(words) - 1))
    assume(letters(word) != letters(words[place]))
    changed = [*words[:place], word, *words[place + 1 :]]
    one, other = (
        Record(type=ItemType.PREPRINT, title=" ".join(title), creators=(Person("Gao", "Lei"),))
        for title in (words, changed)
    )
    assert fingerprints(one) != fingerprints(other)


@given(strategies.texts(surrogates=False), strategies.texts(surrogates=False), STYLES)
def test_composed_and_decomposed_text_is_the_same_text(name, title, style):
    forms = [
        Record(
            type=ItemType.PREPRINT,
            title=unicodedata.normalize(form, title),
            creators=(Person(unicodedata.normalize(form, name), "A."),),
        )
        for form in ("NFC", "NFD")
        if all(unicodedata.ucd_3_2_0.category(character) != "Cn" for character in name + title)
    ]
    assume(forms)
    assert fingerprints(forms[0]) == fingerprints(forms[1])
    assert candidate_key(forms[0], style) == candidate_key(forms[1], style)


@given(st.text(string.ascii_letters + " .:", min_size=2, max_size=30), st.integers(1, 29))
def test_where_title_ends_and_name_begins_does_not_count(text, cut):
    cut = min(cut, len(text) - 1)
    assume(text[:cut].strip(" .:") and text[cut:].strip(" .:"))
    assume(text[cut - 1 : cut + 1].isalpha())
    split, other = (
        Record(type=ItemType.PREPRINT, title=text[:at], creators=(Person(text[at:].strip() or "x"),))
        for at in (cut, len(text))
    )
    assert fingerprints(split)[-1] + "x" == fingerprints(other)[-1]


@pytest.fixture(scope="module", params=[0, 26**8 - 1])
def one_hash(request):
    """A content hash that has one value only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scheme, "_digest", lambda _content: request.param)
        yield


@given(batches=st.lists(LISTED, max_size=3), style=STYLES)
def test_growth_and_uniqueness_hold_where_all_hashes_collide(one_hash, batches, style):
    ledger, records, before = KeyLedger(), [], {}
    for batch in batches:
        records = records + batch
        after, assignment = key_by_record(records, ledger, style)
        assert before.items() <= after.items()
        keys = [entry.key for entry in assignment.entries]
        assert len(set(keys)) == len(keys)
        assert all(MADE_KEY.fullmatch(key) and len(key) <= 60 for key in keys)
        ledger, before = assignment.ledger, after


def test_hundreds_of_works_with_one_hash_and_one_key_are_told_apart(one_hash):
    records = [
        Record(
            type=ItemType.PREPRINT, title="Ethos", creators=(Person("Gao", "Lei"),), doi=f"10.1000/{number}"
        )
        for number in range(300)
    ]
    assert len({entry.key for entry in assigned(records).entries}) == 300
    later = assigned(records, assigned(records[::2]).ledger)
    assert len({entry.key for entry in later.entries}) == 300


@given(few_records(st.none()), st.sampled_from(["doi", "arxiv_id"]), st.booleans())
def test_works_with_different_identifiers_stay_two(record, kind, one_was_known):
    values = {"doi": ("10.1000/1", "10.1000/2"), "arxiv_id": ("2401.00001", "2401.00002")}[kind]
    original, erratum = (replace(record, **{kind: value}) for value in values)
    ledger = assigned([original]).ledger if one_was_known else KeyLedger()
    keys, assignment = key_by_record([original, erratum], ledger)
    assert len(set(keys.values())) == len(assignment.entries) == 2
    if one_was_known:
        assert keys[id(original)] == ledger.claims[0].key


@given(st.lists(FEW_CREATORS, min_size=2, max_size=6), st.integers(1, 5), st.booleans())
def test_a_truncated_list_and_the_whole_one_have_one_key(creators, printed, whole_first):
    whole = Record(type=ItemType.PREPRINT, title="Ethos", creators=tuple(creators))
    truncated = replace(whole, creators=tuple(creators[:printed]), creators_truncated=True)
    first, second = (whole, truncated) if whole_first else (truncated, whole)
    assignment = assigned([first])
    later = assigned([second], assignment.ledger)
    assert [entry.key for entry in later.entries] == [entry.key for entry in assignment.entries]
    both = assigned([first, second])
    assert [entry.key for entry in both.entries] == [candidate_key(whole)]
    assert both.entries[0].record.creators == whole.creators


@FEWER
@given(ANY)
def test_a_ledger_is_the_same_after_a_round_through_its_file(records):
    ledger = assigned(records).ledger
    text = render_ledger(ledger)
    text.encode()
    assert parse_ledger(text) == ledger
    assert render_ledger(parse_ledger(text)) == text
    assert parse_ledger(text.replace("\n", "\r\n\n")) == ledger


KEYS_OF_FILES = st.sampled_from(["Smith2020", "smith2020", "gaondethos", "x:1", "ключ", "a b", None])
# No file has one key twice: its reader sees to that.
KEYED = st.lists(
    st.builds(
        lambda record, key, path: replace(
            record, brought_key=key, source=Source(path if key else "in.txt", record.source.line)
        ),
        few_records(),
        KEYS_OF_FILES,
        st.sampled_from(["a.bib", "b.bib"]),
    ),
    max_size=6,
    unique_by=lambda record: (record.brought_key and (record.brought_key, record.source.path)) or id(record),
)


@given(st.lists(KEYED, max_size=3), st.randoms(use_true_random=False))
def test_keys_that_files_bring_follow_the_same_laws(batches, random):
    ledger = KeyLedger()
    for batch in batches:
        works = list(works_of(batch))
        assignment = assign_keys(ledger, works)
        random.shuffle(works)
        assert assign_keys(ledger, works) == assignment
        keys = [entry.key for entry in assignment.entries]
        assert len(set(keys)) == len(works)
        for claim in ledger.claims:
            kept = resolve(assignment.ledger)[claim.key]
            assert (kept.key, kept.origin, kept.how) == (claim.key, claim.origin, claim.how)
        again = assign_keys(assignment.ledger, works)
        assert (again.ledger, again.entries) == (assignment.ledger, assignment.entries)
        ledger = assignment.ledger


CLAIMS = st.lists(
    st.builds(
        lambda record, key, aliases, how, issued: Claim(
            key=key,
            origin=origin_of(record),
            fingerprints=fingerprints(record),
            aliases=tuple(sorted(set(aliases) - {key})),
            how=how,
            issued=issued,
        ),
        few_records(),
        st.sampled_from(["a", "b", "A", "gao2024ethos", "gao2024ethos-abc", "Ключ-1"]),
        st.lists(st.sampled_from(["a", "b", "c", "gao2024ethos"]), max_size=2),
        st.sampled_from(How),
        st.integers(1, 3),
    ),
    max_size=6,
)


@given(CLAIMS, CLAIMS, CLAIMS, st.randoms(use_true_random=False))
def test_any_lines_at_all_are_a_ledger(one, two, three, random):
    a, b, c = map(gather, (one, two, three))
    assert unite(unite(a, b), c) == unite(a, unite(b, c)) == unite(c, b, a)
    lines = [*one, *two, *three]
    settled = settle(gather(lines))
    random.shuffle(lines)
    assert settle(gather(lines)) == settled
    held = [key for claim in settled.ledger.claims for key in claim.all_keys()]
    assert len(held) == len(set(held))
    assert {key for claim in lines for key in claim.all_keys()} <= set(held)
    assert settle(settled.ledger).ledger == settled.ledger
    for claim in lines:
        # Whatever became of the key, the work that had it is still found.
        assert any(set(claim.fingerprints) <= set(kept.fingerprints) for kept in settled.ledger.claims)


@given(st.lists(few_records(), min_size=1, max_size=3))
def test_identifiers_say_the_same_however_they_are_written(records):
    for record in records:
        dressed = replace(
            record,
            doi=record.doi and f" https://doi.org/{record.doi.upper()}",
            arxiv_id=record.arxiv_id and f"arXiv:{record.arxiv_id}v3",
        )
        assert strong_ids(dressed) == strong_ids(record)


def test_facts_of_a_listing_do_not_make_another_work():
    record = Record(type=ItemType.PREPRINT, title="Ethos", creators=(Person("Gao", "Lei"),))
    scored = replace(record, listing=ListingFacts(score=78.4, code=True), categories=("cs.LG",))
    assert candidate_key(record, "hashed") == candidate_key(scored, "hashed")
