"""MODEL_CARD.md of a pack, from the figures in its build folder."""
import json

UPLOADED = "published as MIT by its uploader"
FROM_A_SHOP = "**provenance unclear**: the pictures come from a shop"
FLICKR = "**pictures: mixed Flickr licences, research use**"
WORDS = "how labels look, to the text encoder alone"
# name, pictures, what it teaches, terms as found with the set, research only or unclear
SETS = (
    ("01", "clothing-dataset", "3,970", "garments on people, 17 classes", "CC0 1.0", ""),
    ("02", "TrashNet", "2,527", "single objects on white", "MIT", ""),
    ("03", "shop software's sample catalogues", "575", "views and colours of a product", "per picture: MIT, BSD, OSL-3.0 / AFL-3.0", ""),
    ("04", "Grocery Store Dataset", "1,161", "groceries in shelves", "MIT", ""),
    ("06", "Fruits-360", "1,422", "fruit from all sides", "CC BY-SA 4.0", ""),
    ("07", "fashion catalogue, 60 × 80 px", "42,539", "kinds, colours, titles in English and Chinese", UPLOADED, FROM_A_SHOP),
    ("08", "the same, up to 112 px", "8,809", "the same", UPLOADED, FROM_A_SHOP),
    ("10", "COCO 2014", "6,223 and 10,374 parts of them", "everyday scenes", "annotations CC BY 4.0", FLICKR),
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

One vector of {dims} dimensions: {parts}. Both graphs read a window of the
picture, squashed to 128 × 128 pixels. Files: {files}.

## Terms

The scripts that made the weights (`server/training`) are Apache-2.0 like the server. **The weights were learned from pictures and
from other networks with terms of their own, listed here, so that you can decide.** Research-only material was used as the field uses
ImageNet for published weights. None of the pictures and none of the teachers' weights is part of the pack. Every set
can be left out of everything but the text encoder by a flag; `server/training/README.md` says how.

| set | pictures | taught | terms as found | mind |
|---|---|---|---|---|
{sets}

| taught by | what | terms |
|---|---|---|
{teachers}

## Figures

Measured on pictures held apart from the sets above, which taught nothing but chose weights and thresholds. Shares from 0 to 1.
The like asked of a running server, with pictures that neither taught nor chose, beside a frozen MobileNetV2:
[server/bench/evaluation.md](../../bench/evaluation.md).
"""
PICTURES = """
### Finding a picture again

A distorted copy of each of 300 pictures is searched among all the held-out ones; how often the original comes first, when whole
pictures are embedded, and when the subject is found and framed, which is what the server does unless it is told not to crop.

| copy | whole | framed |
|---|---|---|
{copies}

### Finding what is alike

| in | the first hits show | whole | framed |
|---|---|---|---|
{alike}

The last row is strict: products cut out and put on scenes, searched among all of these and the very scenes.
"""
SUBJECT = """
### The subject's box

How often the best box overlaps the true one by half or more. Products: cut out and put on scenes. Scenes: everyday photos in
which a larger detector is sure of one main object.

| | pictures | box found | mean overlap | box found where the subject fills up to 8, 16, 32, 50, 100 % of the frame |
|---|---|---|---|---|
{boxes}
"""
CATEGORIES = """
### The category

| pictures | n | right | mean confidence |
|---|---|---|---|
{sources}

| category | n | recall | precision |
|---|---|---|---|
{categories}
"""
TEXT = """
### Texts

Of the first ten pictures that a text finds in the held-out fashion catalogue, the share that shows everything it asks for (texts asked).

| text | English | Chinese |
|---|---|---|
{texts}

How names of kinds and colours score: the right ones of their first hits, and any wrong pictures.

| pictures | right hits | score, 5th percentile | 50th | keeps 90 % | wrong pictures below .5 |
|---|---|---|---|---|---|
{scores}
"""
SCORES = """
### Scores

Above .9 nearly the same picture, .7 to .9 clearly similar, below .5 unrelated. Copies are the picture stored again in another format,
compressed hard or at half size; unrelated are pictures of another kind or product. Whole pictures / with the subject found:

| pictures | copies above .9 | unrelated below .5 |
|---|---|---|
{held}

A right hit is a first hit among the held-out pictures that is another thing of the same kind (in small shops: another view of the
product). Many lie a little below .5: a limit there keeps copies and close likeness and drops much that is merely of one kind. Set
yours by the last column, which nine of ten right hits pass.

| pictures | right hits | score, 5th percentile | 50th | keeps 90 % |
|---|---|---|---|---|
{hits}
"""
LIMITS = """
## Limits

* The domains are those of the sets above: fashion catalogues and clothes on people, groceries, fruit, household objects, sample shops,
  everyday scenes. Furniture, toys, snacks and digital devices were taught by few pictures: give the category with the picture.
* Held-out pictures come from the same sets as the teaching ones; other cameras and shops are harder than these figures say, groceries
  by far: the evaluation tells how much.
* Pictures smaller than about 60 px carry too little; of copies that show a quarter of their original more than a third are missed;
  a product that is a small part of a busy scene is rarely found unless its box is given.
* Colour names and kinds are those of one Indian fashion shop. Languages other than English and Chinese were not taught.
* Teaching pictures of people are of clothes; nothing was done to recognise persons, and nothing to prevent
  that pictures of one person in the same clothes are alike. Scores are no evidence of identity.
"""
# Key of a figure, and what it tells.
COPY_ROWS = (
    ("copies", "**all of them, mean**"), ("crop_50", "half of its area"), ("crop_25", "a quarter of its area"), ("rotate_20", "turned by 20°"),
    ("rotate_90", "turned by 90°"), ("rotate_180", "upside down"), ("flip", "mirrored"), ("grey", "without colour"), ("dark", "darker"),
    ("thumb_32", "at 32 × 32 pixels"), ("blur", "blurred"), ("noise", "with noise"), ("jpeg_8", "JPEG of quality 8"),
    ("screenshot", "inside a screenshot"), ("hard", "several of these at once"),
)
ALIKE_ROWS = (
    ("07 kind", "fashion catalogue, 60 px", "the kind (first ten)"), ("07 kind+colour", "", "kind and colour (first ten)"),
    ("08 kind", "fashion catalogue, 112 px", "the kind (first ten)"), ("08 kind+colour", "", "kind and colour (first ten)"),
    ("clothing 9-NN", "clothing on people", "the class, by nine neighbours"), ("groceries 1-NN", "groceries", "the class (first)"),
    ("shops view", "small shops", "another picture of the product (first)"),
    ("in a scene", "all of these", "the product that a scene shows (first)"),
)
SOURCE_ROWS = (
    ("catalogue", "fashion catalogue"), ("people", "clothing on people"), ("shops", "small shops"), ("trash", "household objects on white"),
    ("groceries", "groceries and fruit"), ("things", "natural photos, 64 px"), ("objects", "objects of everyday scenes"),
)
TEXT_ROWS = (
    ("kind", "name of a kind"), ("kind synonyms", "synonym of it"), ("colour kind", "colour, then kind"),
    ("kind, colour", "kind, then colour"), ("audience colour kind", "audience, colour and kind"),
)
TEXT_SETS, CATEGORY = "07+08", "category "


def rows(table):
    return "\n".join("| " + " | ".join(line) + " |" for line in table)


def number(value):
    """A figure; a dash where nothing was measured."""
    return "–" if value is None else f"{value:.3f}"


def sets_of(left_out, speaks):
    """The sets that taught; those that were left out taught the words of a pack that has texts."""
    kept = [line for line in SETS if speaks or line[0] not in left_out]
    return [(name, count, WORDS if key in left_out else taught, *terms) for key, name, count, taught, *terms in kept]


def pictures_of(fit):
    """What pictures find, with the whole picture and with the window that was chosen."""
    figures, framed = (fit.get(name, {}) for name in ("figures", "framed"))

    def found(key):
        return number(figures.get(key)), number(framed.get(key))

    alike = [(where, what, *found(key)) for key, where, what in ALIKE_ROWS]
    return PICTURES.format(copies=rows([(name, *found(key)) for key, name in COPY_ROWS]), alike=rows(alike)) if figures else ""


def columns(line, *names):
    return [number(line[name]) for name in names]


def subject_of(held):
    """How well the box is found; nothing where no pictures judged it."""
    judged = [(name, held[key]) for key, name in (("composites", "products"), ("scenes", "scenes")) if key in held]
    boxes = []
    for name, line in judged:
        areas = ", ".join(f"{share:.2f}" for _, share in line["by_area"].values())
        boxes.append((name, str(line["n"]), f"{line['iou50']:.3f} ± {line['standard_error']:.3f}", number(line["iou"]), areas))
    return SUBJECT.format(boxes=rows(boxes)) if boxes else ""


def categories_of(held):
    """The category head by where pictures come from, and by category."""
    sources = [(name, str(held[key]["n"]), *columns(held[key], "top1", "confidence")) for key, name in SOURCE_ROWS if key in held]
    named = [(key.removeprefix(CATEGORY), line) for key, line in held.items() if key.startswith(CATEGORY) and "recall" in line]
    categories = [(name, str(line["n"]), *columns(line, "recall", "precision")) for name, line in named]
    return CATEGORIES.format(sources=rows(sources), categories=rows(categories)) if sources else ""


def texts_of(figures, hits):
    """How texts rank the catalogue in both languages, and what right hits score."""
    def found(key):
        return "{:.3f} ({})".format(*figures[key]) if key in figures else "–"

    texts = [(name, *(found(f"{TEXT_SETS} {key} {language}") for language in ("en", "zh"))) for key, name in TEXT_ROWS]
    scores = [(name, hit["hits"], *columns(hit, "p5", "p50", "keeps90", "unrelated_below")) for name, hit in hits.items()]
    return TEXT.format(texts=rows(texts), scores=rows(scores)) if figures else ""


def scores_of(calibration):
    """How scores are to be read: copies and unrelated pictures, and what a right hit scores, domain by domain."""
    domains = {}
    for line in calibration.get("domains", []):
        domains.setdefault(line["domain"], []).append(line)
    shares = ("copies_above", "unrelated_below")
    held = [(name, *(" / ".join(number(line[share]) for line in crops) for share in shares)) for name, crops in domains.items()]
    hits = [(name, hit["hits"], *columns(hit, "p5", "p50", "keeps90")) for name, hit in calibration.get("hits", {}).items()]
    return SCORES.format(held=rows(held), hits=rows(hits)) if held else ""


def model_card(build, manifest):
    def read(name):
        path = build / name
        return json.loads(path.read_text(encoding="utf8")) if path.exists() else {}

    fit, calibration, held = read("fit.json"), read("calibration.json"), read("subject.json").get("held_out", {})
    parts = " and ".join(f"{part['dims']} of `{part['file']}` × {part['weight']:g}" for part in manifest["picture"]["parts"])
    introduction = INTRODUCTION.format(
        **{name: manifest[name] for name in ("name", "version", "description", "dims")}, parts=parts,
        files=", ".join(f"`{name}`" for name in manifest["files"]), teachers=rows(TEACHERS),
        sets=rows(sets_of(fit.get("left_out", []), "text" in manifest)),
    )
    sections = (
        pictures_of(fit), subject_of(held), categories_of(held), scores_of(calibration),
        texts_of(read("text.json").get("figures", {}), calibration.get("text_hits", {})),
    )
    return introduction + "".join(sections) + LIMITS
