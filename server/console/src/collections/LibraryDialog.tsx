import type { LibraryInfo, LibraryMode } from '@likeness/sdk';
import { LIBRARY_LIMITS, LIBRARY_MODES, LIMITS } from '@likeness/shared/api';
import { useState, type ReactNode } from 'react';

import { useMessages } from '../messages/messages.ts';
import { useClient } from '../session/session.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';
import { Select } from '../ui/Select.tsx';
import { TextField } from '../ui/TextField.tsx';
import { useAction } from '../ui/use-action.ts';
import { DEFAULT_LIMITS, LimitFields, limitsOf, type Limits } from './LimitFields.tsx';
import { collectionMessages } from './messages.ts';

/** As the server has it for a library of which nothing is said. */
const UNLIMITED: Limits = { ...DEFAULT_LIMITS, capacity: LIMITS.MAX_CAPACITY };

export interface LibraryDialogProps {
  /** To change; a new one without. */
  readonly library?: LibraryInfo;
  readonly onClose: () => void;
}

/** Makes a library, or changes the settings of one. */
export function LibraryDialog({ library, onClose }: LibraryDialogProps): ReactNode {
  const texts = useMessages(collectionMessages);
  const client = useClient();
  const [name, setName] = useState('');
  const [mode, setMode] = useState<LibraryMode>('general_search');
  const [description, setDescription] = useState(library?.description ?? '');
  const [limits, setLimits] = useState<Limits>(library ?? UNLIMITED);
  const save = useAction(() => {
    const settings = { description, ...limitsOf(limits) };
    return library === undefined
      ? client.library(name).create({ mode, ...settings })
      : client.library(library.libraryName).configure(settings);
  });
  const title =
    library === undefined ? texts.createLibrary : `${texts.settings}: ${library.libraryName}`;
  return (
    <FormDialog title={title} save={save} onSaved={onClose} onClose={onClose}>
      {library === undefined && (
        <>
          <TextField
            label={texts.name}
            value={name}
            onChange={setName}
            hint={texts.libraryNameHint}
            error={texts.nameMissing}
            maxLength={LIBRARY_LIMITS.MAX_LIBRARY_NAME_LENGTH}
            pattern="[A-Za-z0-9_\-]+"
            isRequired
            autoFocus
          />
          <Select
            label={texts.mode}
            value={mode}
            onChange={setMode}
            options={LIBRARY_MODES.map((value) => ({ value, text: texts[value] }))}
          />
        </>
      )}
      <TextField
        label={texts.description}
        value={description}
        onChange={setDescription}
        maxLength={LIBRARY_LIMITS.MAX_DESCRIPTION_LENGTH}
      />
      <LimitFields limits={limits} onChange={setLimits} />
    </FormDialog>
  );
}
