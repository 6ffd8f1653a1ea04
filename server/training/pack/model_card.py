"""MODEL_CARD.md of a pack, from the figures in its build folder."""
import json

# name, pictures, what it teaches, terms as found with the set, research only or unclear
SETS = (
    ("01", "clothing-dataset", "3,970", "garments on people, 17 classes", "CC0 1.0", ""),
    ("02", "TrashNet", "2,527", "single objects on white", "MIT", ""),
    ("03", "shop software's sample catalogues", "575", "views and colours of a product", "per picture: MIT, BSD, OSL-3.0 / AFL-3.0", ""),
    ("04", "Grocery Store Dataset", "1,161", "groceries in shelves", "MIT", ""),
    ("06", "Fruits-360", "1,422", "fruit from all sides", "CC BY-SA 4.0", ""),
    (
        "07", "fashion catalogue, 60 × 80 px", "42,539", "kinds, colours, titles in English and Chinese",
        "published as MIT by its uploader", "**provenance unclear**: the pictures come from a shop",
    ),
    (
        "08", "the same, up to 112 px", "8,809", "the same", "published as MIT by its uploader",
        "**provenance unclear**: the pictures come from a shop",
    ),
    (
        "10", "COCO 2014", "6,223 and 10,374 parts of them", "everyday scenes", "annotations CC BY 4.0",
        "**pictures: mixed Flickr licences, research use**",
    ),
    ("13", "Tiny-ImageNet", "20,000", "small natural photos, 200 classes", "ImageNet terms", "**research only**"),
)
TEACHERS = (
    ("MobileNetV2 1.0 224 (ImageNet)", "picture embedding", "Apache-2.0"),
    ("EfficientNet-Lite2 (ImageNet)", "picture embedding", "Apache-2.0"),
    ("YOLOX-nano (COCO)", "boxes of scenes, for the subject detector", "Apache-2.0"),
    ("BGE small en v1.5, BGE small zh v1.5", "meaning of words, for the text encoder", "MIT"),
)
INTRODUCTION = """# {name} {version}

What this pack sees with: {description}

Vector: {dims} dimensions, parts {parts}. Input: a window of the picture, squashed to 128 × 128. Files: {files}.

## Terms

The scripts that made the weights (`server/training`) are Apache-2.0 like the server. **The weights were learned from pictures and
from other networks with terms of their own, listed here, so that you can decide.** Research-only material was used as the field uses
ImageNet for published weights. None of the pictures and none of the teachers' weights is part of the pack. Every set
can be left out of a training by a flag; `server/training/README.md` says how.

| set | pictures | taught | terms as found | mind |
|---|---|---|---|---|
{sets}

| taught by | what | terms |
|---|---|---|
{teachers}

"""
SCORES = """
### Scores

Above .9 nearly the same picture, .7 to .9 clearly similar, below .5 unrelated. On the hold-out, whole pictures and with the subject found:

| domain | crop | copies above .9 | unrelated below .5 |
|---|---|---|---|
{held}

A right hit is the first of a search among the held-out pictures of the domain that is another thing of the same label. Set your threshold
by the last column: nine of ten right hits pass it.

| domain | right hits | score, 5th percentile | 50th | keeps 90 % |
|---|---|---|---|---|
{hits}
"""
TEXTS = """
Texts: names of kinds and colours, the right ones of their first hits among held-out pictures, and any wrong pictures.

| domain | right hits | score, 5th percentile | 50th | keeps 90 % | wrong pairs below .5 |
|---|---|---|---|---|---|
{texts}
"""
LIMITS = """
## Limits

* The domains are those of the sets above: fashion catalogues and clothes on people, groceries, fruit, household objects, sample shops,
  everyday scenes. Furniture, toys and electronics were taught by few pictures or none.
* Held-out pictures come from the same sets as the teaching ones; other cameras and shops are harder than the figures say.
* Pictures smaller than about 60 px carry too little; a copy that shows less than a quarter of its original is often missed.
* Colour names and kinds are those of one Indian fashion shop. Languages other than English and Chinese were not taught.
* Teaching pictures of people are of clothes; nothing was done to recognise persons, and nothing to prevent
  that pictures of one person in the same clothes are alike. Scores are no evidence of identity.
"""


def rows(table):
    return "\n".join("| " + " | ".join(line) + " |" for line in table)


def number(value):
    """A figure, or a figure with how many it was taken of."""
    if isinstance(value, list):
        return f"{value[0]:.3f} ({value[1]})"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def figures_of(title, figures):
    """A section of (name, value) lines; nothing where nothing was measured."""
    lines = []
    for name, value in (figures or {}).items():
        inner = value.items() if isinstance(value, dict) else [("", value)]
        lines += [f"| {f'{name}: {part}' if part else name} | {number(found)} |" for part, found in inner if not isinstance(found, dict)]
    return "\n".join([f"\n### {title}\n", "| figure | value |", "|---|---|", *lines, ""]) if lines else ""


def scores(calibration):
    """How scores are to be read: copies and unrelated pictures, and what a right hit scores, domain by domain."""
    if not calibration.get("domains"):
        return ""
    held = [
        [line["domain"], line["crop"], *(f"{line[share]:.3f}" for share in ("copies_above", "unrelated_below"))]
        for line in calibration["domains"]
    ]
    hits = [
        [name, hit["hits"], number(hit["p5"]), number(hit["p50"]), number(hit["keeps90"])]
        for name, hit in calibration.get("hits", {}).items()
    ]
    texts = [
        [name, hit["hits"], *(number(hit[column]) for column in ("p5", "p50", "keeps90", "unrelated_below"))]
        for name, hit in calibration.get("text_hits", {}).items()
    ]
    return SCORES.format(held=rows(held), hits=rows(hits)) + (TEXTS.format(texts=rows(texts)) if texts else "")


def model_card(build, manifest):
    def read(name):
        path = build / name
        return json.loads(path.read_text(encoding="utf8")) if path.exists() else {}

    fit, calibration = read("fit.json"), read("calibration.json")
    left_out = fit.get("left_out", [])
    parts = " and ".join(
        f"{part['dims']} ({part['file']}, weight {part['weight']:g})" for part in manifest["picture"]["parts"]
    )
    introduction = INTRODUCTION.format(
        **{name: manifest[name] for name in ("name", "version", "description", "dims")},
        parts=parts, files=", ".join(manifest["files"]),
        sets=rows([line[1:] for line in SETS if line[0] not in left_out]), teachers=rows(TEACHERS),
    )
    sections = [
        figures_of("Pictures, on the hold-out", fit.get("figures")),
        figures_of("Subject and category", read("subject.json").get("held_out")),
        figures_of("Text", read("text.json").get("figures")),
        scores(calibration),
    ]
    return introduction + "## Figures\n" + "".join(sections) + LIMITS
