import type { ListedImage } from '@likeness/sdk';
import { useState, type FormEvent, type ReactNode } from 'react';
import { Form } from 'react-aria-components';

import { useMessages } from '../messages/messages.ts';
import { useClient } from '../session/session.tsx';
import { Button } from '../ui/Button.tsx';
import { Failure } from '../ui/Failure.tsx';
import { useAction } from '../ui/use-action.ts';
import { AttributeFields, readAttributes, type AttributeTexts } from './AttributeFields.tsx';
import { imageMessages } from './messages.ts';

export interface AttributeFormProps {
  readonly instanceName: string;
  readonly image: ListedImage;
}

/** Changes what a picture carries. */
export function AttributeForm({ instanceName, image }: AttributeFormProps): ReactNode {
  const texts = useMessages(imageMessages);
  const client = useClient();
  const [values, setValues] = useState<AttributeTexts>(() => textsOf(image));
  const [isSaved, setSaved] = useState(false);
  const { productId, picName } = image;
  const save = useAction(() =>
    client.updateImage({ instanceName, productId, picName, ...readAttributes(values) }),
  );
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setSaved(await save.run(undefined));
  };
  return (
    <Form className="stack" onSubmit={(event) => void submit(event)}>
      <details>
        <summary>{texts.edit}</summary>
        <div className="stack">
          <AttributeFields
            values={values}
            onChange={(next) => {
              setSaved(false);
              setValues(next);
            }}
          />
          {save.error !== null && <Failure error={save.error} />}
          <div className="row">
            <Button type="submit" isPending={save.isRunning}>
              {texts.save}
            </Button>
            <span role="status">{isSaved ? texts.saved : ''}</span>
          </div>
        </div>
      </details>
    </Form>
  );
}

function textsOf(image: ListedImage): AttributeTexts {
  return {
    customContent: image.customContent,
    intAttr: textOf(image.intAttr),
    intAttr2: textOf(image.intAttr2),
    intAttr3: textOf(image.intAttr3),
    intAttr4: textOf(image.intAttr4),
    strAttr: image.strAttr,
    strAttr2: image.strAttr2,
    strAttr3: image.strAttr3,
    strAttr4: image.strAttr4,
  };
}

/** Answers show an unset number as 0. */
function textOf(value: number): string {
  return value === 0 ? '' : String(value);
}
