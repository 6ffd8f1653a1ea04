import type { ReactNode } from 'react';

import { useFormats } from '../messages/formats.ts';
import { useMessages } from '../messages/messages.ts';
import { searchMessages } from './messages.ts';
import type { Hit } from './search-answer.ts';

/** Scores from which on hits are nearly the same picture, and clearly similar. */
const SAME = 0.9;
const SIMILAR = 0.7;

/** A hit's score, the raw one on hover. */
export function Score({ hit: { score, rawScore } }: { readonly hit: Hit }): ReactNode {
  const texts = useMessages(searchMessages);
  const formats = useFormats();
  const look = score >= SAME ? 'same' : score >= SIMILAR ? 'similar' : 'far';
  const title = rawScore === undefined ? undefined : texts.rawScore(rawScore.toFixed(4));
  return (
    <span className={`score score-${look}`} title={title}>
      <meter min={0} max={1} value={score} aria-hidden="true" />
      {formats.score(score)}
    </span>
  );
}
