import pytest

from bibkit.errors import ParseError
from bibkit.model.display_names import is_collective, parse_display_name
from bibkit.model.names import Body, Person

# As printed; then given | particle | family | suffix.
PERSONS = """
Lei Gao                         | Lei | | Gao |
Sai Qian Zhang                  | Sai Qian | | Zhang |
Hossein Entezari Zarch          | Hossein Entezari | | Zarch |
Syed Shakib Sarwar              | Syed Shakib | | Sarwar |
Felix Juefei-Xu                 | Felix | | Juefei-Xu |
Zheng-Peng Duan                 | Zheng-Peng | | Duan |
He-Yen Hsieh                    | He-Yen | | Hsieh |
Jong-Chyi Su                    | Jong-Chyi | | Su |
LuLu Yu                         | LuLu | | Yu |
JinHong Xia                     | JinHong | | Xia |
Bradley McDanel                 | Bradley | | McDanel |
Wang Yu-Hang                    | Wang | | Yu-Hang |
E Weinan                        | E | | Weinan |
Weinan E                        | Weinan | | E |
An Lu                           | An | | Lu |
H. T. Kung                      | H. T. | | Kung |
H.T. Kung                       | H.T. | | Kung |
Y. Charlie Hu                   | Y. Charlie | | Hu |
A. S. M. Kayes                  | A. S. M. | | Kayes |
C.-C. Jay Kuo                   | C.-C. Jay | | Kuo |
J.-P. Serre                     | J.-P. | | Serre |
Md. Saiful Islam                | Md. Saiful | | Islam |
Th. M. Rassias                  | Th. M. | | Rassias |
AJ Piergiovanni                 | AJ | | Piergiovanni |
Ramesh K.                       | K. | | Ramesh |
Arun Kumar V.                   | Arun V. | | Kumar |
A. B.                           | A. | | B. |
Liu ying                        | Liu | | ying |
Fang liang                      | Fang | | liang |
Jiawei zhang                    | Jiawei | | zhang |
zhang wei                       | zhang | | wei |
li da wei                       | li da | | wei |
danah boyd                      | danah | | boyd |
bell hooks                      | bell | | hooks |
ludwig van beethoven            | ludwig | van | beethoven |
Ludwig van Beethoven            | Ludwig | van | Beethoven |
Jan van der Berg                | Jan | van der | Berg |
van der Berg                    | | van der | Berg |
Jean de la Tour                 | Jean | de la | Tour |
de la Tour                      | | de la | Tour |
Maria de la Cruz Gonzalez       | Maria | de la | Cruz Gonzalez |
Werner von Braun                | Werner | von | Braun |
Karl-Theodor von und zu X       | Karl-Theodor | von und zu | X |
Karl zu Guttenberg              | Karl | zu | Guttenberg |
Peter zur Hausen                | Peter | zur | Hausen |
Ulrich vom Hagen                | Ulrich | vom | Hagen |
Johanna auf der Heyde           | Johanna | auf der | Heyde |
Gerard 't Hooft                 | Gerard | 't | Hooft |
Jacobus Henricus van 't Hoff    | Jacobus Henricus | van 't | Hoff |
Anne ter Braak                  | Anne | ter | Braak |
Corrie ten Boom                 | Corrie | ten | Boom |
Peter op de Beeck               | Peter | op de | Beeck |
Jan in 't Veld                  | Jan | in 't | Veld |
Leonardo da Vinci               | Leonardo | da | Vinci |
Cristiano dos Santos            | Cristiano | dos | Santos |
Pedro de Souza Lima             | Pedro | de | Souza Lima |
Maria da Silva dos Santos       | Maria | da | Silva dos Santos |
Antonio degli Esposti           | Antonio | degli | Esposti |
Giovanni della Casa             | Giovanni | della | Casa |
Mohammed bin Salman             | Mohammed | bin | Salman |
Omar ibn Said                   | Omar | ibn | Said |
Rami al Rfou                    | Rami | al | Rfou |
Sandra af Geijerstam            | Sandra | af | Geijerstam |
Rami Al-Rfou                    | Rami | | Al-Rfou |
Ali al-Khwarizmi                | Ali | | al-Khwarizmi |
Jean d'Alembert                 | Jean | | d'Alembert |
Michael D'Arcy                  | Michael | | D'Arcy |
Conan O'Brien                   | Conan | | O'Brien |
Eli Ben-Sasson                  | Eli | | Ben-Sasson |
Nicolas Le Roux                 | Nicolas | | Le Roux |
Yann Le Cun                     | Yann | | Le Cun |
Emanuele La Malfa               | Emanuele | | La Malfa |
Wouter Van Gansbeke             | Wouter | | Van Gansbeke |
Guy Van den Broeck              | Guy | | Van den Broeck |
Bert De Brabandere              | Bert | | De Brabandere |
Roberto Di Cosmo                | Roberto | | Di Cosmo |
Joana Da Costa                  | Joana | | Da Costa |
Laurent El Ghaoui               | Laurent | | El Ghaoui |
Ismail Ben Ayed                 | Ismail | | Ben Ayed |
Fahad Al Dhaheri                | Fahad | | Al Dhaheri |
Cees Ten Cate                   | Cees | | Ten Cate |
Seán Ó Súilleabháin             | Seán | | Ó Súilleabháin |
Ó Súilleabháin                  | | | Ó Súilleabháin |
Máire Ní Mhurchú                | Máire | | Ní Mhurchú |
Donncha Ó Cróinín               | Donncha | | Ó Cróinín |
Ben Smith                       | Ben | | Smith |
Al Gore                         | Al | | Gore |
Le Zhang                        | Le | | Zhang |
De Cheng                        | De | | Cheng |
Van Nguyen                      | Van | | Nguyen |
Wei Di Chen                     | Wei Di | | Chen |
Jia Bin Huang                   | Jia Bin | | Huang |
Quoc Van Nguyen                 | Quoc Van | | Nguyen |
Nguyen Van Anh                  | Nguyen Van | | Anh |
Nguyễn Văn Hùng                 | Nguyễn Văn | | Hùng |
Đặng Thị Mai                    | Đặng Thị | | Mai |
Nguyễn Văn A                    | Nguyễn Văn | | A |
José Ortega y Gasset            | José | | Ortega y Gasset |
Santiago Ramón y Cajal          | Santiago | | Ramón y Cajal |
Antoni Gaudí i Cornet           | Antoni | | Gaudí i Cornet |
Tiago Costa e Silva             | Tiago | | Costa e Silva |
João Silva Filho                | João | | Silva Filho |
Pedro Almeida Neto              | Pedro | | Almeida Neto |
Pedro Neto                      | Pedro | | Neto |
H. Garcia Jr.                   | H. | | Garcia | Jr.
Robert Downey Jr                | Robert | | Downey | Jr
Sammy Davis, Jr.                | Sammy | | Davis | Jr.
Robert Downey , III             | Robert | | Downey | III
Henry Gates Sr.                 | Henry | | Gates | Sr.
Thurston Howell III             | Thurston | | Howell | III
John Paul II                    | John | | Paul | II
Juan de la Cruz Jr.             | Juan | de la | Cruz | Jr.
Mausam                          | | | Mausam |
Plato                           | | | Plato |
Jr.                             | | | Jr. |
John Smith 0001                 | John | | Smith 0001 |
Hope Field                      | Hope | | Field |
Rich Case                       | Rich | | Case |
Xiaodong (Mike) Li              | Xiaodong (Mike) | | Li |
Иван Петров                     | Иван | | Петров |
Екатерина Жукова                | Екатерина | | Жукова |
Γιώργος Παπαδόπουλος            | Γιώργος | | Παπαδόπουλος |
אברהם לוי                       | אברהם | | לוי |
محمد صلاح                       | محمد | | صلاح |
अमित शर्मा                        | अमित | | शर्मा |
王伟                            | | | 王伟 |
山田 太郎                       | 太郎 | | 山田 |
김 철수                         | 철수 | | 김 |
Ömer Şahin                      | Ömer | | Şahin |
İbrahim Işık                    | İbrahim | | Işık |
Žiga Avsec                      | Žiga | | Avsec |
François-Xavier Briol           | François-Xavier | | Briol |
Wojciech Zaremba                | Wojciech | | Zaremba |
"""

