import { LIMITS } from '@likeness/shared/api';
import type { ReactNode } from 'react';

import { hrefOf } from '../app/route.ts';
import { UnreadableFilter } from '../filter/UnreadableFilter.tsx';
import { useFormats } from '../messages/formats.ts';
import { useMessages } from '../messages/messages.ts';
import { Button } from '../ui/Button.tsx';
import { Empty } from '../ui/Empty.tsx';
import { Failure } from '../ui/Failure.tsx';
import { Select } from '../ui/Select.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import { HitGrid } from './HitGrid.tsx';
import { HitList } from './HitList.tsx';
import { searchMessages } from './messages.ts';
import type { Hit, SearchAnswer } from './search-answer.ts';
import { VIEWS } from './search-state.ts';
import type { Search } from './use-search.ts';

/** What was found, or why nothing was. */
export function Results({ search }: { readonly search: Search }): ReactNode {
  const texts = useMessages(searchMessages);
  const { answer, call, collection, isFilterWrong } = search;
  if (collection?.images === 0) {
    return (
      <Empty title={texts.emptyCollection}>
        <p>{texts.emptyCollectionHint}</p>
        <a href={hrefOf('images', { collection: collection.scope })}>{texts.toImages}</a>
      </Empty>
    );
  }
  if (isFilterWrong) return <UnreadableFilter />;
  if (call === undefined) {
    return (
      <Empty title={texts.start}>
        <p>{texts.startHint}</p>
      </Empty>
    );
  }
  if (answer.error !== null) return <Failure error={answer.error} />;
  if (answer.data === undefined) return <Waiting />;
  return <Found search={search} found={answer.data} />;
}

interface FoundProps {
  readonly search: Search;
  readonly found: SearchAnswer;
}

function Found({ search, found }: FoundProps): ReactNode {
  const texts = useMessages(searchMessages);
  const { state, change, answer, collection } = search;
  const { hits } = found;
  const searchWith = (hit: Hit): void => {
    const { productId, picName } = hit;
    change({
      by: 'name',
      collection: collection?.scope ?? '',
      productId,
      picName,
      category: '',
    });
  };
  return (
    <section aria-label={texts.results} aria-busy={answer.isPlaceholderData} className="stack">
      <div className="results-head">
        <Summary found={found} />
        <Select
          label={texts.view}
          isLabelHidden
          value={state.view}
          onChange={(view) => change({ view, start: state.start })}
          options={VIEWS.map((value) => ({ value, text: texts[value] }))}
        />
      </div>
      {hits.length === 0 ? (
        <Empty title={texts.nothing}>
          <p>{texts.nothingHint}</p>
        </Empty>
      ) : (
        <>
          {state.view === 'grid' ? (
            <HitGrid hits={hits} onSearch={searchWith} />
          ) : (
            <HitList hits={hits} onSearch={searchWith} />
          )}
          <Pages search={search} found={found} />
        </>
      )}
    </section>
  );
}

/** Announced when it changes: what a search came to. */
function Summary({ found: { found, head, matchedBy } }: Pick<FoundProps, 'found'>): ReactNode {
  const texts = useMessages(searchMessages);
  const formats = useFormats();
  return (
    <p role="status" className="results-summary">
      <strong>{texts.found(formats.count(found))}</strong>{' '}
      {head !== undefined && (
        <>
          <span>{texts.time(formats.milliseconds(head.searchTime))}</span>{' '}
          <span>{texts.rows(formats.count(head.rowsScanned), texts[head.searchMode])}</span>
        </>
      )}
      {matchedBy === 'words' && <span>{texts.byWords}</span>}
    </p>
  );
}

function Pages({ search: { state, change }, found }: FoundProps): ReactNode {
  const texts = useMessages(searchMessages);
  const formats = useFormats();
  const { start, num } = state;
  const end = start + found.hits.length;
  const isLast = end >= found.found || end + num > LIMITS.MAX_WINDOW;
  return (
    <nav className="row pages" aria-label={texts.pages}>
      <Button isDisabled={start === 0} onPress={() => change({ start: Math.max(0, start - num) })}>
        {texts.previous}
      </Button>
      <span>
        {texts.page(formats.count(start + 1), formats.count(end), formats.count(found.found))}
      </span>
      <Button isDisabled={isLast} onPress={() => change({ start: start + num })}>
        {texts.next}
      </Button>
    </nav>
  );
}
