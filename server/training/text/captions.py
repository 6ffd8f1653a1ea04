"""Texts that a shopper could type, each with the concepts that it means: seeded, English and Chinese, without pictures."""
from collections import Counter, defaultdict

import numpy as np

from directions import single_kinds
from labels import ATTRIBUTES, UNSURE
from phrases import plain

BEFORE = ["a", "an", "the", "some", "new", "buy", "cheap", "nice", "looking for", "show me", "best", "good", "my", "want", "find"]
MODIFIERS = [
    "stylish", "trendy", "comfortable", "soft", "large", "big", "small size", "vintage", "modern", "simple", "elegant", "cute",
    "lightweight", "premium", "branded", "fashion", "designer", "fashionable", "beautiful", "plain", "luxury", "plus size",
    "loose", "regular fit", "high quality", "original", "latest", "popular", "warm", "thick", "thin", "long", "short",
]
MADE_OF = ["cotton", "silk", "wool", "linen", "polyester", "nylon", "suede", "mesh", "knitted", "lace", "satin", "canvas", "rubber"]
BEFORE_ZH = ["一件", "一条", "一双", "一个", "一只", "一款", "一套", "两件", "这件", "一顶", "一块", "一副", "一支", "一瓶", "想买", "买", "找", "新款", "我要"]
MODIFIERS_ZH = [
    "时尚", "百搭", "修身", "宽松", "复古", "韩版", "简约", "舒适", "大码", "潮流", "薄款", "厚款", "透气", "轻便", "可爱", "气质", "高档", "经典款",
    "流行", "漂亮", "好看", "小众", "学院风", "欧美", "个性", "精致", "加厚", "纯棉", "真皮", "丝绸", "羊毛", "亚麻", "棉", "涤纶", "雪纺", "针织", "蕾丝", "印花",
]
PEOPLE = ["man", "woman", "boy", "girl", "child", "person", "people", "kid", "men", "women", "children", "guy", "lady", "little girl",
          "little boy", "young man", "two people", "group of people"]
PEOPLE_ZH = ["男人", "女人", "男孩", "女孩", "孩子", "小孩", "人", "一群人", "小男孩", "小女孩", "男子", "女子", "老人", "年轻人", "两个人"]
LINKS = ["and", "with", "on", "near", "next to", "holding", "riding", "in front of", "in", "by", "behind", "wearing", "playing with"]
LINKS_ZH = ["和", "在", "旁边的", "拿着", "骑着", "前的", "里的", "上的", "跟", "边的", "穿着", "玩"]
SCENE = ["sitting", "standing", "walking", "running", "jumping", "playing", "looking", "outside", "together", "up", "down", "through",
         "is", "are", "two", "three", "one", "of", "at", "while", "his", "her", "their", "over", "into", "from", "to"]
SCENE_ZH = ["坐", "站", "走", "跑", "跳", "正在", "看", "外面", "一起", "两", "三", "一", "在", "的", "着", "他", "她", "上", "下", "里", "中"]
UNKNOWN = "zzqx"


