import type { ListedImage } from '@likeness/sdk';
import { useState, type ReactNode } from 'react';

import { navigate, useRoute } from '../app/route.ts';
import { CollectionSelect } from '../collections/CollectionSelect.tsx';
import { useCollections, type Collection } from '../collections/collections.ts';
import { NoCollection } from '../collections/NoCollection.tsx';
import { filterProblem, filtersOf } from '../filter/filter-language.ts';
import { FilterField } from '../filter/FilterField.tsx';
import { UnreadableFilter } from '../filter/UnreadableFilter.tsx';
import { useFormats } from '../messages/formats.ts';
import { useMessages } from '../messages/messages.ts';
import { Button } from '../ui/Button.tsx';
import { Empty } from '../ui/Empty.tsx';
import { Failure } from '../ui/Failure.tsx';
import '../ui/picture.css';
import { ScreenHead } from '../ui/ScreenHead.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import { AddPictures } from './AddPictures.tsx';
import { DeleteByFilter } from './DeleteByFilter.tsx';
import { ImageDialog } from './ImageDialog.tsx';
import { ImageGrid } from './ImageGrid.tsx';
import './images.css';
import { imageMessages } from './messages.ts';
import { useImages } from './use-images.ts';

/** What a collection holds. */
export function ImagesScreen(): ReactNode {
  const texts = useMessages(imageMessages);
  const { parameters } = useRoute();
  const { data: collections } = useCollections();
  const asked = parameters.get('collection');
  const collection = collections?.find(({ scope }) => scope === asked) ?? collections?.[0];
  if (collections === undefined || collection === undefined)
    return <NoCollection title={texts.title} hint={texts.noCollectionHint} />;
  return (
    <>
      <ScreenHead title={texts.title}>
        <CollectionSelect
          collections={collections}
          value={collection.scope}
          onChange={(scope) => navigate('images', { collection: scope })}
        />
      </ScreenHead>
      <ImagesOf
        key={collection.scope}
        collection={collection}
        filter={parameters.get('filter') ?? ''}
      />
    </>
  );
}

interface ImagesOfProps {
  readonly collection: Collection;
  readonly filter: string;
}

function ImagesOf({ collection, filter }: ImagesOfProps): ReactNode {
  const texts = useMessages(imageMessages);
  const { count } = useFormats();
  const listed = useImages(collection, filter);
  const [opened, setOpened] = useState<ListedImage>();
  const { total, error } = listed;
  const isFilterWrong = filterProblem(filtersOf(collection), filter) !== undefined;
  return (
    <>
      <div className="images-tools">
        <FilterField
          language={filtersOf(collection)}
          key={filter}
          value={filter}
          onChange={(next) => navigate('images', { collection: collection.scope, filter: next })}
        />
        <div className="row">
          <AddPictures
            collection={collection}
            trigger={<Button look="primary">{texts.add}</Button>}
          />
          <DeleteByFilter
            collection={collection}
            filter={filter}
            trigger={<Button look="danger">{texts.deleteByFilter}</Button>}
          />
        </div>
      </div>
      {error !== null && <Failure error={error} />}
      {isFilterWrong && <UnreadableFilter />}
      {total === undefined && error === null && !isFilterWrong && <Waiting />}
      {total !== undefined && <p role="status">{texts.count(count(total))}</p>}
      {total === 0 && (
        <Empty title={filter === '' ? texts.none : texts.noneFound}>
          <p>{filter === '' ? texts.noneHint : texts.noneFoundHint}</p>
        </Empty>
      )}
      {listed.images.length > 0 && <ImageGrid listed={listed} onOpen={setOpened} />}
      {opened !== undefined && (
        <ImageDialog collection={collection} image={opened} onClose={() => setOpened(undefined)} />
      )}
    </>
  );
}
