import type { FormEvent, ReactNode } from 'react';
import { Form, Tab, TabList, TabPanel, Tabs } from 'react-aria-components';

import { useMessages } from '../messages/messages.ts';
import { Button } from '../ui/Button.tsx';
import { textOf } from '../ui/form-text.ts';
import { TextField } from '../ui/TextField.tsx';
import { searchMessages } from './messages.ts';
import { PictureQuery } from './PictureQuery.tsx';
import { searchesOf, type SearchedBy } from './search-state.ts';
import { SettledSlider } from './SettledSlider.tsx';
import type { Search } from './use-search.ts';

/** What is looked for: a picture, a stored one, a text, or a picture and a text. */
export function QueryPanel({ search }: { readonly search: Search }): ReactNode {
  const texts = useMessages(searchMessages);
  const { state, change, collection } = search;
  const offered = collection === undefined ? [] : searchesOf(collection);
  return (
    <section className="panel" aria-label={texts.by}>
      <Tabs selectedKey={state.by} onSelectionChange={(key) => change({ by: key as SearchedBy })}>
        <TabList className="tabs" aria-label={texts.by}>
          {offered.map((by) => (
            <Tab key={by} id={by} className="tab">
              {texts[by]}
            </Tab>
          ))}
        </TabList>
        <TabPanel id="picture" className="tab-panel">
          <PictureQuery search={search} />
        </TabPanel>
        <TabPanel id="name" className="tab-panel">
          <NameQuery key={`${state.productId}\n${state.picName}`} search={search} />
        </TabPanel>
        <TabPanel id="text" className="tab-panel">
          <TextQuery key={state.text} search={search} />
        </TabPanel>
        <TabPanel id="both" className="tab-panel">
          <PictureQuery search={search} />
          <TextQuery key={state.text} search={search} />
          <SettledSlider
            key={state.imageWeight}
            label={texts.imageWeight}
            value={state.imageWeight}
            onChange={(imageWeight) => change({ imageWeight })}
          />
        </TabPanel>
      </Tabs>
    </section>
  );
}

function NameQuery({
  search: { state, change, collection },
}: {
  readonly search: Search;
}): ReactNode {
  const texts = useMessages(searchMessages);
  const isLibrary = collection?.kind === 'library';
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    change({ productId: textOf(form, 'productId'), picName: textOf(form, 'picName') });
  };
  return (
    <Form className="stack" onSubmit={submit}>
      <TextField
        label={isLibrary ? texts.imageId : texts.productId}
        name="productId"
        defaultValue={state.productId}
        isRequired
      />
      <TextField
        label={isLibrary ? texts.imageUri : texts.picName}
        name="picName"
        defaultValue={state.picName}
        isRequired
      />
      <Button type="submit" look="primary">
        {texts.search}
      </Button>
    </Form>
  );
}

function TextQuery({ search: { state, change } }: { readonly search: Search }): ReactNode {
  const texts = useMessages(searchMessages);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    change({ text: textOf(new FormData(event.currentTarget), 'text').trim() });
  };
  return (
    <Form className="stack" onSubmit={submit}>
      <TextField
        label={texts.query}
        name="text"
        defaultValue={state.text}
        hint={texts.queryHint}
        maxLength={512}
        isRequired
      />
      <Button type="submit" look="primary">
        {texts.search}
      </Button>
    </Form>
  );
}
