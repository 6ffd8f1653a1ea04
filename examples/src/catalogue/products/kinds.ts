import type { DrawProduct } from '../drawing/look.ts';
import { drawBelt, drawCap, drawGlasses, drawStrawHat, drawWatch } from './accessories.ts';
import { drawBackpack, drawHandbag, drawQuiltedBag, drawTote } from './bags.ts';
import { drawJoggers, drawSkirt, drawTrousers } from './bottoms.ts';
import { drawHeadphones, drawSpeaker, drawController } from './audio.ts';
import { drawCamera, drawLaptop, drawPhone } from './devices.ts';
import { drawDress, drawSlip } from './dresses.ts';
import { drawBottle, drawCan, drawCarton } from './drinks.ts';
import { drawLamp, drawShelf, drawTable } from './furniture.ts';
import { drawChair, drawSofa } from './seating.ts';
import { drawGuitar, drawMug, drawPlant, drawUmbrella } from './household.ts';
import { drawCompact, drawCream, drawLipstick, drawPerfume, drawPolish } from './makeup.ts';
import { drawHeel, drawLeatherShoe, drawRunner, drawSandal, drawSneaker } from './shoes.ts';
import { drawChips, drawChocolate, drawJar, drawSnackBox } from './snacks.ts';
import { drawHoodie, drawJacket, drawShirt, drawSweater, drawTee } from './tops.ts';
import { drawDuck, drawPlush, drawRings, drawToyBlocks } from './toys.ts';
import { drawCar, drawTrain } from './vehicles.ts';
import { drawBoxers, drawSocks } from './underwear.ts';

/** A kind of product: how it is drawn, photographed and classed. */
export interface Kind {
  readonly draw: DrawProduct;
  /** The vendor's category number. */
  readonly categoryId: number;
  /** Whether it is photographed from above, or standing with its foot on the ground. */
  readonly stance: 'lies' | 'stands';
  /** Whether it has a depth that the pose shows; flat things are turned as a picture instead. */
  readonly solid: boolean;
}

const lying = (categoryId: number, draw: DrawProduct): Kind => ({
  draw,
  categoryId,
  stance: 'lies',
  solid: false,
});
const standing = (categoryId: number, draw: DrawProduct): Kind => ({
  draw,
  categoryId,
  stance: 'stands',
  solid: false,
});
const solid = (categoryId: number, draw: DrawProduct): Kind => ({
  draw,
  categoryId,
  stance: 'stands',
  solid: true,
});

const TOPS = 0;
const DRESS = 1;
const BOTTOMS = 2;
const BAG = 3;
const SHOES = 4;
const ACCESSORIES = 5;
const SNACKS = 6;
const MAKEUPS = 7;
const BOTTLE_DRINK = 8;
const FURNITURE = 9;
const TOY = 20;
const UNDERWEAR = 21;
const DIGITAL_DEVICE = 22;
const OTHERS = 88888888;

/** Every kind by the name that StrAttr2 carries. */
export const KINDS = {
  't-shirt': lying(TOPS, drawTee),
  shirt: lying(TOPS, drawShirt),
  sweater: lying(TOPS, drawSweater),
  hoodie: lying(TOPS, drawHoodie),
  jacket: lying(TOPS, drawJacket),
  dress: lying(DRESS, drawDress),
  'slip dress': lying(DRESS, drawSlip),
  trousers: lying(BOTTOMS, drawTrousers),
  joggers: lying(BOTTOMS, drawJoggers),
  skirt: lying(BOTTOMS, drawSkirt),
  tote: standing(BAG, drawTote),
  handbag: standing(BAG, drawHandbag),
  'shoulder bag': standing(BAG, drawQuiltedBag),
  backpack: standing(BAG, drawBackpack),
  sneakers: standing(SHOES, drawSneaker),
  'running shoes': standing(SHOES, drawRunner),
  'leather shoes': standing(SHOES, drawLeatherShoe),
  heels: standing(SHOES, drawHeel),
  sandals: standing(SHOES, drawSandal),
  cap: standing(ACCESSORIES, drawCap),
  'straw hat': standing(ACCESSORIES, drawStrawHat),
  watch: lying(ACCESSORIES, drawWatch),
  sunglasses: lying(ACCESSORIES, drawGlasses),
  belt: lying(ACCESSORIES, drawBelt),
  crisps: standing(SNACKS, drawChips),
  'snack box': solid(SNACKS, drawSnackBox),
  chocolate: lying(SNACKS, drawChocolate),
  'snack jar': standing(SNACKS, drawJar),
  lipstick: standing(MAKEUPS, drawLipstick),
  'nail polish': standing(MAKEUPS, drawPolish),
  perfume: standing(MAKEUPS, drawPerfume),
  cream: standing(MAKEUPS, drawCream),
  compact: standing(MAKEUPS, drawCompact),
  bottle: solid(BOTTLE_DRINK, drawBottle),
  can: solid(BOTTLE_DRINK, drawCan),
  carton: solid(BOTTLE_DRINK, drawCarton),
  sofa: solid(FURNITURE, drawSofa),
  chair: solid(FURNITURE, drawChair),
  table: solid(FURNITURE, drawTable),
  shelf: solid(FURNITURE, drawShelf),
  lamp: solid(FURNITURE, drawLamp),
  plush: standing(TOY, drawPlush),
  'toy blocks': solid(TOY, drawToyBlocks),
  'toy car': standing(TOY, drawCar),
  'bath duck': standing(TOY, drawDuck),
  'stacking rings': standing(TOY, drawRings),
  'toy train': solid(TOY, drawTrain),
  socks: lying(UNDERWEAR, drawSocks),
  boxers: lying(UNDERWEAR, drawBoxers),
  phone: solid(DIGITAL_DEVICE, drawPhone),
  headphones: standing(DIGITAL_DEVICE, drawHeadphones),
  camera: solid(DIGITAL_DEVICE, drawCamera),
  laptop: solid(DIGITAL_DEVICE, drawLaptop),
  speaker: solid(DIGITAL_DEVICE, drawSpeaker),
  controller: lying(DIGITAL_DEVICE, drawController),
  mug: solid(OTHERS, drawMug),
  plant: standing(OTHERS, drawPlant),
  umbrella: standing(OTHERS, drawUmbrella),
  guitar: standing(OTHERS, drawGuitar),
} as const satisfies Record<string, Kind>;

/** The name of a kind. */
export type KindName = keyof typeof KINDS;
