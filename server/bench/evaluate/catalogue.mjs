/** Pictures of a catalogue among the others of it: of the first ten, how many are of the same kind, and colour? */
import { forEachSome } from './instance.mjs';

const SET = 'text_fashion';
const PAGE = 10;

const ALIKE = {
  'catalogue/kind': (a, b) => a.articleType === b.articleType,
  'catalogue/colour': (a, b) => a.articleType === b.articleType && a.baseColour === b.baseColour,
};

export async function measureCatalogue(ranker, { sets, rows }) {
  const pictures = sets.get(SET);
  // One more than is judged, as the picture finds itself too.
  const rankings = await forEachSome(pictures, (each) => ranker.rank(each, { set: SET }, PAGE + 1));
  const taken = pictures
    .map(({ key, row }, at) => ({ key, attributes: row.attrs, ...rankings[at] }))
    .filter(({ refusal }) => refusal === undefined);
  return Object.entries(ALIKE).map(([id, isAlike]) => ({
    id,
    samples: taken.map(({ key, attributes, hits }) => ({
      cluster: key,
      value: shareOf(hits.filter((hit) => hit.key !== key).slice(0, PAGE), (hit) =>
        isAlike(attributes, rows.get(hit.key).attrs),
      ),
    })),
    refused: pictures.length - taken.length,
  }));
}

function shareOf(hits, isRight) {
  return hits.filter(isRight).length / PAGE;
}
