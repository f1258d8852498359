// A copy of everything that is kept about the person: asked for, made by a job, taken once within a day.
import type { ResultOf } from 'gql.tada';

import { momentText, sizeText } from './dates.ts';
import { graphql } from './graphql.ts';
import { announce } from './parts/announce.tsx';
import { useDeed } from './parts/deed.tsx';
import { useReading } from './parts/reading.ts';
import { Failure, Tag, type Tone } from './parts/status.tsx';
import { ruPrivacy } from './ru-privacy.ts';
import { request } from './session.ts';

const List = graphql(`
  query DataExports {
    viewer {
      dataExports {
        id
        state
        sizeBytes
        requestedAt
        expiresAt
        takenAt
      }
    }
  }
`);
const Ask = graphql(`
  mutation RequestDataExport {
    requestDataExport {
      errors {
        message
      }
    }
  }
`);
const Take = graphql(`
  mutation TakeDataExport($id: ID!) {
    takeDataExport(id: $id) {
      url
      errors {
        message
      }
    }
  }
`);

type Copy = NonNullable<ResultOf<typeof List>['viewer']>['dataExports'][number];
const TONES: Record<Copy['state'], Tone> = {
  QUEUED: 'busy',
  READY: 'good',
  TAKEN: 'plain',
  EXPIRED: 'plain',
  FAILED: 'bad',
};
const words = ruPrivacy.copy;

export function Copies({ newest }: { newest: string }) {
  const reading = useReading(async () => (await request(List, {})).viewer?.dataExports ?? [], newest);
  const { act, busy, mistake } = useDeed();
  const copies = reading.data.value;
  const ask = () =>
    act(async () => {
      const { errors } = (await request(Ask, {})).requestDataExport;
      if (errors.length === 0) announce(words.asked);
      await reading.again();
      return errors;
    });
  const take = (id: string) =>
    act(async () => {
      const { url, errors } = (await request(Take, { id })).takeDataExport;
      if (url) location.assign(url);
      await reading.again();
      return errors;
    });
  return (
    <section class="narrow" aria-labelledby="copy">
      <h2 id="copy">{words.heading}</h2>
      <p>{words.lead}</p>
      {mistake}
      {reading.failure !== undefined && <Failure error={reading.failure} onRetry={reading.again} />}
      {copies && copies.length > 0 && (
        <ul class="choices" aria-live="polite">
          {copies.map((copy) => (
            <li key={copy.id} class="line">
              <span>
                {words.of(momentText(copy.requestedAt))} <Tag tone={TONES[copy.state]}>{words.states[copy.state]}</Tag>
                <span class="under">{about(copy)}</span>
              </span>
              {copy.state === 'READY' && (
                <button type="button" class="small" onClick={() => void take(copy.id)}>{words.take}</button>
              )}
            </li>
          ))}
        </ul>
      )}
      {copies && !copies.some(({ state }) => state === 'QUEUED') && (
        <p><button type="button" class="secondary" aria-disabled={busy} onClick={() => void ask()}>{words.ask}</button></p>
      )}
    </section>
  );
}

function about({ state, sizeBytes, expiresAt, takenAt }: Copy): string {
  if (state === 'READY' && expiresAt) return words.until(sizeText(sizeBytes), momentText(expiresAt));
  if (state === 'TAKEN' && takenAt) return words.takenAt(momentText(takenAt));
  return words.about[state];
}
