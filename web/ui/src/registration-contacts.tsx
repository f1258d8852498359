// What a registration waits for: a code of an SMS, a link of a letter; either may be sent again (1.1-12, 1.1.2-6).
import type { ResultOf } from 'gql.tada';
import { useEffect } from 'preact/hooks';

import { graphql } from './graphql.ts';
import { CodeEntry } from './parts/code-entry.tsx';
import { problem } from './parts/form.tsx';
import { useReading } from './parts/reading.ts';
import { Unread } from './parts/status.tsx';
import { follow } from './route.ts';
import { ruEntry } from './ru-entry.ts';
import { SendAgain } from './send-again.tsx';
import { request } from './session.ts';

const flowOfRegistration = graphql(`
  fragment FlowOfRegistration on RegistrationFlow {
    id
    applicationNumber
    state
    codeSentTo
    letterSentTo
    codeTtlSeconds
    attemptsLeft
    resendAfterSeconds
  }
`);
const Find = graphql(
  `
    query Registration($id: ID!) {
      registration(id: $id) {
        ...FlowOfRegistration
      }
    }
  `,
  [flowOfRegistration],
);
const ByCode = graphql(
  `
    mutation ConfirmByCode($id: ID!, $code: String!) {
      confirmContactByCode(flowId: $id, code: $code) {
        errors {
          ...Problem
        }
      }
    }
  `,
  [problem],
);

type Flow = ResultOf<typeof flowOfRegistration>;

export function RegistrationContacts({ id }: { id: string }) {
  const reading = useReading(async () => (await request(Find, { id })).registration, id);
  useEffect(() => {
    addEventListener('focus', reading.again); // the letter is often read in another tab
    return () => removeEventListener('focus', reading.again);
  }, [id]);
  const flow = reading.data.value;
  if (reading.failure !== undefined || flow === undefined) return <Unread {...reading} />;
  const { contacts } = ruEntry;
  if (flow === null || flow.state === 'EXPIRED') {
    return <p>{contacts.over} <a href="/registration" onClick={follow}>{contacts.anew}</a></p>;
  }
  const emailWaits = flow.state === 'CODE_SENT' || flow.state === 'CONTACT_CONFIRMED';
  return (
    <>
      <p class="under">{contacts.number(flow.applicationNumber)}</p>
      {flow.state === 'CODE_SENT' ? <Code flow={flow} read={reading.again} /> : <Confirmed emailWaits={emailWaits} />}
      {emailWaits && <Letter flow={flow} />}
    </>
  );
}

function Confirmed({ emailWaits }: { emailWaits: boolean }) {
  const { contacts } = ruEntry;
  return (
    <div role="status">
      <p>{emailWaits ? contacts.phoneConfirmed : contacts.emailConfirmed}</p>
      <p><a class="button" href="/signin" onClick={follow}>{contacts.signIn}</a></p>
    </div>
  );
}

function Code({ flow, read }: { flow: Flow; read: () => Promise<void> }) {
  const { contacts } = ruEntry;
  const confirm = async (code: string) => (await request(ByCode, { id: flow.id, code })).confirmContactByCode.errors;
  return (
    <>
      <h2>{contacts.codeHeading}</h2>
      <CodeEntry flow={flow} sent={contacts.codeSent(flow.codeSentTo ?? '')} confirm={confirm} read={read}>
        <SendAgain flow={flow.id} kind="PHONE" label={contacts.codeAgain} after={flow.resendAfterSeconds} from={flow}
          onSent={read} />
      </CodeEntry>
    </>
  );
}

function Letter({ flow }: { flow: Flow }) {
  const { contacts } = ruEntry;
  return (
    <section>
      <h2>{contacts.letterHeading}</h2>
      <p>{contacts.letterSent(flow.letterSentTo ?? '')}</p>
      <p>{contacts.folders}</p>
      <p class="actions"><SendAgain flow={flow.id} kind="EMAIL" label={contacts.letterAgain} /></p>
    </section>
  );
}
