from itertools import product

import pytest

from bibkit.formats.listing.authors import read_tail
from bibkit.formats.listing.evidence import Corpus
from bibkit.formats.listing.split import split_title

NOTHING = Corpus((), (), ())
ENDINGS = """
A Study of GPT-4V
Always Have a Plan B
Causal Inference in R
Types and Effects in F#
A Survey on the Security of IoT
Sorting Integers in O(n log n)
Equivariant Networks under SO(3)
Secret Sharing among Alice, Bob, and Eve
Algorithmic Fairness: Theory, Practice, Open Problems
Attention Is All You Need.
Can Machines Think?
Reward Settlement on Permissionless Blockchains (Extended version)
Federated Navigation for Embodied AI
Highlighting Evidence for Frozen LLMs
Hallucination Robustness in VLMs
Distributed Training with PyTorch
Delegated Virtualization with DuVisor
Mapping Cities in 3D
Static Analysis for C++
Heuristic Search with A*
A Note on $\\ell_1$
The Cost of $O(\\log n)$
Forecasting the Spread of COVID-19
Classification beyond ImageNet
Driving at Level 5
Kernels on GPUs
"Why Should I Trust You?"
On the Word “Smart”
Rain over the U.S.
Learning on iOS
Is It On?
A Theory of Everything!
Image-to-Image
Up to 50%
Maps of New York
Modular Forms I.
INFORMATION CASCADES IN REPEATED GAMES
WHEN TO ACT, WHEN TO WAIT
Robust Mean Field
object detection in textile defect images
Foveated Instance Segmentation
Cooking with MobiZO
Tiling with T3M
Grounding in RGB-D
State of the art, Challenges and Prospects
""".strip().splitlines()

FIRST_AUTHORS = """
Lei Gao
Sai Qian Zhang
H. T. Kung
H.T. Kung
Y. Charlie Hu
A. S. M. Kayes
C.-C. Jay Kuo
Md. Saiful Islam
McKenna Lee
Bradley McDanel
DeShawn Jones
D'Arcy Smith
Conan O'Brien
LuLu Yu
JinHong Xia
E Weinan
Wang Yu-Hang
Liu ying
Jiawei zhang
Jong-Chyi Su
Seán Ó Súilleabháin
Ó Súilleabháin
Jean de la Tour
Jan van der Berg
Rami Al-Rfou
Al-Rfou
Nicolas Le Roux
Le Roux
Иван Петров
Nguyễn Văn Hùng
Đặng Thị Mai
Žiga Avsec
Ömer Şahin
François-Xavier Briol
Hope Field
Rich Case
Mausam
OpenAI
DeepSeek-AI
Gemini Team
The LIGO Collaboration
王伟
Xiaodong (Mike) Li
Hossein Entezari Zarch
John Smith Jr.
""".strip().splitlines()


def abstract_of(title):
    """Return an abstract as abstracts are: it says some of the title's words again."""
    return (
        f"We study a known problem. Here, {title.rstrip('.?!')} is looked at anew, and the results are good."
    )


def read(line, abstract="", corpus=NOTHING):
    split = split_title(read_tail(line), abstract, corpus)
    return split.best.title, list(split.best.names), split.certain


@pytest.mark.parametrize("title", ENDINGS)
@pytest.mark.parametrize(
    "tail", ["Haichao Zhang, Kuangrong Hao, Witold Pedrycz et al.", "Lei Gao, Ling Guan", "Tuo Zhang"]
)
def test_titles_end_where_they_end(title, tail):
    names = tail.removesuffix(" et al.").split(", ")
    assert read(title + tail, abstract_of(title)) == (title, names, True)


@pytest.mark.parametrize("name", FIRST_AUTHORS)
@pytest.mark.parametrize("others", [[], ["Ling Guan"], ["Tuo Zhang", "Bradley McDanel"]])
def test_names_begin_where_they_begin(name, others):
    title = "Vision Transformer with Convolutions Architecture Search"
    assert read(title + ", ".join([name, *others]), abstract_of(title)) == (title, [name, *others], True)


def test_hard_endings_before_hard_names():
    pairs = list(product(ENDINGS, FIRST_AUTHORS))
    readings = [read(f"{title}{name}, Anna Schmidt", abstract_of(title)) for title, name in pairs]
    right = [
        (title, [name, "Anna Schmidt"]) == reading[:2]
        for (title, name), reading in zip(pairs, readings, strict=True)
    ]
    certain = [reading[2] for reading in readings]
    assert not [pair for pair, yes, sure in zip(pairs, right, certain, strict=True) if sure and not yes]
    assert sum(right) >= 0.995 * len(pairs)
    assert sum(certain) >= 0.9 * len(pairs)


