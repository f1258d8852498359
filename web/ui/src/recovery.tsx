// A forgotten password: a contact, a code, a new password; a request has a number for support (1.2-3 .. 1.2-12).
import { useSignal } from '@preact/signals';
import type { ResultOf } from 'gql.tada';

import { graphql } from './graphql.ts';
import { CodeEntry } from './parts/code-entry.tsx';
import { ErrorSummary, Field, mistakesOf, problem, useSubmission, valueOf } from './parts/form.tsx';
import { Narrow } from './parts/narrow.tsx';
import { useReading } from './parts/reading.ts';
import { Unread } from './parts/status.tsx';
import { RecoveryPassword } from './recovery-password.tsx';
import { address, follow, navigate, originChannel } from './route.ts';
import { ru } from './ru.ts';
import { ruEntry } from './ru-entry.ts';
import { request } from './session.ts';

const flowOfRecovery = graphql(`
  fragment FlowOfRecovery on RecoveryFlow {
    id
    number
    state
    maskedContact
    attemptsLeft
    codeTtlSeconds
    hints
  }
`);
const Find = graphql(
  `
    query Recovery($id: ID!) {
      recovery(id: $id) {
        ...FlowOfRecovery
      }
      support {
        phone
      }
    }
  `,
  [flowOfRecovery],
);
const Begin = graphql(
  `
    mutation BeginRecovery($contact: String!, $channel: Channel!) {
      requestPasswordRecovery(contact: $contact, channel: $channel) {
        flow {
          id
        }
        errors {
          ...Problem
        }
      }
    }
  `,
  [problem],
);
const Confirm = graphql(
  `
    mutation ConfirmRecovery($id: ID!, $code: String!) {
      confirmRecoveryCode(flowId: $id, code: $code) {
        errors {
          ...Problem
        }
      }
    }
  `,
  [problem],
);

type Flow = ResultOf<typeof flowOfRecovery>;

export function Recovery() {
  const flow = address.value.hash.slice(1);
  return flow ? <Steps key={flow} id={flow} /> : <Narrow heading={ruEntry.recovery.heading}><Contact /></Narrow>;
}

function Contact() {
  const { recovery } = ruEntry;
  const { busy, mistakes, submit } = useSubmission(async (form) => {
    const asked = { contact: valueOf(form, 'contact'), channel: originChannel() };
    const { requestPasswordRecovery: said } = await request(Begin, asked);
    if (said.flow) navigate(`/recovery#${said.flow.id}`);
    return mistakesOf(said.errors, ['contact']);
  });
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary mistakes={mistakes} />
      <Field name="contact" label={recovery.contact} hint={recovery.contactHint} mistakes={mistakes}>
        {(attributes) => <input {...attributes} autocomplete="username" autocapitalize="none" spellcheck={false} />}
      </Field>
      <p class="actions">
        <button type="submit" aria-disabled={busy}>{recovery.sendCode}</button>
        <a href="/signin" onClick={follow}>{ru.signIn.heading}</a>
      </p>
    </form>
  );
}

/** The steps of one request; the server says which one it is at. */
function Steps({ id }: { id: string }) {
  const reading = useReading(() => request(Find, { id }));
  const done = useSignal(false);
  const { recovery } = ruEntry;
  if (done.value) return <Done />;
  const found = reading.data.value;
  if (found === undefined) {
    return (
      <Narrow heading={recovery.heading}>
        <Unread {...reading} />
      </Narrow>
    );
  }
  const flow = found.recovery;
  if (flow?.state === 'CODE_SENT') {
    return (
      <Narrow heading={recovery.codeHeading}>
        <Code flow={flow} supportPhone={found.support.phone} read={reading.again} />
      </Narrow>
    );
  }
  if (flow?.state === 'CODE_CONFIRMED') {
    return (
      <Narrow heading={recovery.newHeading}>
        <RecoveryPassword id={id} onDone={() => (done.value = true)} />
        <Number flow={flow} />
      </Narrow>
    );
  }
  return (
    <Narrow heading={recovery.heading}>
      <p role="alert">{recovery.failed}</p>
      {flow && <Number flow={flow} />}
      <p><a href="/recovery" onClick={follow}>{ruEntry.contacts.anew}</a></p>
    </Narrow>
  );
}

function Code({ flow, supportPhone, read }: { flow: Flow; supportPhone: string; read: () => Promise<void> }) {
  const { recovery } = ruEntry;
  const confirm = async (code: string) => (await request(Confirm, { id: flow.id, code })).confirmRecoveryCode.errors;
  return (
    <>
      <CodeEntry flow={flow} sent={recovery.codeSent(flow.maskedContact)} confirm={confirm} read={read}>
        <a href="/recovery" onClick={follow}>{recovery.other}</a>
      </CodeEntry>
      <Number flow={flow} />
      <details>
        <summary>{recovery.noCode}</summary>
        <ul>{flow.hints.map((hint) => <li key={hint}>{hint}</li>)}</ul>
        <p>{recovery.support(supportPhone)}</p>
      </details>
    </>
  );
}

function Number({ flow }: { flow: Flow }) {
  return <p class="under">{ruEntry.recovery.number} <strong>{flow.number}</strong></p>;
}

function Done() {
  const { recovery, contacts } = ruEntry;
  return (
    <Narrow heading={recovery.done}>
      <p role="status">{recovery.doneLead}</p>
      <p><a class="button" href="/signin" onClick={follow}>{contacts.signIn}</a></p>
    </Narrow>
  );
}
