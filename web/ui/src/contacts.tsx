// The e-mail and the phone: each is changed by a code sent to the new one, after a fresh proof (1.1.2-12).
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';

import type { AccountNow } from './account.ts';
import { graphql } from './graphql.ts';
import { announce } from './parts/announce.tsx';
import { CodeField, codeIn } from './parts/code-field.tsx';
import { ErrorSummary, Field, mistakesOf, problem, useSubmission, valueOf } from './parts/form.tsx';
import { Tag } from './parts/status.tsx';
import { useProof } from './reauthentication.tsx';
import { ruProfile } from './ru-profile.ts';
import { request } from './session.ts';

const change = graphql(
  `
    fragment Change on ContactChangePayload {
      change {
        id
        maskedContact
      }
      errors {
        ...Problem
      }
    }
  `,
  [problem],
);
const ChangeEmail = graphql(
  `
    mutation ChangeEmail($value: String!) {
      changed: changeEmail(newEmail: $value) {
        ...Change
      }
    }
  `,
  [change],
);
const ChangePhone = graphql(
  `
    mutation ChangePhone($value: String!) {
      changed: changePhone(newPhone: $value) {
        ...Change
      }
    }
  `,
  [change],
);
const Confirm = graphql(
  `
    mutation ConfirmContactChange($id: ID!, $code: String!) {
      confirmContactChange(id: $id, code: $code) {
        errors {
          ...Problem
        }
      }
    }
  `,
  [problem],
);

type Kind = 'email' | 'phone';

export function Contacts({ account: { account, profile } }: { account: AccountNow }) {
  return (
    <>
      <p>{ruProfile.contacts.lead}</p>
      <Contact kind="email" value={profile.email ?? ''} confirmed={account.emailConfirmed} />
      <Contact kind="phone" value={profile.phone ?? ''} confirmed={account.phoneConfirmed} />
    </>
  );
}

function Contact({ kind, value, confirmed }: { kind: Kind; value: string; confirmed: boolean }) {
  const words = ruProfile.contacts;
  const asked = useSignal<{ id: string; maskedContact: string } | null>(null);
  return (
    <section class="narrow" aria-label={words[kind].title}>
      <h2>{words[kind].title}</h2>
      <p>
        {value} <Tag tone={confirmed ? 'good' : 'bad'}>{confirmed ? words.confirmed : words.unconfirmed}</Tag>
      </p>
      {asked.value ? (
        <Code asked={asked.value} onDone={() => (asked.value = null)} />
      ) : (
        <NewContact kind={kind} onAsked={(change) => (asked.value = change)} />
      )}
    </section>
  );
}

interface NewProps {
  readonly kind: Kind;
  readonly onAsked: (change: { id: string; maskedContact: string }) => void;
}

function NewContact({ kind, onAsked }: NewProps) {
  const words = ruProfile.contacts[kind];
  const name = kind === 'email' ? 'newEmail' : 'newPhone';
  const form = useRef<HTMLFormElement>(null);
  const proof = useProof();
  const { busy, mistakes, submit } = useSubmission(async (typed) => {
    const input = { value: valueOf(typed, name) };
    const { changed } = kind === 'email' ? await request(ChangeEmail, input) : await request(ChangePhone, input);
    if (changed.change) onAsked(changed.change);
    if (proof.asked(changed.errors, () => form.current?.requestSubmit())) return [];
    return mistakesOf(changed.errors, [name]);
  });
  return (
    <>
      <form ref={form} onSubmit={submit} noValidate>
        <ErrorSummary mistakes={mistakes} />
        <Field name={name} label={words.fresh} hint={words.hint} mistakes={mistakes}>
          {(attributes) => <input {...attributes} inputMode={kind === 'email' ? 'email' : 'tel'} spellcheck={false} />}
        </Field>
        <button type="submit" class="secondary" aria-disabled={busy}>{words.change}</button>
      </form>
      {proof.dialog}
    </>
  );
}

function Code({ asked, onDone }: { asked: { id: string; maskedContact: string }; onDone: () => void }) {
  const words = ruProfile.contacts;
  const { busy, mistakes, submit } = useSubmission(async (form) => {
    const { errors } = (await request(Confirm, { id: asked.id, code: codeIn(form) })).confirmContactChange;
    if (errors.length === 0) {
      announce(words.changed);
      onDone();
    }
    return mistakesOf(errors, ['code']);
  });
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary mistakes={mistakes} />
      <p>{words.codeSent(asked.maskedContact)}</p>
      <CodeField mistakes={mistakes} />
      <p class="actions">
        <button type="submit" aria-disabled={busy}>{words.confirm}</button>
        <button type="button" class="link" onClick={onDone}>{words.cancel}</button>
      </p>
    </form>
  );
}