@pytest.mark.parametrize(
    "name", ["de la Tour", "van der Berg", "von Neumann", "al-Khwarizmi", "d'Alembert", "xAI"]
)
@pytest.mark.parametrize(
    "title", ["Scaling Laws for Language Models", "Orthogonal Networks", "What Is Deep Learning"]
)
def test_particles_begin_names(title, name):
    assert read(f"{title}{name}, Lei Gao", abstract_of(title))[:2] == (title, [name, "Lei Gao"])


@pytest.mark.parametrize("title", ["Learning to Code", "A Formal Model", "A New Decade", "Modeling the Mode"])
def test_words_that_end_as_particles_do_stay_whole(title):
    assert read(f"{title}Lei Gao, Ling Guan", abstract_of(title)) == (title, ["Lei Gao", "Ling Guan"], True)


def test_a_name_in_lower_case_needs_a_known_word_before_it():
    line = "Graph neural network modelsliu ying, Fang liang, Lei Gao et al."
    assert read(line, "We look at such models.")[:2] == (
        "Graph neural network models",
        ["liu ying", "Fang liang", "Lei Gao"],
    )


def test_other_lines_decide():
    line = "A Study of XyzzyJinHong Xia"
    known = Corpus(["JinHong Xia"], (), ())
    assert read(line, "Text.", known) == ("A Study of Xyzzy", ["JinHong Xia"], True)
    assert read("On QuuxMobiBo Li", "Text.", Corpus(["Bo Li"], (), ()))[1] == ["Bo Li"]
    lower = Corpus(["thorsten xq"], (), ())
    assert read("On quuxthorsten xq", "Text.", lower)[:2] == ("On quux", ["thorsten xq"])


def test_a_title_that_another_page_prints_decides():
    line = "On QuuxMobiBoLi Zhang"
    corpus = Corpus((), ["On QuuxMobi"], ())
    assert read(line, "Text.", corpus) == ("On QuuxMobi", ["BoLi Zhang"], True)


def test_words_of_the_abstract_decide():
    line = "Serving with FooBarQuux Li"
    assert read(line, "We present FooBar, a server.")[:2] == ("Serving with FooBar", ["Quux Li"])


def test_doubt_is_told_with_both_readings():
    line = "Always Have a Plan BAJ Piergiovanni"
    split = split_title(read_tail(line), "We plan.", NOTHING)
    assert not split.certain
    assert split.second is not None
    assert {split.best.title, split.second.title} == {"Always Have a Plan B", "Always Have a Plan BA"}
    assert str(split.best) != str(split.second)
    assert all(reading.title + reading.names[0] == line for reading in (split.best, split.second))


def test_a_reading_does_not_compete_with_itself():
    line = "Magnon transport via optical tweezers at TeVde la Peeters, Bo-Han Hung, Xingshan Ai et al."
    split = split_title(
        read_tail(line), "We study optical tweezers. Existing results on TeV are special.", NOTHING
    )
    assert split.second is None or split.second.title != split.best.title


@pytest.mark.parametrize(
    "line", ["Incremental Object Keypoint Learning", "x", "et al.", ", , ,", "A, B, C, D, E", "123"]
)
def test_a_line_without_names_is_never_certain(line):
    title, names, certain = read(line, "Text.")
    assert not certain
    assert ", ".join([title + "".join(names[:1]), *names[1:]]) == line.removesuffix(" et al.")


def test_a_cut_is_never_inside_maths():
    title, names, _ = read("On $f_{Max}X$ and $GLie$Yu Wang", "Text.")
    assert (title, names) == ("On $f_{Max}X$ and $GLie$", ["Yu Wang"])


@pytest.mark.parametrize(
    ("line", "pieces", "truncated", "affiliations"),
    [
        ("A B, C D", ("A B", "C D"), False, ()),
        ("A B, C D, E F et al.", ("A B", "C D", "E F"), True, ()),
        ("A B, C D, E F et al", ("A B", "C D", "E F"), True, ()),
        ("A B, C D, E F, et al.", ("A B", "C D", "E F"), True, ()),
        ("A B, C D, E F et al. · pku, tsinghua", ("A B", "C D", "E F"), True, ("pku", "tsinghua")),
        ("A B et al. · Google Research", ("A B",), True, ("Google Research",)),
        ("A B · tencent-ai", ("A B",), False, ("tencent-ai",)),
        ("Q · KA B", ("Q · KA B",), False, ()),
        ("Sammy Davis, Jr., C D", ("Sammy Davis, Jr.", "C D"), False, ()),
        ("  A \u2028 B,\tC", ("A B", "C"), False, ()),
        ("", ("",), False, ()),
    ],
)
def test_tails(line, pieces, truncated, affiliations):
    tail = read_tail(line)
    assert (tail.pieces, tail.truncated, tail.affiliations) == (pieces, truncated, affiliations)


@pytest.mark.parametrize(
    "piece", ["aA" * 400, "A" * 800, "a" * 900, "A. " * 300, "é" * 900, "王" * 900, "-" * 900]
)
def test_no_text_takes_long(piece):
    split_title(read_tail(f"{piece}Lei Gao, {piece}"), piece, NOTHING)
