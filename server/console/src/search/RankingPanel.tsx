import { CATEGORIES, LIMITS } from '@likeness/shared/api';
import type { ReactNode } from 'react';

import { useCategoryName } from '../messages/categories.ts';
import { useMessages } from '../messages/messages.ts';
import { Disclosure } from '../ui/Disclosure.tsx';
import { NumberField } from '../ui/NumberField.tsx';
import { Select } from '../ui/Select.tsx';
import { Switch } from '../ui/Switch.tsx';
import { filtersOf } from '../filter/filter-language.ts';
import { FilterField } from '../filter/FilterField.tsx';
import { searchMessages } from './messages.ts';
import type { SearchState } from './search-state.ts';
import { SettledSlider } from './SettledSlider.tsx';
import type { Search } from './use-search.ts';

/** Where there is room for it; on narrower pages it is above the results, and folded. */
const BESIDE_RESULTS = '(min-width: 861px)';

/** Which of the matches are answered. */
export function RankingPanel({ search }: { readonly search: Search }): ReactNode {
  const texts = useMessages(searchMessages);
  const { state, change, collection, isFilterWrong } = search;
  const narrowed = countNarrowing(state);
  return (
    <Disclosure
      title={texts.ranking}
      note={narrowed === 0 ? undefined : texts.narrowed(narrowed)}
      isOpenAtFirst={isFilterWrong || matchMedia(BESIDE_RESULTS).matches}
    >
      <div className="stack">
        {collection?.predictsCategory === true && <CategorySelect search={search} />}
        {collection !== undefined && (
          <FilterField
            key={`${collection.kind} ${state.filter}`}
            language={filtersOf(collection)}
            value={state.filter}
            onChange={(filter) => change({ filter })}
          />
        )}
        <SettledSlider
          key={state.threshold}
          label={texts.threshold}
          value={state.threshold}
          onChange={(threshold) => change({ threshold })}
        />
        <NumberField
          label={texts.number}
          minValue={1}
          maxValue={LIMITS.MAX_NUM}
          value={state.num}
          onChange={(num) => {
            if (!Number.isNaN(num)) change({ num });
          }}
        />
        <Switch isSelected={state.distinct} onChange={(distinct) => change({ distinct })}>
          {texts.distinct}
        </Switch>
      </div>
    </Disclosure>
  );
}

/** How many of the choices keep results out. */
function countNarrowing({ category, filter, threshold, distinct }: SearchState): number {
  return [category !== '', filter !== '', threshold > 0, distinct].filter(Boolean).length;
}

function CategorySelect({ search }: { readonly search: Search }): ReactNode {
  const texts = useMessages(searchMessages);
  const { state, change, answer } = search;
  const predicted = answer.data?.picInfo?.categoryId;
  const isPredicted = state.category === '' && state.by !== 'text';
  const nameOf = useCategoryName();
  const automatic = state.by === 'text' ? texts.all : texts.predicted;
  return (
    <Select
      label={texts.category}
      value={state.category === '' ? 'auto' : state.category}
      onChange={(value) => change({ category: value === 'auto' ? '' : value })}
      options={[
        {
          value: 'auto',
          text:
            isPredicted && predicted !== undefined
              ? texts.predictedAs(nameOf(predicted))
              : automatic,
        },
        ...CATEGORIES.map(({ id }) => ({ value: String(id), text: `${nameOf(id)} · ${id}` })),
      ]}
    />
  );
}
