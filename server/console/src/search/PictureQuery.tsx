import { LIMITS } from '@likeness/shared/api';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { DropZone, FileTrigger } from 'react-aria-components';

import { useMessages } from '../messages/messages.ts';
import { Button } from '../ui/Button.tsx';
import { Select } from '../ui/Select.tsx';
import '../ui/picture.css';
import { searchMessages } from './messages.ts';
import { PictureStage } from './PictureStage.tsx';
import { shelvePicture } from './picture-shelf.ts';
import { FRAMINGS, needsPicture } from './search-state.ts';
import type { Search } from './use-search.ts';

/** What the server reads; file dialogs that know no better type go by the ending. */
const ACCEPTED = ['image/*', '.bmp', '.ppm', '.tif', '.tiff'];
const PICTURE_NAME = /\.(?:jpe?g|png|webp|gif|bmp|tiff?|ppm)$/iu;

type Refusal = 'tooLarge' | 'notPicture';

/** A picture to search with: dropped, pasted, chosen or photographed. */
export function PictureQuery({ search }: { readonly search: Search }): ReactNode {
  const texts = useMessages(searchMessages);
  const { state, change, picture, collection } = search;
  const [refusal, setRefusal] = useState<Refusal>();
  const take = (file: File): void => {
    const wrong = refusalOf(file);
    setRefusal(wrong);
    if (wrong !== undefined) return;
    const by = needsPicture(state) ? state.by : 'picture';
    change({ by, picture: shelvePicture(file).id, region: '', category: '' });
  };
  usePaste(take);
  const isGone = state.picture !== '' && picture === undefined;
  return (
    <div className="stack">
      <DropZone
        className={picture === undefined ? 'drop' : 'drop drop-filled'}
        aria-label={texts.drop}
        onDrop={({ items }) => {
          const dropped = items.find((item) => item.kind === 'file');
          void dropped?.getFile().then(take);
        }}
      >
        {picture === undefined ? (
          <>
            <p className="drop-lead">{isGone ? texts.gone : texts.drop}</p>
            <Chooser take={take} />
            <p className="field-hint">{texts.formats}</p>
          </>
        ) : (
          <PictureStage search={search} picture={picture} />
        )}
      </DropZone>
      {refusal !== undefined && (
        <p role="alert" className="field-error">
          {texts[refusal]}
        </p>
      )}
      {picture !== undefined && (
        <>
          <div className="row">
            <Chooser take={take} isAnother />
          </div>
          {collection?.kind === 'instance' && (
            <Select
              label={texts.framing}
              value={state.framing}
              onChange={(framing) => change({ framing, region: '' })}
              options={FRAMINGS.map((value) => ({ value, text: texts[value] }))}
            />
          )}
          {state.framing === 'box' && <p className="field-hint">{texts.boxHint}</p>}
        </>
      )}
    </div>
  );
}

interface ChooserProps {
  readonly take: (file: File) => void;
  readonly isAnother?: boolean;
}

function Chooser({ take, isAnother = false }: ChooserProps): ReactNode {
  const texts = useMessages(searchMessages);
  const choose = (files: FileList | null): void => {
    const file = files?.[0];
    if (file !== undefined) take(file);
  };
  return (
    <div className="row">
      <FileTrigger acceptedFileTypes={ACCEPTED} onSelect={choose}>
        <Button look={isAnother ? 'plain' : 'primary'}>
          {isAnother ? texts.another : texts.choose}
        </Button>
      </FileTrigger>
      {hasCamera() && (
        <FileTrigger acceptedFileTypes={['image/*']} defaultCamera="environment" onSelect={choose}>
          <Button>{texts.photograph}</Button>
        </FileTrigger>
      )}
    </div>
  );
}

/** Only such devices open a camera for a file input; on others it would be a second, equal button. */
function hasCamera(): boolean {
  return matchMedia('(pointer: coarse)').matches;
}

/** Pictures in the clipboard, wherever on the page they are pasted. */
function usePaste(take: (file: File) => void): void {
  const latest = useRef(take);
  useEffect(() => {
    latest.current = take;
  });
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      const file = event.clipboardData?.files[0];
      if (file !== undefined) latest.current(file);
    };
    document.addEventListener('paste', paste);
    return () => document.removeEventListener('paste', paste);
  }, []);
}

function refusalOf({ size, type, name }: File): Refusal | undefined {
  if (size > LIMITS.MAX_PICTURE_BYTES) return 'tooLarge';
  return type.startsWith('image/') || PICTURE_NAME.test(name) ? undefined : 'notPicture';
}
