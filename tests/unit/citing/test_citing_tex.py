import pytest

from bibkit.citing import COMMANDS, Command, join_macros, read_macros, read_tex


def cited(text, macros=None):
    return [
        [key.text for key in one.keys if key.text and key.literal]
        for one in read_tex(text, macros).citations()
    ]


def keys(text, macros=None):
    return [key for one in cited(text, macros) for key in one]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_of_the_tables_cites(name):
    command = COMMANDS[name]
    before = "{vol}" * (command.places[0] - 1)
    assert keys(rf"\{name}{before}{{a, b}}.") == ["a", "b"]
    assert keys(rf"\{name}*[x]{before}[y]{{a}}") == ["a"]
    assert keys(rf"\{name}{before}{{a}}{before}{{b}}") == (["a", "b"] if command.many else ["a"])


@pytest.mark.parametrize(
    "text",
    [
        r"\cite[see [1]][p. 3]{a}",
        r"\cite[see {[}1]{a}",
        r"\cite[\cite[x]{b}][]{a}".replace(r"\cite[x]{b}", "x"),
        "\\cite\n  {a}",
        "\\cite% why\n  [x]% not\n  {a}",
        r"\cite<see>[p. 3]{a}",
        r"\cite *{a}",
        "\\cite{\n  a\n}",
        "\\cite{a% }\n}",
        "\\cite{% first\n a}",
        "\\cite{a,}",
        "\\cite{a , , }",
        "\\cite{%\n  a%\n}",
        "\\cite{*a}",
        "\\cite{*[see][p. 3]a}",
        r"{\bf\cite{a}}",
        r"\footnote{\textit{x \cite{a}}}",
        r"$x_\cite{a}$",
        r"\\\cite{a}",
        r"\%\cite{a}",
        "% \\cite{b}\n\\cite{a}",
        r"\protect\cite{a}",
        r"\volcite[see]{3}[12]{a}",
        r"\textcites(see {)})(x)[1]{a}",
        r"\citefield{a}[format]{title}",
    ],
)
def test_one_key_however_it_is_written(text):
    assert keys(text) == ["a"]


