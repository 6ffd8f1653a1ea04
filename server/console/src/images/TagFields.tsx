import type { ReactNode } from 'react';

import { useMessages } from '../messages/messages.ts';
import { Button } from '../ui/Button.tsx';
import { Select } from '../ui/Select.tsx';
import { TextField } from '../ui/TextField.tsx';
import { imageMessages } from './messages.ts';
import { TAG_TYPES, tagProblem, type TagLine } from './tag-lines.ts';

export interface TagFieldsProps {
  readonly lines: readonly TagLine[];
  readonly onChange: (lines: readonly TagLine[]) => void;
}

const BLANK: TagLine = { name: '', type: 'text', value: '' };

/** Tags of any name, each with a value of its type. */
export function TagFields({ lines, onChange }: TagFieldsProps): ReactNode {
  const texts = useMessages(imageMessages);
  // What is still being typed is not called wrong.
  const problem = lines.some(({ value }) => value === '') ? undefined : tagProblem(lines);
  return (
    <fieldset className="tag-fields">
      <legend className="field-label">{texts.tags}</legend>
      <div className="field-lines">
        {lines.map((line, place) => (
          <TagFieldsLine
            // Lines have no identity but their place.
            // oxlint-disable-next-line react/no-array-index-key
            key={place}
            line={line}
            onChange={(next) => onChange(lines.map((old, at) => (at === place ? next : old)))}
            onRemove={() => onChange(lines.filter((_, at) => at !== place))}
          />
        ))}
      </div>
      {problem !== undefined && <p className="field-error">{problem}</p>}
      <div className="row">
        <Button onPress={() => onChange([...lines, BLANK])}>{texts.addTag}</Button>
      </div>
    </fieldset>
  );
}

interface LineProps {
  readonly line: TagLine;
  readonly onChange: (line: TagLine) => void;
  readonly onRemove: () => void;
}

function TagFieldsLine({ line, onChange, onRemove }: LineProps): ReactNode {
  const texts = useMessages(imageMessages);
  const { name, type, value } = line;
  return (
    <div className="field-line">
      <TextField
        label={texts.tagName}
        value={name}
        onChange={(next) => onChange({ ...line, name: next })}
      />
      <Select
        label={texts.tagType}
        value={type}
        onChange={(next) => onChange({ ...line, type: next, value: startOf(next, value) })}
        options={TAG_TYPES.map((one) => ({ value: one, text: texts[one] }))}
      />
      {type === 'boolean' ? (
        <Select
          label={texts.tagValue}
          value={value}
          onChange={(next) => onChange({ ...line, value: next })}
          options={[
            { value: 'true', text: texts.yes },
            { value: 'false', text: texts.no },
          ]}
        />
      ) : (
        <TextField
          label={texts.tagValue}
          value={value}
          onChange={(next) => onChange({ ...line, value: next })}
          isInvalid={value !== '' && tagProblem([line]) !== undefined}
        />
      )}
      <Button look="quiet" aria-label={texts.removeTag(name)} onPress={onRemove}>
        ×
      </Button>
    </div>
  );
}

function startOf(type: TagLine['type'], value: string): string {
  if (type === 'boolean') return 'true';
  return value === 'true' || value === 'false' ? '' : value;
}
