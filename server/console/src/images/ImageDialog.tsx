import type { ListedImage } from '@likeness/sdk';
import { parseRegion } from '@likeness/shared/api';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';

import { hrefOf, navigate } from '../app/route.ts';
import { useFormats } from '../messages/formats.ts';
import { useMessages } from '../messages/messages.ts';
import { categoryName } from '../search/HitGrid.tsx';
import { useClient } from '../session/session.tsx';
import { Button } from '../ui/Button.tsx';
import { Dialog, DialogActions } from '../ui/Dialog.tsx';
import { Failure } from '../ui/Failure.tsx';
import { Thumbnail } from '../ui/Thumbnail.tsx';
import { useAction } from '../ui/use-action.ts';
import { AttributeForm } from './AttributeForm.tsx';
import { imageMessages } from './messages.ts';

export interface ImageDialogProps {
  readonly instanceName: string;
  readonly image: ListedImage;
  readonly onClose: () => void;
}

/** One stored picture: what it shows, what it carries, what is like it. */
export function ImageDialog({ instanceName, image, onClose }: ImageDialogProps): ReactNode {
  const texts = useMessages(imageMessages);
  const formats = useFormats();
  const client = useClient();
  const [isSure, setSure] = useState(false);
  const { productId, picName } = image;
  const remove = useAction(() => client.deleteImage({ instanceName, productId, picName }));
  const deleteIt = async (): Promise<void> => {
    if (!isSure) setSure(true);
    else if (await remove.run(undefined)) onClose();
  };
  const collection = `instance:${instanceName}`;
  return (
    <Dialog title={productId} isOpen isWide onOpenChange={onClose}>
      {() => (
        <>
          <div className="image-detail">
            <FullPicture instanceName={instanceName} image={image} />
            <div className="stack">
              <p className="image-name">{picName}</p>
              <dl className="stack-tight">
                <Fact name={texts.category} value={categoryName(image.categoryId)} />
                <Fact name={texts.region} value={image.region} />
                <Fact name={texts.added} value={formats.date(Number(image.utcCreate))} />
              </dl>
              <AttributeForm instanceName={instanceName} image={image} />
            </div>
          </div>
          <Neighbours instanceName={instanceName} image={image} />
          {remove.error !== null && <Failure error={remove.error} />}
          <DialogActions>
            <Button look="danger" isPending={remove.isRunning} onPress={() => void deleteIt()}>
              {isSure ? texts.deleteSure : texts.deleteOne}
            </Button>
            <Button
              look="primary"
              onPress={() => navigate('search', { collection, by: 'name', productId, picName })}
            >
              {texts.search}
            </Button>
          </DialogActions>
        </>
      )}
    </Dialog>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  return value === '' ? null : (
    <div>
      <dt className="field-label">{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

type OneImage = Pick<ImageDialogProps, 'instanceName' | 'image'>;

/** As large as it is kept, with the box that was embedded. */
function FullPicture({ instanceName, image }: OneImage): ReactNode {
  const texts = useMessages(imageMessages);
  const client = useClient();
  const { productId, picName } = image;
  const { data, error } = useQuery({
    queryKey: ['picture', instanceName, productId, picName],
    queryFn: async () => (await client.getPicture({ instanceName, productId, picName })).picture,
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
const NEIGHBOUR_WIDTH_PX = 160;

/** The first hit is the picture itself. */
function Neighbours({ instanceName, image }: OneImage): ReactNode {
  const texts = useMessages(imageMessages);
  const formats = useFormats();
  const client = useClient();
  const { productId, picName } = image;
  const { data } = useQuery({
    queryKey: ['neighbours', instanceName, productId, picName],
    queryFn: async () => {
      const { auctions } = await client.searchImageByName({
        instanceName,
        productId,
        picName,
        num: NEIGHBOURS,
        thumbnailWidth: NEIGHBOUR_WIDTH_PX,
      });
      return auctions.slice(1);
    },
  });
  if (data === undefined || data.length === 0) return null;
  const collection = `instance:${instanceName}`;
  return (
    <section className="stack-tight" aria-label={texts.neighbours}>
      <h2>{texts.neighbours}</h2>
      <ul className="neighbours">
        {data.map((hit) => {
          const name = { productId: hit.productId, picName: hit.picName };
          return (
            <li key={JSON.stringify(name)}>
              <a href={hrefOf('search', { collection, by: 'name', ...name })}>
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
