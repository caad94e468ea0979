"""LaTeX documents that cite keys, for the tests that have real engines make a bibliography of them."""

import re
from collections.abc import Iterable
from pathlib import Path

_BIBTEX = r"""
\documentclass{article}
\usepackage{amsmath,amssymb}
%s
\begin{document}
%s
\bibliographystyle{%s}
\bibliography{library}
\end{document}
"""
_BIBLATEX = r"""
\documentclass{article}
\usepackage{amsmath,amssymb}
\usepackage[backend=biber,maxbibnames=99]{biblatex}
\addbibresource{%s}
\renewbibmacro*{finentry}{\printfield{abstract}\printfield{keywords}\finentry}
\begin{document}
%s
\printbibliography
\end{document}
"""


def bibtex_document(keys: Iterable[str], style: str, *packages: str) -> str:
    """A document that cites keys of `library.bib`; natbib is there for the style that needs it."""
    natbib = [r"\usepackage{natbib}"] if style == "plainnat" else []
    return _BIBTEX % ("\n".join([*packages, *natbib]), _cites(keys), style)


def biblatex_document(keys: Iterable[str], library: str) -> str:
    """A document that cites keys of a file by biblatex, and prints abstracts and keywords."""
    return _BIBLATEX % (library, _cites(keys))


def compile_document(
    latexmk, folder: Path, text: str, engine: str = "-lualatex", *, name: str = "paper"
) -> str:
    """Compile a document, which ends well; return the LaTeX log with its broken lines joined."""
    (folder / f"{name}.tex").write_text(text, encoding="utf-8")
    done = latexmk.run(engine, "-interaction=nonstopmode", "-halt-on-error", f"{name}.tex", cwd=folder)
    log = (folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")
    assert done.returncode == 0, log[-3000:]
    return re.sub(r"(?<=.{79})\n", "", log)


def _cites(keys: Iterable[str]) -> str:
    return "\n".join(rf"\cite{{{key}}}" for key in keys)
