"""The words of words.tsv and things.tsv: how each is written, and which labels of the teaching sets it means."""
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
TABLES = ("words.tsv", "things.tsv")
# What a table calls its rows, and the facet of a query that such a word fills.
FACET = {"group": "kind", "thing": "kind", "material": "kind"}
NOT_LETTERS = re.compile(r"[^\w]+|_")
POSSESSIVE = re.compile(r"['’]s?(?!\w)")


@dataclass(frozen=True)
class Phrase:
    """One thing that can be said: all its spellings, and the labels that it means."""

    facet: str
    language: str
    forms: tuple
    labels: frozenset


def plain(text):
    """A text as the tokenizer sees it."""
    text = unicodedata.normalize("NFKC", text).lower()
    return " ".join(NOT_LETTERS.sub(" ", POSSESSIVE.sub("", text)).split())


def plural(word):
    if word.endswith("s") and not word.endswith("ss"):
        return word
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("ch", "sh", "ss", "x", "z")) else "s")


def singular(word):
    """Of the labels, which are plurals; other words only lose a last s that is one."""
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us")) else word


def english_forms(text, counted):
    """Singular and plural, joined and split."""
    numbers = [text]
    if counted:
        numbers.append(re.sub(r"[^ +]+$", lambda last: plural(last[0]), text))
    forms = [plain(way) for one in numbers for way in (one.replace("+", " "), one.replace("+", ""))]
    return tuple(dict.fromkeys(forms))


def read_table(name):
    with open(HERE / name, encoding="utf8") as lines:
        for line in lines:
            if not line.startswith("#"):
                row, labels, english, chinese = line.rstrip("\n").split("\t")
                yield row, labels.split(","), [w for w in english.split("|") if w], [w for w in chinese.split("|") if w]


def qualified(facet, label):
    """Labels of the fashion catalogues bear their column; those of other sets their set."""
    return label if label[:3] in ("01:", "04:", "06:", "10:", "13:") or label[0] == "@" else f"{facet}:{label}"


class Words:
    """Collects what each word means: its own labels where it is a label's name, else all that list it."""

    def __init__(self):
        self.means = defaultdict(set)
        self.own = defaultdict(set)
        self.forms = {}

    def add(self, facet, language, text, labels, own=False):
        forms = english_forms(text, facet == "kind") if language == "en" else (plain(text).replace(" ", ""),)
        key = (facet, language, forms[0])
        self.forms[key] = tuple(dict.fromkeys((*self.forms.get(key, ()), *forms)))
        (self.own if own else self.means)[key].update(labels)

    def phrases(self):
        for key, forms in sorted(self.forms.items()):
            others = {label for label in self.means[key] if label[:3] in ("04:", "06:", "10:", "13:")}
            labels = self.own[key] | others if self.own[key] else self.means[key]
            yield Phrase(key[0], key[1], forms, frozenset(labels))


def read_phrases(names):
    """All phrases; `names` adds English names of labels (label to list), as the sets give them."""
    words = Words()
    for table in TABLES:
        for row, labels, english, chinese in read_table(table):
            facet = FACET.get(row, row)
            full = [qualified(row if row == "material" else facet, label) for label in labels]
            for text in english:
                words.add(facet, "en", text, full)
            for i, text in enumerate(chinese):
                words.add(facet, "zh", text, full, own=i == 0 and row == "kind")
            worn = [label for label in full if label.startswith("01:")]
            if row in ("kind", "colour"):
                for label, name in zip(labels, full):
                    if name.startswith(facet):
                        words.add(facet, "en", singular(plain(label)) if facet == "kind" else plain(label), [name, *worn], own=True)
    for label, texts in names.items():
        for text in texts:
            words.add("kind", "en", plain(text), [label])
    return list(words.phrases())
