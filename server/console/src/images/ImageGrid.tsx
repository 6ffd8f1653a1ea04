import type { ListedImage } from '@likeness/sdk';
import type { ReactNode } from 'react';
import {
  GridLayout,
  GridList,
  GridListItem,
  GridListLoadMoreItem,
  Size,
  Virtualizer,
} from 'react-aria-components';

import { useMessages } from '../messages/messages.ts';
import { Thumbnail } from '../ui/Thumbnail.tsx';
import { imageMessages } from './messages.ts';
import type { Images } from './use-images.ts';

export interface ImageGridProps {
  readonly listed: Images;
  readonly onOpen: (image: ListedImage) => void;
}

const LAYOUT = {
  minItemSize: new Size(150, 210),
  maxItemSize: new Size(230, 290),
  minSpace: new Size(12, 12),
};

/** All pictures, drawn as they are scrolled to. */
export function ImageGrid({ listed, onOpen }: ImageGridProps): ReactNode {
  const texts = useMessages(imageMessages);
  const { images, isLoadingMore, loadMore } = listed;
  const open = (key: unknown): void => {
    const image = images.find((one) => keyOf(one) === key);
    if (image !== undefined) onOpen(image);
  };
  return (
    <Virtualizer layout={GridLayout} layoutOptions={LAYOUT}>
      <GridList
        aria-label={texts.grid}
        layout="grid"
        className="image-grid"
        onAction={open}
        dependencies={[images]}
      >
        {images.map((image) => (
          <GridListItem
            key={keyOf(image)}
            id={keyOf(image)}
            textValue={`${image.productId}, ${image.picName}`}
            className="image-tile"
          >
            <Thumbnail path={image.thumbnailUrl} alt="" />
            <span className="image-product">{image.productId}</span>
            <span className="image-name">{image.picName}</span>
          </GridListItem>
        ))}
        <GridListLoadMoreItem isLoading={isLoadingMore} onLoadMore={loadMore}>
          {texts.more}
        </GridListLoadMoreItem>
      </GridList>
    </Virtualizer>
  );
}

function keyOf({ productId, picName }: ListedImage): string {
  return JSON.stringify([productId, picName]);
}
