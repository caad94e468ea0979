r"""Old citation keys in `.tex` files to the present ones of the ledger: first a plan, which can be shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bibkit import files
from bibkit.citekeys import resolve, settle
from bibkit.citing import Change, Citation, is_citable, render_diff, rewrite_tex
from bibkit.config import Settings
from bibkit.diagnostics import Diagnostic, Source, info, warning
from bibkit.errors import LedgerError, TemporaryError
from bibkit.ledger import load_ledger
from bibkit.pipeline.papers import TexFile, read_tex_files


@dataclass(frozen=True, slots=True)
class FilePlan:
    """What is to be done to one file: its old text and its new one, each key that changes, and the diff."""

    path: Path
    old: str
    new: str
    changes: tuple[Change, ...]
    diff: str


@dataclass(frozen=True, slots=True)
class RewritePlan:
    """What is to be done to files that were named; `plans` are of those that change."""

    files: int
    plans: tuple[FilePlan, ...]
    diagnostics: tuple[Diagnostic, ...]


def plan_rewriting(paths: Sequence[Path], settings: Settings) -> RewritePlan:
    """Return what is to be done so that files cite works by their present keys; write nothing.

    Files that these include are read, for what they define, and named where they have old keys; they are not
    changed. Raises `LedgerError` where there is no ledger, or one that has to be settled first, and
    `UnreadableSourceError` for a file that cannot be read.
    """
    renamed, not_citable = _present_keys(settings)
    found, diagnostics = read_tex_files(paths)
    # What BibTeX lists it lists anew under the present keys; what a person lists by hand stays.
    by_hand = [one for one in found if not one.path.endswith(".bbl")]
    own_keys = frozenset(key for one in by_hand for key in (*one.reading.own_keys, *one.reading.listed_keys))
    plans = []
    for one in found:
        able, unable = _writable(one, renamed)
        result = rewrite_tex(one.text, one.reading, able, own_keys)
        used = [key.text for citation in one.reading.citations() for key in citation.keys]
        unable |= not_citable.keys() & set(used)
        diagnostics.extend(_remarks(one, renamed, own_keys, unable))
        if result.changes and one.named:
            diff = render_diff(one.path, one.text, result.edits)
            plans.append(FilePlan(Path(one.path), one.text, result.text, result.changes, diff))
        elif result.changes:
            diagnostics.append(_not_named(one, result.changes))
    return RewritePlan(sum(one.named for one in found), tuple(plans), tuple(diagnostics))


def apply_rewriting(plan: RewritePlan) -> list[Path]:
    """Write what was planned, all files or, but for a crash between two, none; return those written.

    Raises `TemporaryError` where a file is not what it was when the plan was made.
    """
    with files.Replacement() as outputs:
        for one in plan.plans:
            if files.read_text_exactly(one.path) != one.old:
                raise TemporaryError(
                    f"{one.path}: was changed since the diff was made; no file was rewritten",
                    hint="Run the command again.",
                )
            outputs.stage(one.path, files.exact_bytes(one.new))
        return outputs.commit()


def _present_keys(settings: Settings) -> tuple[dict[str, str], dict[str, str]]:
    r"""Return the present key of each old one, and, apart, of those whose present one no `\cite` can name."""
    path = settings.ledger_path()
    if not files.exists(path):
        raise LedgerError(
            f"{path}: there is no ledger of citation keys",
            hint="Name it with --ledger; `bibkit export` makes it.",
        )
    settled = settle(load_ledger(path))
    if settled.diagnostics:
        raise LedgerError(
            f"{path}: {settled.diagnostics[0].message}",
            hint="Run `bibkit export` first: it settles the ledger, and saves it.",
        )
    renamed: dict[str, str] = {}
    unable: dict[str, str] = {}
    for key, claim in resolve(settled.ledger).items():
        if key != claim.key:
            (renamed if is_citable(claim.key) else unable)[key] = claim.key
    return renamed, unable


def _writable(one: TexFile, renamed: Mapping[str, str]) -> tuple[Mapping[str, str], set[str]]:
    """Return the keys that can be written into a file, and those that its encoding cannot take."""
    if one.text.isascii() or one.text.encode("utf-8", "replace") == files.exact_bytes(one.text):
        return renamed, set()
    unable = {old for old, new in renamed.items() if not new.isascii()}
    return {old: new for old, new in renamed.items() if old not in unable}, unable


def _remarks(
    one: TexFile, renamed: Mapping[str, str], own_keys: frozenset[str], unable: set[str]
) -> Iterator[Diagnostic]:
    """Yield what there is to say of old keys that stay."""
    if not one.named:
        return
    for citation in one.reading.citations():
        source = Source(one.path, citation.line)
        for key in citation.keys:
            if key.text in unable:
                reason = f"the present key of {key.text} cannot be written there; it stays"
                yield warning("key-not-writable", reason, source)
            elif key.text in own_keys and key.text in renamed:
                yield info("own-key", f"{key.text} is an entry of the paper's own; it stays", source)
    for citation in one.reading.suspects:
        if any(key.text in renamed for key in citation.keys):
            yield _suspect(one, citation)


def _suspect(one: TexFile, citation: Citation) -> Diagnostic:
    return warning(
        "unknown-command",
        f"\\{citation.command} has an old key and is no command that is known to cite; it stays as it is",
        Source(one.path, citation.line),
    )


def _not_named(one: TexFile, changes: Sequence[Change]) -> Diagnostic:
    keys = "an old key" if len(changes) == 1 else f"{len(changes)} old keys"
    return warning(
        "file-not-named",
        f"is included, was not named, and has {keys}: name it to have it rewritten",
        Source(one.path, changes[0].line),
    )