@pytest.mark.parametrize(
    "text",
    [
        r"\cite",
        r"\cite\foo{a}",
        r"\cite{}",
        "\\cite\n\n{a}",
        "\\cite[x\n\n]{a}",
        r"\cite{#1}",
        r"\cite{\mykey}",
        r"\cite{a{b}}",
        r"\cite{a b}",
        r"\citestyle{a}",
        r"\citetext{a}",
        r"\string\cite{a}",
        r"\verb|\cite{a}|",
        r"\verb*!\cite{a}!",
        r"\verb |\cite{a}|",
        r"\lstinline[language=TeX]{\cite{a}}",
        r"\mintinline{tex}{\cite{a}}",
        r"\Verb+\cite{a}+",
        r"\url{http://x/%\cite{a}}",
        r"\href{http://x/\cite{a}}{x}",
        r"\path|\cite{a}|",
        "%\\cite{a}",
        "\\begin{verbatim}\n\\cite{a}\n\\end{verbatim}",
        "\\begin{verbatim}\\cite{a}",
        "\\begin{filecontents*}[overwrite]{x}\n\\cite{a}\n\\end{filecontents*}",
        r"\iffalse\cite{a}\fi",
        r"\iffalse\ifnum1=1 \cite{a}\else\cite{a}\fi\cite{a}\fi",
        "\\iffalse % \\fi\n\\cite{a}\\fi",
        r"\newif\ifdraft \iffalse\ifdraft x\fi\cite{a}\fi",
        r"\iffalse\cite{a}",
        "\\end{document}\\cite{a}",
        "\\endinput\n\\cite{a}",
        "\\{ \\end{document}\\cite{a}",
        "% {\n\\end{document}\\cite{a}",
        "% {\n  % {\n\\endinput\n\\cite{a}",
        "\\endinput % \\cite{a}\n\\cite{a}",
        r"\renewcommand{\cite}[1]{a}",
        r"\renewcommand\cite[2][]{}",
        r"\let\oldcite\cite",
        r"\def\cite#1{a}",
        r"\MakeShortVerb{\|} |\cite{a}|",
        r"\lstMakeShortInline[language=C]! !\cite{a}!",
        "\\lstnewenvironment{code}{}{}\n\\begin{code}\n\\cite{a}\n\\end{code}",
        "\\newminted{python}{}\\begin{pythoncode}\\cite{a}\\end{pythoncode}",
        "\\excludecomment{old}\\begin{old}\n\\cite{a}\n\\end{old}",
    ],
)
def test_what_is_no_citation(text):
    assert keys(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (r"\cites(pre)(post)[1]{a}[2][3]{b,c}{d} {e}", ["a", "b", "c", "d", "e"]),
        ("\\cites{a}\n\n{b}", ["a"]),
        (r"\Volcites{1}{a}{2}[p]{b}", ["a", "b"]),
        (r"\cite[see \citet{b}]{a}", ["a", "b"]),
        (r"\iffalse\cite{a}\else\cite{b}\fi", ["b"]),
        (r"\let\ifdraft\iffalse \ifdraft\cite{a}\fi", ["a"]),
        (r"\ifx\x\iffalse\cite{a}\fi", ["a"]),
        (r"\href{x%y}{\cite{a}}", ["a"]),
        ("\\ifdefined\\once\\endinput\\fi\n\\cite{a}", ["a"]),
        ("\\ifx\\once\\undefined\\else\n\\endinput\n\\fi\n\\cite{a}", ["a"]),
        ("\\iffalse x\\else\n\\endinput\n\\fi\n\\cite{a}", ["a"]),
        ("\\iffalse x\\fi\n\\endinput\n\\cite{a}", []),
        ("\\newcommand{\\stop}{\\endinput}\n\\cite{a}", ["a"]),
        ("\\newcommand{\\stop}{%\n  \\end{document}}\n\\cite{a}", ["a"]),
        ("\\newcommand{\\stop}{% }\n  % }\n \\end{document}}\n\\cite{a}", ["a"]),
        (r"\newcommand{\hide}{\iffalse}\newcommand{\show}{\fi}\cite{a}", ["a"]),
        (r"\path (0,0) node {\cite{a}} (1,1);", ["a"]),
        (r"\url|x%y|\cite{a}", ["a"]),
        (r"\verb|%|\cite{a}", ["a"]),
        (r"\MakeShortVerb{\|}|\cite{a}|\DeleteShortVerb{\|}|\cite{b}|", ["b"]),
        ("\\cite{ab%\n   cd}", ["abcd"]),
        ("\\cite{ab% x\n%, y\n   cd,e}", ["abcd", "e"]),
        ("a\\cite{b}\r\n% \\cite{c}\r\\cite{d}", ["b", "d"]),
        (r"\begin{alltt}\cite{a}\end{alltt}", ["a"]),
        (r"\mcite{a,*b,*[x]c}", ["a", "b", "c"]),
        (r"\nocite{*}", ["*"]),
        (r"\defbibentryset{set}{a,b}\cite{set}", ["a", "b", "set"]),
        (r"\newcommand{\knuth}{\cite{knuth1984}}", ["knuth1984"]),
        ("\\begin{verbatim}\n\\end{verbatim}\\cite{a}", ["a"]),
    ],
)
def test_which_keys_in_which_order(text, found):
    assert keys(text) == found


@pytest.mark.parametrize(
    ("definition", "command"),
    [
        (r"\newcommand{\mine}[1]{see \citep{#1}}", Command()),
        (r"\newcommand{\mine}[2]{#1, \citep[p.~#1]{#2}}", Command(places=(2,))),
        (r"\newcommand{\mine}[2][x]{\citep[#1]{#2}}", Command()),
        (r"\newcommand*\mine[2]{\cite{#1} and \cite{#2}}", Command(places=(1, 2))),
        (r"\newcommand{\mine}[2]{\cite{#1,#2}}", Command(places=(1, 2))),
        (r"\renewcommand{\mine}{\citep}", Command()),
        (r"\newcommand{\mine}{see~\textcites}", Command(many=True)),
        (r"\let\mine\citep", Command()),
        (r"\let\mine=\cites", Command(many=True)),
        (r"\def\mine#1#2{#1\cite{#2}}", Command(places=(2,))),
        (r"\NewDocumentCommand{\mine}{s O{x} m m}{\cite[#2]{#4}}", Command(places=(2,))),
        (r"\DeclareRobustCommand{\mine}[1]{\cite{#1}}", Command()),
        (r"\DeclareCiteCommand{\mine}[\mkbibparens]{}{}{}{}", Command()),
        (r"\DeclareMultiCiteCommand{\mine}[\mkbibparens]{\cite}{;}", Command(many=True)),
        (r"\newcommand{\base}[1]{\cite{#1}}\newcommand{\mine}[1]{\base{#1}}", Command()),
        (r"\newcommand{\mine}[1]{\base{#1}}\newcommand{\base}[1]{\cite{#1}}", Command()),
        (r"\newcommand{\mine}[1]{\textbf{#1}}", None),
        (r"\newcommand{\mine}[1]{\cite{smith:#1}}", None),
        (r"\newcommand{\mine}{\cite{knuth}}", None),
        (r"\newcommand{\mine}[1]{\cite{knuth} #1}", None),
        (r"% \newcommand{\mine}[1]{\cite{#1}}", None),
    ],
)
def test_commands_that_a_paper_defines_by_others(definition, command):
    assert read_macros(definition).commands.get("mine") == command


