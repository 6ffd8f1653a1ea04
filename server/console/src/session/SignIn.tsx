import { useState, type FormEvent, type ReactNode } from 'react';
import { Form } from 'react-aria-components';

import { useMessages } from '../messages/messages.ts';
import { Button } from '../ui/Button.tsx';
import { Failure } from '../ui/Failure.tsx';
import { textOf } from '../ui/form-text.ts';
import { TextField } from '../ui/TextField.tsx';
import { sessionMessages } from './messages.ts';
import { openClient, useSessionState } from './session.tsx';
import './sign-in.css';

/** Asks for a key, and lets in whoever the server knows by it. */
export function SignIn(): ReactNode {
  const texts = useMessages(sessionMessages);
  const { signIn } = useSessionState();
  const [failure, setFailure] = useState<unknown>();
  const [isAsking, setAsking] = useState(false);
  const ask = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const key = {
      accessKeyId: textOf(form, 'id').trim(),
      accessKeySecret: textOf(form, 'secret').trim(),
    };
    setAsking(true);
    try {
      // Answered to every key, with what it may see.
      await openClient(key).listInstances();
      signIn(key);
    } catch (error) {
      setFailure(error);
      setAsking(false);
    }
  };
  return (
    <main className="sign-in">
      <Form className="sign-in-card" onSubmit={(event) => void ask(event)}>
        <img src="/console/likeness.svg" alt="" width="44" height="44" />
        <h1>{texts.title} · Likeness</h1>
        <p className="sign-in-lead">{texts.lead}</p>
        <TextField
          label={texts.id}
          name="id"
          isRequired
          autoComplete="username"
          error={texts.idMissing}
        />
        <TextField
          label={texts.secret}
          name="secret"
          type="password"
          isRequired
          autoComplete="current-password"
          error={texts.secretMissing}
        />
        {failure !== undefined && <Failure error={failure} />}
        <Button type="submit" look="primary" isPending={isAsking}>
          {isAsking ? texts.signingIn : texts.signIn}
        </Button>
        <p className="sign-in-lead">{texts.hint}</p>
      </Form>
    </main>
  );
}
