import { useState, type ReactNode } from 'react';
import { DropZone, FileTrigger, ProgressBar } from 'react-aria-components';

import type { Collection } from '../collections/collections.ts';
import { useFormats } from '../messages/formats.ts';
import { useMessages } from '../messages/messages.ts';
import { useClient } from '../session/session.tsx';
import { Button } from '../ui/Button.tsx';
import { Dialog, DialogActions } from '../ui/Dialog.tsx';
import { Failure } from '../ui/Failure.tsx';
import { uiMessages } from '../ui/messages.ts';
import '../ui/progress.css';
import { Switch } from '../ui/Switch.tsx';
import { TextField } from '../ui/TextField.tsx';
import { useAction } from '../ui/use-action.ts';
import { addPictures, type AddProgress } from './add-pictures.ts';
import { CarriedFields, NOTHING_CARRIED } from './CarriedFields.tsx';
import { imageMessages } from './messages.ts';
import { addPicture } from './picture-writes.ts';
import { tagProblem } from './tag-lines.ts';

export interface AddPicturesProps {
  readonly collection: Collection;
  readonly trigger: ReactNode;
}

export function AddPictures({ collection, trigger }: AddPicturesProps): ReactNode {
  const texts = useMessages(imageMessages);
  return (
    <Dialog title={texts.add} trigger={trigger} isWide>
      {(close) => <AddForm collection={collection} onClose={close} />}
    </Dialog>
  );
}

interface AddFormProps {
  readonly collection: Collection;
  readonly onClose: () => void;
}

const NOTHING: AddProgress = { done: 0, failures: [] };

/** Pictures to add, what they carry, and how far it is. */
function AddForm({ collection, onClose }: AddFormProps): ReactNode {
  const texts = useMessages(imageMessages);
  const common = useMessages(uiMessages);
  const { count } = useFormats();
  const client = useClient();
  const isInstance = collection.kind === 'instance';
  const [files, setFiles] = useState<readonly File[]>([]);
  const [productId, setProductId] = useState('');
  const [isWhole, setWhole] = useState(false);
  const [carried, setCarried] = useState(NOTHING_CARRIED);
  const [progress, setProgress] = useState(NOTHING);
  const [isDone, setDone] = useState(false);
  const add = useAction(() =>
    addPictures(
      files,
      (file) => {
        const { name: picName } = file;
        const named = { productId: productId || picName.replace(/\.[^.]+$/u, ''), picName };
        return addPicture(client, collection, { ...named, file, carried, isWhole });
      },
      setProgress,
    ),
  );
  const start = async (): Promise<void> => {
    setDone(await add.run(undefined));
  };
  return (
    <>
      <FilePicker
        files={files}
        onPick={(next) => {
          setDone(false);
          setFiles(next);
        }}
      />
      <TextField
        label={isInstance ? texts.product : texts.imageId}
        hint={texts.productHint}
        value={productId}
        onChange={setProductId}
      />
      <CarriedFields collection={collection} values={carried} onChange={setCarried} />
      {isInstance && (
        <Switch isSelected={isWhole} onChange={setWhole}>
          {texts.whole}
        </Switch>
      )}
      {(add.isRunning || isDone) && (
        <ProgressBar
          className="progress"
          aria-label={texts.add}
          value={progress.done}
          maxValue={Math.max(1, files.length)}
        >
          <span>{texts.progress(count(progress.done), count(files.length))}</span>
          <progress value={progress.done} max={Math.max(1, files.length)} aria-hidden="true" />
        </ProgressBar>
      )}
      {isDone && progress.failures.length === 0 && <p role="status">{texts.done}</p>}
      <Failures progress={progress} />
      <DialogActions>
        {isDone ? (
          <Button look="primary" onPress={onClose}>
            {common.done}
          </Button>
        ) : (
          <Button
            look="primary"
            isDisabled={files.length === 0 || tagProblem(carried.tags) !== undefined}
            isPending={add.isRunning}
            onPress={() => void start()}
          >
            {files.length === 0 ? texts.add : texts.start(count(files.length))}
          </Button>
        )}
      </DialogActions>
    </>
  );
}

interface FilePickerProps {
  readonly files: readonly File[];
  readonly onPick: (files: readonly File[]) => void;
}

function FilePicker({ files, onPick }: FilePickerProps): ReactNode {
  const texts = useMessages(imageMessages);
  const { count } = useFormats();
  return (
    <DropZone
      className="drop"
      aria-label={texts.drop}
      onDrop={({ items }) => {
        const dropped = items.filter((item) => item.kind === 'file');
        void Promise.all(dropped.map((item) => item.getFile())).then(onPick);
      }}
    >
      <p className="drop-lead">
        {files.length === 0 ? texts.drop : texts.count(count(files.length))}
      </p>
      <FileTrigger allowsMultiple onSelect={(chosen) => onPick(chosen === null ? [] : [...chosen])}>
        <Button>{texts.choose}</Button>
      </FileTrigger>
    </DropZone>
  );
}

function Failures({ progress: { failures } }: { readonly progress: AddProgress }): ReactNode {
  const texts = useMessages(imageMessages);
  const { count } = useFormats();
  if (failures.length === 0) return null;
  return (
    <section className="stack-tight" aria-label={texts.failedCount(count(failures.length))}>
      <h2>{texts.failedCount(count(failures.length))}</h2>
      {failures.slice(0, 5).map(({ name, error }) => (
        <div key={name} className="stack-tight">
          <strong>{name}</strong>
          <Failure error={error} />
        </div>
      ))}
    </section>
  );
}
