"""Which of the vendor's categories a teaching picture shows; None where that cannot be told."""
import re

CATEGORIES = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 20, 21, 22, 88888888)
NAMES = (
    "tops", "dresses", "bottoms", "bags", "shoes", "accessories", "snacks", "make-up", "bottled drinks", "furniture",
    "toys", "underwear", "digital devices", "others",
)
OTHERS = 88888888
CARE = 7

CATALOGUE = {
    "Topwear": 0, "Dress": 1, "Saree": 1, "Bottomwear": 2, "Bags": 3, "Wallets": 3,
    "Shoes": 4, "Sandal": 4, "Flip Flops": 4, "Innerwear": 21, "Sports Equipment": OTHERS,
    **dict.fromkeys((
        "Watches", "Jewellery", "Belts", "Eyewear", "Ties", "Headwear", "Scarves", "Socks", "Cufflinks", "Stoles",
        "Mufflers", "Gloves",
    ), 5),
    **dict.fromkeys((
        "Makeup", "Fragrance", "Nails", "Lips", "Eyes", "Skin", "Skin Care", "Bath and Body", "Hair", "Perfumes",
        "Beauty Accessories",
    ), CARE),
}
CLOTHING = {
    **dict.fromkeys(("T-Shirt", "Longsleeve", "Shirt", "Outwear", "Polo", "Hoodie", "Blazer", "Top", "Blouse"), 0),
    "Dress": 1, "Pants": 2, "Shorts": 2, "Skirt": 2, "Shoes": 4, "Hat": 5, "Undershirt": 21,
}
TRASH = {"glass": 8, "metal": 8, "paper": OTHERS, "cardboard": OTHERS, "trash": OTHERS}
DRINKS = {"Milk", "Soy-Milk", "Sour-Milk", "Juice"}
DAIRY = {"Yoghurt", "Soyghurt", "Sour-Cream"}
SHOP_KINDS = {"Bags": 3, "Footwear": 4, "Jackets": 0, "Ski/boarding": OTHERS, "Climbing": OTHERS, "Trekking": OTHERS}
# The letters that one shop's item numbers begin with tell the kind.
SHOP_CODES = {
    **dict.fromkeys(("mh", "mj", "mt", "ms", "wh", "wj", "wt", "ws"), 0), "mp": 2, "msh": 2, "wp": 2, "wsh": 2, "mb": 3,
}
THINGS = {
    **dict.fromkeys(("cardigan", "poncho", "fur coat"), 0), "miniskirt": 2, "backpack": 3, "sandal": 4,
    **dict.fromkeys(("sunglasses", "bow tie", "sombrero", "sock"), 5),
    **dict.fromkeys(("pretzel", "ice cream", "ice lolly", "confectionery"), 6),
    **dict.fromkeys(("beer bottle", "pop bottle"), 8),
    **dict.fromkeys(("desk", "dining table", "rocking chair", "chest"), 9),
    "teddy": 20, **dict.fromkeys(("bikini", "swimming trunks"), 21),
    **dict.fromkeys(("iPod", "computer keyboard", "remote control", "CD player"), 22),
}
# Neither clearly of a category nor clearly of none.
UNCLEAR = {
    "Christmas stocking", "academic gown", "apron", "kimono", "military uniform", "vestment", "neck brace", "stopwatch",
    "lampshade", "refrigerator", "pay-phone", "cash machine", "pill bottle", "water jug", "espresso", "pizza", "potpie",
    "meat loaf", "mashed potato", "guacamole", "bathtub", "sewing machine", "altar", "bannister", "comic book",
    "magnetic compass", "butcher shop", "beaker", "snorkel", "plate", "barbershop", "umbrella",
}
# Classes of the detector; the animals, vehicles and outdoor things are others.
OBJECTS = {
    24: 3, 26: 3, 28: 3, 27: 5, 39: 8, 54: 6, 55: 6, 77: 20,
    **dict.fromkeys((13, 56, 57, 59, 60), 9), **dict.fromkeys((62, 63, 64, 65, 66, 67), 22),
    **dict.fromkeys((*range(1, 13), *range(14, 24), 45, 46, 47, 49, 50, 51, 58, 61, 71, 74, 75), OTHERS),
}


def _shop(row):
    if row.get("label"):
        return 5 if row["label"] == "Navigation" and "Watch" in row["caption"] else SHOP_KINDS.get(row["label"])
    code = re.match(r"magento_([a-z]+)\d", row["file"])
    return SHOP_CODES.get(code[1]) if code else None


def _grocery(row):
    return 8 if row["coarse"] in DRINKS else None if row["coarse"] in DAIRY else OTHERS


def _thing(row):
    name = row["name"].split(",")[0]
    return THINGS.get(name, None if name in UNCLEAR else OTHERS)


OF_SET = {
    "01": lambda row: CLOTHING.get(row["label"]),
    "02": lambda row: TRASH.get(row["label"]),
    "03": _shop,
    "04": _grocery,
    "06": lambda row: OTHERS,
    "07": lambda row: CATALOGUE.get(row["attrs"]["subCategory"]),
    "08": lambda row: CATALOGUE.get(row["attrs"]["subCategory"]),
    "13": _thing,
}


def category_of(row):
    """The vendor's category of a whole picture."""
    return OF_SET[row["set"]](row) if row["set"] in OF_SET else None