class Captions:
    """Draws texts and what they mean: a list of (number of a concept, weight)."""

    def __init__(self, known, mixtures, seed):
        self.known, self.mixtures = known, mixtures
        self.dice = np.random.default_rng(seed)
        self.single = single_kinds(known.concepts)
        self.by_label = defaultdict(list)
        self.things = {"en": [], "zh": []}
        for phrase in known.phrases:
            number = known.number[(phrase.facet, phrase.labels)]
            for label in phrase.labels:
                self.by_label[(phrase.facet, phrase.language, label)].append((phrase, number, 1 / len(phrase.labels)))
            if any(label.startswith("10:") for label in phrase.labels):
                self.things[phrase.language].append((phrase, number))
        self.rows = [i for i, row in enumerate(known.rows) if row.get("attrs") and not row["held"]]
        counts = Counter(known.rows[i]["label"] for i in self.rows)
        weight = np.array([counts[known.rows[i]["label"]] ** -0.7 for i in self.rows])
        self.chance = weight.cumsum() / weight.sum()
        self.people = next((n for n, (_, labels) in enumerate(known.concepts) if labels == frozenset(["10:person"])), None)

    def one_of(self, options):
        return options[self.dice.integers(len(options))]

    def maybe(self, share):
        return self.dice.random() < share

    def say(self, facet, language, label):
        """A word for a label, broad words less often, and its concept."""
        options = self.by_label.get((facet, language, label))
        if not options:
            return None
        weights = np.array([one[2] for one in options]).cumsum()
        phrase, number, _ = options[int(np.searchsorted(weights, self.dice.random() * weights[-1] * (1 - 1e-9)))]
        return self.one_of(phrase.forms), number

    def facets(self, language):
        """Words for some labels of a picture, or of two pictures mixed."""
        row = self.known.rows[self.rows[int(np.searchsorted(self.chance, self.dice.random() * (1 - 1e-9)))]]
        other = self.known.rows[self.one_of(self.rows)] if self.maybe(0.35) else row
        said = {}
        for facet, share in (("kind", 0.97), ("colour", 0.6), ("audience", 0.3), ("use", 0.15), ("season", 0.1)):
            value = (row if facet == "kind" else other)["attrs"].get(ATTRIBUTES[facet])
            if value not in UNSURE and self.maybe(share):
                word = self.say(facet, language, f"{facet}:{value}")
                if word:
                    said[facet] = word
        return said

    def mixture(self, language):
        """Now and then a word that stands between known ones takes the place of the kind."""
        return self.one_of(self.mixtures[language])

    def shopping(self, language):
        said = self.facets(language)
        meaning = [(number, 1.0) for _, number in said.values()]
        words = {facet: text for facet, (text, _) in said.items()}
        if self.mixtures[language] and self.maybe(0.12):
            meaning = [part for facet, part in zip(said, meaning) if facet != "kind"]
            words["kind"], parts = self.mixture(language)
            meaning += parts
        if not meaning:
            return self.alone()
        return (self.english(words) if language == "en" else self.chinese(words)), meaning

    def english(self, words):
        order = [words.get(facet) for facet in ("audience", "season", "use", "colour")]
        extra = self.one_of(MODIFIERS if self.maybe(0.6) else MADE_OF) if self.maybe(0.2) else None
        order.insert(self.dice.integers(len(order) + 1), extra)
        order = [word for word in order if word]
        kind = words.get("kind")
        if kind and self.maybe(0.15):
            order = [kind, *self.dice.permutation(order).tolist()] if self.maybe(0.5) else self.dice.permutation([kind, *order]).tolist()
        elif kind and self.maybe(0.12) and "audience" in words:
            order = [word for word in order if word != words["audience"]] + [kind, self.one_of(["for", "for a"]), words["audience"]]
        elif kind and self.maybe(0.1) and "colour" in words:
            order = [word for word in order if word != words["colour"]] + [kind, self.one_of(["in", "coloured", "of colour"]), words["colour"]]
        elif kind:
            order.append(kind)
        if self.maybe(0.12):
            order.insert(0, self.one_of(BEFORE))
        if self.maybe(0.04):
            order.insert(self.dice.integers(len(order) + 1), UNKNOWN)
        if len(order) > 1 and self.maybe(0.05):
            order[-2:] = [order[-2] + order[-1]]
        return " ".join(order)

    def chinese(self, words):
        order = [words.get(facet) for facet in ("audience", "season", "colour", "use")]
        if self.maybe(0.25):
            order = self.dice.permutation(np.array(order, object)).tolist()
        if self.maybe(0.2):
            order.insert(self.dice.integers(len(order) + 1), self.one_of(MODIFIERS_ZH))
        order = [word + ("的" if self.maybe(0.2) else "") for word in order if word]
        if words.get("kind"):
            order.insert(0 if self.maybe(0.1) else len(order), words["kind"])
        if self.maybe(0.15):
            order.insert(0, self.one_of(BEFORE_ZH))
        return (" " if self.maybe(0.1) else "").join(order)

    def title(self):
        """A title of the catalogue: its kind, and the colour, audience and other words that it names."""
        row = self.known.rows[self.one_of(self.rows)]
        text = plain(row.get("caption") or "")
        words = set(text.split())
        meaning = [(self.known.number[("word", frozenset([f"word:{word}"]))], 0.6) for word in sorted(words & self.known.words)]
        kind = self.single.get(f"kind:{row['attrs']['articleType']}")
        if kind is not None:
            meaning.append((kind, 1.0))
        for facet in ("colour", "audience"):
            value = row["attrs"].get(ATTRIBUTES[facet])
            number = self.known.number.get((facet, frozenset([f"{facet}:{value}"])))
            if number is not None and set(plain(value).split()) & words:
                meaning.append((number, 1.0))
        return (text, meaning) if kind is not None else self.alone()

    def scene(self, language):
        """A sentence that names some things and says nothing else that we could know."""
        english = language == "en"
        meaning, parts = [], []
        if self.people is not None and self.maybe(0.5):
            parts.append(self.one_of(PEOPLE if english else PEOPLE_ZH))
            meaning.append((self.people, 0.7))
        for _ in range(self.dice.integers(1, 3)):
            phrase, number = self.one_of(self.things[language])
            colour = self.say("colour", language, self.one_of(["colour:Black", "colour:White", "colour:Red", "colour:Blue", "colour:Brown"]))
            if parts:
                parts.append(self.one_of(LINKS if english else LINKS_ZH))
            parts += [colour[0]] if self.maybe(0.2) else []
            parts.append(self.one_of(phrase.forms))
            meaning.append((number, 1.0))
        for _ in range(self.dice.integers(0, 4)):
            parts.insert(self.dice.integers(len(parts) + 1), self.one_of(SCENE + ["a", "the"] if english else SCENE_ZH))
        return (" " if english else "").join(parts), meaning

    def alone(self):
        """One word or phrase."""
        phrase = self.one_of(self.known.phrases)
        return self.one_of(phrase.forms), [(self.known.number[(phrase.facet, phrase.labels)], 1.0)]

    def draw(self):
        chance, language = self.dice.random(), "en" if self.maybe(0.5) else "zh"
        if chance < 0.60:
            return self.shopping(language)
        if chance < 0.75:
            return self.alone()
        if chance < 0.82:
            return self.title()
        if chance < 0.90 and self.things[language]:
            return self.scene(language)
        return self.mixture(language) if self.mixtures[language] else self.shopping(language)
