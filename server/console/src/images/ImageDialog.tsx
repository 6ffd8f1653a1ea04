import type { ListedImage } from '@likeness/sdk';
import { OTHER_CATEGORY, parseRegion } from '@likeness/shared/api';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';

import { hrefOf, navigate } from '../app/route.ts';
import { referenceTo, type Collection } from '../collections/collections.ts';
import { useFormats } from '../messages/formats.ts';
import { useMessages } from '../messages/messages.ts';
import { attributesOf, tagsOf } from '../search/carried.ts';
import { CarriedChips } from '../search/CarriedChips.tsx';
import { Category } from '../search/Category.tsx';
import { runSearch, searchCall } from '../search/search-request.ts';
import { searchFor } from '../search/search-state.ts';
import { useClient } from '../session/session.tsx';
import { Button } from '../ui/Button.tsx';
import { Dialog, DialogActions } from '../ui/Dialog.tsx';
import { Failure } from '../ui/Failure.tsx';
import { Thumbnail } from '../ui/Thumbnail.tsx';
import { useAction } from '../ui/use-action.ts';
import { CarriedForm } from './CarriedForm.tsx';
import { imageMessages } from './messages.ts';
import { deletePicture } from './picture-writes.ts';

export interface ImageDialogProps {
  readonly collection: Collection;
  readonly image: ListedImage;
  readonly onClose: () => void;
}

/** One stored picture: what it shows, what it carries, what is like it. */
export function ImageDialog({ collection, image, onClose }: ImageDialogProps): ReactNode {
  const texts = useMessages(imageMessages);
  const formats = useFormats();
  const client = useClient();
  const [isSure, setSure] = useState(false);
  const { productId, picName } = image;
  const isInstance = collection.kind === 'instance';
  const carried = isInstance ? attributesOf(image) : tagsOf(image.tags ?? {});
  const remove = useAction(() => deletePicture(client, collection, { productId, picName }));
  const deleteIt = async (): Promise<void> => {
    if (!isSure) setSure(true);
    else if (await remove.run(undefined)) onClose();
  };
  const search = { collection: collection.scope, by: 'name', productId, picName };
  return (
    <Dialog title={productId} isOpen isWide onOpenChange={onClose}>
      {() => (
        <>
          <div className="image-detail">
            <FullPicture collection={collection} image={image} />
            <div className="stack">
              <p className="image-name">{picName}</p>
              <dl className="stack-tight">
                {image.categoryId !== OTHER_CATEGORY && (
                  <Fact name={texts.category} value={<Category id={image.categoryId} />} />
                )}
                {image.region !== '' && <Fact name={texts.region} value={image.region} />}
                <Fact name={texts.added} value={formats.date(Number(image.utcCreate))} />
                {carried.length > 0 && (
                  <Fact
                    name={isInstance ? texts.attributes : texts.tags}
                    value={<CarriedChips carried={carried} hasAllNames />}
                  />
                )}
              </dl>
              <CarriedForm collection={collection} image={image} />
            </div>
          </div>
          <Neighbours collection={collection} image={image} />
          {remove.error !== null && <Failure error={remove.error} />}
          <DialogActions>
            <Button look="danger" isPending={remove.isRunning} onPress={() => void deleteIt()}>
              {isSure ? texts.deleteSure : texts.deleteOne}
            </Button>
            <Button look="primary" onPress={() => navigate('search', search)}>
              {texts.search}
            </Button>
          </DialogActions>
        </>
      )}
    </Dialog>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: ReactNode }): ReactNode {
  return (
    <div>
      <dt className="field-label">{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

type OneImage = Pick<ImageDialogProps, 'collection' | 'image'>;

/** As large as it is kept, with the box that was embedded. */
function FullPicture({ collection, image }: OneImage): ReactNode {
  const texts = useMessages(imageMessages);
  const client = useClient();
  const { productId, picName } = image;
  const { data, error } = useQuery({
    queryKey: ['picture', collection.scope, productId, picName],
    queryFn: async () => {
      const asked = { ...referenceTo(collection), productId, picName };
      return (await client.getPicture(asked)).picture;
    },
    enabled: image.thumbnailUrl !== '',
  });
  const region = parseRegion(image.region);
  if (image.thumbnailUrl === '') return <p>{texts.notKept}</p>;
  if (error !== null) return <Failure error={error} />;
  if (data === undefined) return <div className="thumbnail" />;
  return (
    <div className="stage">
      <img className="stage-picture" src={data.url} alt={`${productId}, ${picName}`} />
      {region !== undefined && (
        <svg className="stage-regions" viewBox={`0 0 ${data.width} ${data.height}`}>
          <rect
            className="region region-used"
            x={region.x1}
            y={region.y1}
            width={region.x2 - region.x1}
            height={region.y2 - region.y1}
          />
        </svg>
      )}
    </div>
  );
}

const NEIGHBOURS = 7;

/** The first hit is the picture itself. */
function Neighbours({ collection, image }: OneImage): ReactNode {
  const texts = useMessages(imageMessages);
  const formats = useFormats();
  const client = useClient();
  const { productId, picName } = image;
  const { data } = useQuery({
    queryKey: ['neighbours', collection.scope, productId, picName],
    queryFn: async ({ signal }) => {
      const call = searchCall(
        searchFor({ by: 'name', productId, picName, num: NEIGHBOURS }),
        collection,
      );
      const { hits } = await runSearch(client, call, undefined, signal);
      return hits.slice(1);
    },
  });
  if (data === undefined || data.length === 0) return null;
  return (
    <section className="stack-tight" aria-label={texts.neighbours}>
      <h2>{texts.neighbours}</h2>
      <ul className="neighbours">
        {data.map((hit) => {
          const name = { productId: hit.productId, picName: hit.picName };
          return (
            <li key={JSON.stringify(name)}>
              <a href={hrefOf('search', { collection: collection.scope, by: 'name', ...name })}>
                <Thumbnail path={hit.thumbnailUrl} alt={`${hit.productId}, ${hit.picName}`} />
                {formats.score(hit.score)}
              </a>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