def test_multibib_makes_commands():
    macros = read_macros(r"\newcites{sec,own}{Secondary}{Own}")
    assert cited(r"\citesec{a}\citepown{b}\nocitesec{c}", macros) == [["a"], ["b"], ["c"]]


def test_files_share_what_they_define():
    preamble = read_macros(r"\newcommand{\mine}[1]{\cite{#1}}\newminted{python}{}")
    macros = join_macros([preamble, read_macros("x")])
    assert keys(r"\mine{a}\begin{pythoncode}\mine{b}\end{pythoncode}", macros) == ["a"]


def test_a_key_has_its_place_and_a_citation_its_line():
    found = next(read_tex("x\n\\cite[y]{a,\n  b}").citations())
    assert (found.line, found.noted) == (2, True)
    assert [key.pieces for key in found.keys] == [((11, 12),), ((16, 17),)]


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        (r"\input{a}", [("a.tex", "a")]),
        (r"\input a ", [("a.tex", "a")]),
        (r"\input{a.tex}", [("a.tex", "a.tex.tex")]),
        (r'\input{"a b"}', [("a b.tex", "a b")]),
        (r"\include{ch/a}", [("ch/a.tex",)]),
        (r"\subfile{ch/a}", [("ch/a.tex", "ch/a")]),
        (r"\import{ch/}{a}", [("ch/a.tex", "ch/a")]),
        (r"\subimport{}{a}", [("a.tex", "a")]),
        (r"\usepackage[x]{a, b}", [("a.sty",), ("b.sty",)]),
        (r"\input{\dir/a}", []),
        (r"\input{#1}", []),
        (r"\renewcommand{\input}[1]{x}", []),
        (r"% \input{a}", []),
        (r"\verb|\input{a}|", []),
        ("\\includegraphics{a}", []),
    ],
)
def test_files_that_are_included(text, paths):
    assert [one.paths for one in read_tex(text).included()] == paths


def test_what_a_paper_brings_itself():
    text = (
        "\\begin{filecontents}{own.bib}\n@misc{mine, title={X}}\n@book ( other ,\n\\end{filecontents}\n"
        "\\bibitem[Knuth(1984)]{knuth} \\bibitem{x} \\defbibentryset{set}{a}"
    )
    assert read_tex(text).own_keys == {"mine", "other"}
    assert read_tex(text).listed_keys == {"knuth", "x", "set"}


@pytest.mark.parametrize(
    ("text", "biblatex", "biber"),
    [
        (r"\usepackage{natbib}", False, False),
        (r"\usepackage{biblatex}", True, True),
        ("\\usepackage[style=apa,\n backend = bibtex]{biblatex}", True, False),
        (r"\addbibresource{x.bib}", True, True),
        ("\\usepackage[% options\n  backend=bibtex,%\n]%\n{csquotes,biblatex}", True, False),
        (r"% \usepackage{biblatex}", False, False),
    ],
)
def test_the_package_says_what_the_bibliography_is_for(text, biblatex, biber):
    wanted = read_tex(text).wanted
    assert (wanted.biblatex, wanted.biber) == (biblatex, biber)


def test_commands_that_look_like_citations_are_told_apart():
    assert [one.command for one in read_tex(r"\foocite{a} \cite{b} \section{c}").suspects] == ["foocite"]


@pytest.mark.parametrize("text", [r"\begin{verbatim}", r"\iffalse x"])
def test_verbatim_text_that_never_ends_is_told(text):
    assert read_tex(f"x\n{text}\ny").unended == (2,)


def test_what_is_known_is_defined_all_the_same():
    text = r"\newcommand{\mine}[1]{\cite{#1}}"
    assert read_macros(text, read_macros(text)) == read_macros(text)
