"""The tokenizer: whole English words, single Chinese characters, and a few word ends; anything else is [UNK].

The vocabulary is counted on the captions that teach, so a word that never taught cannot be mistaken for a known one: it
is no chain of letters but unknown. Word ends ("##shoes") split joined words such as "runningshoes".
"""
from collections import Counter

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

PAD, UNKNOWN_TOKEN = "[PAD]", "[UNK]"
MOST_TOKENS, LEAST_COUNT, LONGEST_WORD = 7600, 25, 32
HAN = "[㐀-䶿一-鿿]"


def is_han(letter):
    return "㐀" <= letter <= "䶿" or "一" <= letter <= "鿿"


def split(text):
    """Words and Chinese characters of a plain text."""
    return "".join(f" {letter} " if is_han(letter) else letter for letter in text).split()


def vocabulary(texts, ends, certain):
    """`certain` words are always in; of the rest those that the captions use often enough to have a meaning."""
    counts = Counter(word for text in texts for word in split(text))
    for word in certain:
        counts[word] += 10**6
    ends = [f"##{word}" for word in sorted(set(ends))]
    frequent = [word for word, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])) if count >= LEAST_COUNT]
    return [PAD, UNKNOWN_TOKEN, *ends, *frequent][:MOST_TOKENS]


def make_tokenizer(words):
    model = models.WordPiece(
        vocab={word: i for i, word in enumerate(words)}, unk_token=UNKNOWN_TOKEN, max_input_chars_per_word=LONGEST_WORD
    )
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.NFKC(),
        normalizers.Lowercase(),
        normalizers.Replace(Regex(r"['’]s?(?![\p{L}\p{N}])"), ""),
        normalizers.Replace(Regex(r"[^\p{L}\p{N}\p{M}]+"), " "),
    ])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(HAN), "isolated"),
        pre_tokenizers.WhitespaceSplit(),
    ])
    return tokenizer
