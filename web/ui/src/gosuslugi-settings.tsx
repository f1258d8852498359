// «Синхронизация с Госуслугами»: linking, what came of it, the consent, the services it opens (2.1-5 .. 2.1-10, 2.1-16).
import { useSignal } from '@preact/signals';
import type { ResultOf } from 'gql.tada';

import { momentText } from './dates.ts';
import { EsiaMistakes } from './gosuslugi-mistakes.tsx';
import { GosuslugiServices } from './gosuslugi-services.tsx';
import { Unlink } from './gosuslugi-unlink.tsx';
import { esiaProblem, goToLink, type EsiaMistake } from './gosuslugi-way.ts';
import { graphql } from './graphql.ts';
import { announce } from './parts/announce.tsx';
import { checkedIn } from './parts/form.tsx';
import { useReading } from './parts/reading.ts';
import { failureText, Tag, type Tone, Unread } from './parts/status.tsx';
import { Tick } from './parts/tick.tsx';
import { ruGosuslugi } from './ru-gosuslugi.ts';
import { request } from './session.ts';

const Settings = graphql(
  `
    query GosuslugiSettings {
      viewer {
        dataTransferConsent {
          givenAt
        }
        gosuslugi {
          state
          label
          linkedAt
          lastSyncAt
          confirmedFields {
            field
          }
          services {
            code
            title
            available
          }
          lastError {
            ...EsiaProblem
          }
        }
      }
      terms(kind: DATA_TRANSFER) {
        title
        text
      }
    }
  `,
  [esiaProblem],
);
const Sync = graphql(
  `
    mutation SyncGosuslugi {
      syncGosuslugi {
        changedFields
        errors {
          ...EsiaProblem
        }
      }
    }
  `,
  [esiaProblem],
);
const Withdraw = graphql(
  `
    mutation WithdrawDataTransfer {
      setDataTransferConsent(granted: false) {
        errors {
          ...EsiaProblem
        }
      }
    }
  `,
  [esiaProblem],
);

type Shown = ResultOf<typeof Settings>;
type Link = NonNullable<Shown['viewer']>['gosuslugi'];
const TONES: Record<Link['state'], Tone> = {
  NOT_LINKED: 'plain',
  PENDING: 'busy',
  LINKED: 'good',
  CONSENT_WITHDRAWN: 'bad',
  ERROR: 'bad',
  CONSENT_MISSING: 'plain',
};
const words = ruGosuslugi.settings;
const BUTTONS: Partial<Record<Link['state'], string>> = {
  NOT_LINKED: words.link,
  CONSENT_MISSING: words.allow,
};

export function GosuslugiSettings() {
  const reading = useReading(() => request(Settings, {}));
  const shown = reading.data.value;
  if (reading.failure !== undefined || !shown?.viewer) return <Unread {...reading} />;
  const { gosuslugi: link, dataTransferConsent: consent } = shown.viewer;
  return (
    <>
      <p>{words.lead}</p>
      <p role="status"><Tag tone={TONES[link.state]}>{link.label}</Tag></p>
      {link.state === 'LINKED' ? (
        <Linked link={link} onChanged={reading.again} />
      ) : (
        <NotLinked link={link} terms={shown.terms} consented={consent !== null} />
      )}
      {(consent || link.state === 'LINKED') && <Consent givenAt={consent?.givenAt} onChanged={reading.again} />}
      {link.linkedAt && <Unlink onDone={reading.again} />}
      <GosuslugiServices services={link.services} />
    </>
  );
}

function Linked({ link, onChanged }: { link: Link; onChanged: () => Promise<void> }) {
  const mistakes = useSignal<readonly EsiaMistake[]>([]);
  const sync = async () => {
    try {
      const { changedFields, errors } = (await request(Sync, {})).syncGosuslugi;
      mistakes.value = errors;
      if (errors.length === 0) announce(words.synced(changedFields.length));
      await onChanged();
    } catch (error) {
      mistakes.value = [{ message: failureText(error), path: [] }];
    }
  };
  return (
    <section aria-label={words.heading}>
      <EsiaMistakes mistakes={mistakes.value} />
      <ul class="facts">
        {link.linkedAt && <li>{words.linkedAt}: {momentText(link.linkedAt)}</li>}
        {link.lastSyncAt && <li>{words.lastSync}: {momentText(link.lastSyncAt)}</li>}
      </ul>
      <p class="actions"><button type="button" class="secondary" onClick={sync}>{words.sync}</button></p>
    </section>
  );
}

interface NotLinkedProps {
  readonly link: Link;
  readonly terms: Shown['terms'];
  readonly consented: boolean;
}

function NotLinked({ link, terms, consented }: NotLinkedProps) {
  const mistakes = useSignal<readonly EsiaMistake[]>(link.lastError ? [link.lastError] : []);
  const begin = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    mistakes.value = [];
    mistakes.value = await goToLink(consented || checkedIn(form, 'consent')).catch((error: unknown) => [
      { message: failureText(error), path: [] },
    ]);
  };
  return (
    <form onSubmit={begin} noValidate>
      <EsiaMistakes mistakes={mistakes.value} />
      {link.linkedAt && <p>{words.doorOnly}</p>}
      {!consented && terms && (
        <>
          <details class="terms">
            <summary>{words.consentLead}</summary>
            {terms.text.split('\n\n').map((paragraph) => <p key={paragraph}>{paragraph}</p>)}
          </details>
          <Tick name="consent" label={words.consent} mistakes={[]} />
        </>
      )}
      <p class="actions">
        <button type="submit">{BUTTONS[link.state] ?? words.linkAgain}</button>
      </p>
    </form>
  );
}

function Consent({ givenAt, onChanged }: { givenAt: string | undefined; onChanged: () => Promise<void> }) {
  const wrong = useSignal('');
  const withdraw = async () => {
    try {
      const { errors } = (await request(Withdraw, {})).setDataTransferConsent;
      wrong.value = errors.map(({ message }) => message).join(' ');
      if (errors.length === 0) announce(words.withdrawn);
      await onChanged();
    } catch (error) {
      wrong.value = failureText(error);
    }
  };
  return (
    <section aria-labelledby="consent">
      <h2 id="consent">{words.consentHeading}</h2>
      {wrong.value && <p class="mistake" role="alert">{wrong.value}</p>}
      {givenAt && <p>{words.given(momentText(givenAt))}</p>}
      <p><button type="button" class="secondary" onClick={withdraw}>{words.withdraw}</button></p>
    </section>
  );
}
