"""Words that no table holds: a general text model says between which known words they stand.

    python imitate.py --work work --bge bge --out work/text

BGE holds bge/en and bge/zh, each a quantised ONNX file and its tokenizer (MIT; general-purpose models, not shipped). Every
English word of its vocabulary, and Chinese shop words joined here, is compared with all known phrases; what lies near
enough becomes a soft mixture of the concepts next to it, the rest stays unknown. Writes OUT/mixtures.json.
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

from directions import Knowledge
from phrases import plain, plural

# Likeness from which a word is placed, how sharply the nearest concept wins, and how many share it. Below it
# the English model places any word somewhere.
LEAST = {"en": 0.82, "zh": 0.70}
SHARPNESS, NEIGHBOURS = 0.025, 4
LEAST_SHARE = 0.05
BATCH, SHORTEST = 64, 3
# Chinese has no words in the model's vocabulary: ends of shop words, and what may stand before them.
ENDS_ZH = {
    "鞋": "跑步 篮球 登山 帆布 老爹 增高 懒人 童 婚 舞蹈 瑜伽 雨 棉 布 皮 豆豆 马丁 切尔西 健身 网 板 学生 护士 足球 高帮 低帮 尖头 平底 松糕 透气",
    "靴": "马丁 雪地 长筒 短 过膝 切尔西 雨 军 皮 登山 高跟 骑士",
    "包": "斜跨 链条 水桶 小方 帆布 皮 妈咪 化妆 旅行 登山 胸 单肩 零钱 学生 公文 邮差 编织 草编 腋下 饺子 手拿 马鞍 信封 洗漱 行李",
    "裤": "阔腿 哈伦 喇叭 工装 牛仔 皮 西装 运动 睡 沙滩 棉 背带 铅笔 直筒 束脚 灯芯绒 健美 骑行 滑雪 烟管 微喇",
    "裙": "百褶 包臀 蓬蓬 A字 吊带 牛仔 纱 鱼尾 伞 蛋糕 沙滩 婚纱 旗袍 碎花 衬衫 针织 背心 工装 晚礼服 蕾丝",
    "衣": "针织 毛 棉 风 雨 羽绒 皮 睡 内 泳 卫 大 防晒 打底 唐装 冲锋 蝙蝠 运动 保暖 线 秋 塑身",
    "衫": "雪纺 蝙蝠 棒球 格子 花 防晒 polo 汗 罩 娃娃 开 牛仔 条纹 飞行员 印花 法式 翻领",
    "帽": "鸭舌 渔夫 贝雷 毛线 草 棒球 遮阳 针织 礼 空顶 雷锋 牛仔 报童 太阳",
    "镜": "太阳 墨 蛤蟆 老花 近视 平光 偏光 护目 飞行员 猫眼 圆框",
    "表": "石英 机械 电子 智能 情侣 怀 运动 潜水 钢带 皮带 儿童 女",
    "链": "锁骨 珍珠 银 金 脚 手 毛衣 水晶 黄金 钛钢",
    "带": "皮 腰 背 头 发 领 吊裤 帆布 真皮 自动扣",
    "袜": "船 丝 长筒 棉 连裤 运动 隐形 五指 堆堆 网 地板 羊毛",
    "霜": "面 眼 防晒 隔离 护手 润肤 粉底 bb 美白 素颜 保湿",
    "笔": "眼线 眉 唇线 遮瑕 眼影 口红",
    "色": "奶茶 烟灰 孔雀蓝 牛油果绿 雾霾蓝 樱花粉 车厘子红 焦糖 巧克力 香槟 薄荷绿 克莱因蓝 宝石蓝 橙红 柠檬黄 墨绿 深灰 浅灰 藕粉 紫罗兰 胡萝卜 砖红 燕麦 可可 松绿",
}
LOOSE_EN = (
    "boots, ankle boots, chelsea boots, rain boots, snow boots, knee high boots, hiking boots, cowboy boots, work boots, combat boots, "
    "wellington boots, ugg boots, clogs, crocs, mules, espadrilles, mary janes, gladiator sandals, ballet shoes, dance shoes, golf shoes, "
    "football shoes, cricket shoes, soccer cleats, high tops, wedding shoes, school shoes, nursing shoes, wedding dress, prom dress, "
    "ball gown, bridesmaid dress, little black dress, wrap dress, cargo trousers, corduroy pants, linen trousers, bell bottoms, "
    "palazzo pants, culottes, dungarees, cycling shorts, swim shorts, boyfriend jeans, ripped jeans, bootcut jeans, fleece jacket, "
    "varsity jacket, quilted jacket, rain poncho, turtleneck, roll neck, polo neck jumper, cable knit, henley, football jersey, "
    "basketball jersey, rugby shirt, hawaiian shirt, flannel shirt, lumberjack shirt, tuxedo, three piece suit, bow ties, pocket square, "
    "reading glasses, safety glasses, contact lenses, smart watch, fitness tracker, diving watch, pocket watch, stop watch, nose ring, "
    "toe ring, anklet, brooch, tiara, hair band, hair tie, ear muffs, balaclava, berets, flat cap, straw hat, cowboy hat, bowler hat, "
    "rain hat, umbrella hat, evening clutch, beach bag, diaper bag, makeup bag, wash bag, drawstring bag, bucket bag, saddle bag, "
    "luggage set, cabin bag, pencil case, key case, passport wallet, thermal underwear, long johns, boxer trunks, g string, thong underwear, "
    "training bra, nursing bra, corsets, knee socks, compression socks, fishnet tights, shapewear shorts, onesies, kimonos, bath towel, "
    "hand cream, lip stain, bb cream, setting spray, false lashes, eyebrow pencil, face powder, hair gel, hair spray, shampoo, conditioner, "
    "bubble bath, bath salts, tooth paste, shaving cream, razor, gift hamper, gift box"
)
LOOSE_ZH = (
    "运动背心 棉袄 马褂 汉服 旗袍 西服套装 冲锋裤 速干衣 瑜伽服 校服 工作服 婚纱 晚礼服 泳帽 领巾 披风 斗篷 围裙 肚兜 秋裤 保暖内衣 胸衣 胸贴 "
    "睡袍 浴巾 毛巾 手帕 雨伞 皮手套 发簪 发卡 胸针 脚链 耳机 项坠 玉镯 念珠 手珠 怀表 眼镜框 手机壳 电脑 平板 充电宝 钥匙包 护照夹 名片夹 行李箱 "
    "睫毛夹 美瞳 卸妆棉 气垫霜 蜜粉 眉粉 定妆喷雾 精油 护手霜 洗发水 护发素 牙膏 香皂 花露水 爽身粉 剃须刀 "
    "沙发 茶几 书柜 衣柜 台灯 吊灯 花瓶 地毯 窗帘 枕头 被子 床单 水杯 饭碗 筷子 锅 冰箱 洗衣机 电视 空调 "
    "苹果 雪梨 葡萄 草莓 蓝莓 芒果 菠萝 西瓜 柠檬 柚子 土豆 番薯 萝卜 白菜 西红柿 黄瓜 面包 蛋糕 牛奶 酸奶 果汁 咖啡 茶叶 啤酒 可乐 "
    "小狗 小猫 兔子 老虎 狮子 猴子 大象 长颈鹿 马 牛 羊 猪 鸡 鸭 鱼 鸟 蝴蝶 蜜蜂 汽车 火车 飞机 轮船 自行车 摩托车 公交车 卡车 "
    "海边 沙滩 雪山 森林 草地 草原 花园 公园 街道 城市 夜景 桥 湖 河 瀑布 天空 日落 足球 篮球 网球 滑雪 滑板 冲浪 游泳 跑步 骑车 骑马 跳舞 唱歌 吉他 钢琴"
)


class Reader:
    """Text meaning by one of the models."""

    def __init__(self, folder):
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        self.graph = ort.InferenceSession(str(next(folder.glob("*.onnx"))), options, providers=["CPUExecutionProvider"])
        self.tokenizer = Tokenizer.from_file(str(next(folder.glob("*tokenizer.json"))))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()

    def words(self):
        """English words that are one token."""
        return sorted(word for word in self.tokenizer.get_vocab() if word.isascii() and word.isalpha() and len(word) >= SHORTEST)

    def read(self, texts):
        """One vector of length one for each text; texts of one length together."""
        ids = [self.tokenizer.encode(text).ids for text in texts]
        result = np.zeros((len(texts), 0), np.float32)
        order = sorted(range(len(texts)), key=lambda i: len(ids[i]))
        start = 0
        while start < len(order):
            length = len(ids[order[start]])
            batch = [i for i in order[start:start + BATCH] if len(ids[i]) == length]
            block = np.array([ids[i] for i in batch], np.int64)
            feed = {"input_ids": block, "attention_mask": np.ones_like(block), "token_type_ids": np.zeros_like(block)}
            out = self.graph.run(None, {one.name: feed[one.name] for one in self.graph.get_inputs()})[0][:, 0]
            if not result.shape[1]:
                result = np.zeros((len(texts), out.shape[1]), np.float32)
            result[batch] = out / np.linalg.norm(out, axis=1, keepdims=True)
            start += len(batch)
        return result


def broad_words(language, reader):
    if language == "en":
        return sorted({*reader.words(), *LOOSE_EN.split(", ")})
    joined = [first + end for end, firsts in ENDS_ZH.items() for first in firsts.split()]
    return sorted({plain(word) for word in joined + LOOSE_ZH.split()})


def place(likeness, concepts, least):
    """For each row the concepts near it with their shares, or none; the likeness to a concept is that to its nearest phrase."""
    numbers = np.unique(concepts)
    best = np.stack([likeness[:, concepts == number].max(1) for number in numbers], 1)
    for row in best:
        near = np.argsort(-row)[:NEIGHBOURS]
        if row[near[0]] < least:
            yield []
            continue
        share = np.exp((row[near] - row[near[0]]) / SHARPNESS)
        share /= share.sum()
        yield [(int(numbers[i]), round(float(part), 3)) for i, part in zip(near, share) if part > LEAST_SHARE]


def named(known, parts):
    """Concepts by what they mean, since their numbers change with the tables."""
    return [(known.concepts[number][0], sorted(known.concepts[number][1]), share) for number, share in parts]


def mixtures(known, reader, language):
    """Broad words with what they mean, less what the tables know already."""
    anchors = [
        (form, known.number[(phrase.facet, phrase.labels)]) for phrase in known.phrases
        if phrase.language == language and phrase.facet in ("kind", "colour") for form in phrase.forms
    ]
    taken = {form for phrase in known.phrases for form in phrase.forms}
    taken |= {plural(form) for form in taken} | known.words
    words = [word for word in broad_words(language, reader) if word not in taken]
    likeness = reader.read(words) @ reader.read([form for form, _ in anchors]).T
    placed = zip(words, place(likeness, np.array([number for _, number in anchors]), LEAST[language]), likeness.max(1))
    return [(word, named(known, parts), round(float(near), 3)) for word, parts, near in placed if parts]


def read_mixtures(path, known):
    """Placed words by language: text and [(number of a concept, share)]; words of concepts that are gone are left out."""
    result = {}
    for language, words in json.loads(path.read_text(encoding="utf8")).items():
        found = [
            (text, [(known.number.get((facet, frozenset(labels))), share) for facet, labels, share in parts])
            for text, parts, _ in words
        ]
        result[language] = [(text, parts) for text, parts in found if all(number is not None for number, _ in parts)]
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--bge", type=Path, required=True, help="folder with en/ and zh/")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    known = Knowledge(options.work)
    found = {language: mixtures(known, Reader(options.bge / language), language) for language in ("en", "zh")}
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "mixtures.json").write_text(json.dumps(found, ensure_ascii=False))
    for language, words in found.items():
        print(language, len(words), "words placed")


if __name__ == "__main__":
    main()
