import type { ListedImage } from '@likeness/sdk';
import { useState, type FormEvent, type ReactNode } from 'react';
import { Form } from 'react-aria-components';

import type { Collection } from '../collections/collections.ts';
import { useMessages } from '../messages/messages.ts';
import { useClient } from '../session/session.tsx';
import { Button } from '../ui/Button.tsx';
import { Failure } from '../ui/Failure.tsx';
import { useAction } from '../ui/use-action.ts';
import { CarriedFields, carriedBy } from './CarriedFields.tsx';
import { imageMessages } from './messages.ts';
import { updatePicture } from './picture-writes.ts';
import { tagProblem } from './tag-lines.ts';

export interface CarriedFormProps {
  readonly collection: Collection;
  readonly image: ListedImage;
}

/** Changes what a picture carries. */
export function CarriedForm({ collection, image }: CarriedFormProps): ReactNode {
  const texts = useMessages(imageMessages);
  const client = useClient();
  const [values, setValues] = useState(() => carriedBy(image));
  const [isSaved, setSaved] = useState(false);
  const { productId, picName } = image;
  const save = useAction(() =>
    updatePicture(client, collection, { productId, picName, carried: values }),
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
          <CarriedFields
            collection={collection}
            values={values}
            onChange={(next) => {
              setSaved(false);
              setValues(next);
            }}
          />
          {save.error !== null && <Failure error={save.error} />}
          <div className="row">
            <Button
              type="submit"
              isPending={save.isRunning}
              isDisabled={tagProblem(values.tags) !== undefined}
            >
              {texts.save}
            </Button>
            <span role="status">{isSaved ? texts.saved : ''}</span>
          </div>
        </div>
      </details>
    </Form>
  );
}