BODIES = """
The LIGO Collaboration
The LIGO Scientific Collaboration and the Virgo Collaboration
the Pierre Auger Collaboration
ATLAS Collaboration
ATLAS
OpenAI
DeepSeek-AI
EleutherAI
NVIDIA
LLM-jp
01.AI
xAI
Mistral AI
Gemini Team
Qwen Team
Google Research
Google DeepMind
Hugging Face
BigScience Workshop
Institute for Advanced Study
Bank of England
AI @ Meta
The SymPy Developers
International Human Genome Sequencing Consortium
"""


def _persons():
    for line in PERSONS.strip().splitlines():
        text, *parts = (part.strip() for part in line.split("|"))
        yield pytest.param(text, [part or None for part in parts], id=text)


@pytest.mark.parametrize(("text", "parts"), list(_persons()))
def test_persons_have_parts(text, parts):
    given, particle, family, suffix = parts
    assert parse_display_name(text) == Person(family=family, given=given, particle=particle, suffix=suffix)


@pytest.mark.parametrize("text", BODIES.strip().splitlines())
def test_collectives_stay_whole(text):
    assert is_collective(text)
    assert parse_display_name(text) == Body(text)


@pytest.mark.parametrize(
    "text", ["Li Wei", "Qi Guo", "LuLu", "Mausam", "Max Planck", "D. Institutoris", "Al Tae"]
)
def test_persons_are_no_collectives(text):
    assert not is_collective(text)


def test_spaces_are_made_one():
    assert parse_display_name("  Jan\u00a0 van\tder\u2028Berg ") == parse_display_name("Jan van der Berg")


@pytest.mark.parametrize("text", ["", " ", "\n\u2028\u00a0"])
def test_nothing_is_no_name(text):
    with pytest.raises(ParseError):
        parse_display_name(text)


@pytest.mark.parametrize(
    "text", ["}", ". .", "a" * 100_000, "a " * 50_000, "aA" * 50_000 + "!", "A1" * 50_000]
)
def test_any_other_text_is_a_name(text):
    parse_display_name(text)
