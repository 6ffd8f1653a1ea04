import { formatRegion, parseRegion, type Region } from '@likeness/shared/api';
import { useState, type ReactNode } from 'react';
import { ReactCrop, type PixelCrop } from 'react-image-crop';
import 'react-image-crop/dist/ReactCrop.css';

import { useMessages } from '../messages/messages.ts';
import { Button } from '../ui/Button.tsx';
import { searchMessages } from './messages.ts';
import type { ShelvedPicture } from './picture-shelf.ts';
import type { Search } from './use-search.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The picture that is searched with: the subjects that were found in it, or a box to drag. */
export function PictureStage(props: {
  readonly search: Search;
  readonly picture: ShelvedPicture;
}): ReactNode {
  const { search, picture } = props;
  const texts = useMessages(searchMessages);
  const [loaded, setLoaded] = useState<{ readonly url: string; readonly size: Size | 'none' }>();
  const size = loaded?.url === picture.url ? loaded.size : undefined;
  if (size === 'none') return <p className="drop-lead">{texts.noPreview}</p>;
  const image = (
    <img
      src={picture.url}
      alt={picture.file.name}
      className="stage-picture"
      onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) =>
        setLoaded({ url: picture.url, size: { width, height } })
      }
      onError={() => setLoaded({ url: picture.url, size: 'none' })}
    />
  );
  if (search.state.framing !== 'box' || size === undefined) {
    return (
      <div className="stage">
        {image}
        {size !== undefined && <FoundRegions search={search} size={size} />}
      </div>
    );
  }
  return (
    <BoxOfOnesOwn search={search} size={size}>
      {image}
    </BoxOfOnesOwn>
  );
}

/** Each subject is a button: pressed, it is searched with. */
function FoundRegions({
  search,
  size,
}: {
  readonly search: Search;
  readonly size: Size;
}): ReactNode {
  const texts = useMessages(searchMessages);
  const { answer, change, call } = search;
  const info = call === undefined || answer.isPlaceholderData ? undefined : answer.data?.picInfo;
  if (info === undefined) return null;
  const used = parseRegion(info.region);
  const regions = info.multiRegion
    .map(({ region }) => region)
    .filter((region) => region !== info.region);
  return (
    <svg className="stage-regions" viewBox={`0 0 ${size.width} ${size.height}`}>
      {used !== undefined && (
        <rect className="region region-used" {...rectangleOf(used)}>
          <title>{texts.used}</title>
        </rect>
      )}
      {regions.map((text, index) => {
        const region = parseRegion(text);
        if (region === undefined) return null;
        const choose = (): void => change({ framing: 'box', region: text });
        return (
          <rect
            key={text}
            className="region"
            role="button"
            tabIndex={0}
            aria-label={texts.region(String(index + 2))}
            onClick={choose}
            onKeyDown={({ key }) => {
              if (key === 'Enter' || key === ' ') choose();
            }}
            {...rectangleOf(region)}
          />
        );
      })}
    </svg>
  );
}

function rectangleOf({ x1, x2, y1, y2 }: Region): {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
} {
  return { x: x1, y: y1, width: x2 - x1, height: y2 - y1 };
}

interface BoxProps {
  readonly search: Search;
  /** Of the picture, in its own pixels. */
  readonly size: Size;
  readonly children: ReactNode;
}

function BoxOfOnesOwn({ search: { state, change }, size, children }: BoxProps): ReactNode {
  const texts = useMessages(searchMessages);
  const [drawn, setDrawn] = useState<PercentBox>();
  const region = parseRegion(state.region);
  // Also told of a box that was only begun, which has no size yet.
  const finish = (_: PixelCrop, box: PercentBox): void => {
    const next = regionOf(box, size);
    if (next === undefined) return;
    setDrawn(undefined);
    change({ region: formatRegion(next) });
  };
  const shown = drawn ?? (region && percentOf(region, size));
  return (
    <>
      <ReactCrop
        className="stage"
        {...(shown && { crop: shown })}
        onChange={(_, box) => setDrawn(box)}
        onComplete={finish}
        ariaLabels={{
          cropArea: texts.boxHint,
          nwDragHandle: '↖',
          nDragHandle: '↑',
          neDragHandle: '↗',
          eDragHandle: '→',
          seDragHandle: '↘',
          sDragHandle: '↓',
          swDragHandle: '↙',
          wDragHandle: '←',
        }}
      >
        {children}
      </ReactCrop>
      {region === undefined && (
        <Button
          onPress={() =>
            change({ region: formatRegion({ x1: 0, y1: 0, x2: size.width, y2: size.height }) })
          }
        >
          {texts.fullBox}
        </Button>
      )}
    </>
  );
}

interface PercentBox {
  unit: '%';
  x: number;
  y: number;
  width: number;
  height: number;
}

function percentOf({ x1, x2, y1, y2 }: Region, { width, height }: Size): PercentBox {
  return {
    unit: '%',
    x: (100 * x1) / width,
    y: (100 * y1) / height,
    width: (100 * (x2 - x1)) / width,
    height: (100 * (y2 - y1)) / height,
  };
}

/** In whole pixels of the picture; undefined for a box of no size, which a mere click draws. */
function regionOf(box: PercentBox, { width, height }: Size): Region | undefined {
  const x1 = Math.max(0, Math.round((box.x / 100) * width));
  const y1 = Math.max(0, Math.round((box.y / 100) * height));
  const x2 = Math.min(width, Math.round(((box.x + box.width) / 100) * width));
  const y2 = Math.min(height, Math.round(((box.y + box.height) / 100) * height));
  return x2 > x1 && y2 > y1 ? { x1, y1, x2, y2 } : undefined;
}
