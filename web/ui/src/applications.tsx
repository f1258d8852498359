// Applications: number, kind, status with its reasons, and the history of each (1.1.1-28).
import type { ResultOf } from 'gql.tada';

import { momentText } from './dates.ts';
import { graphql } from './graphql.ts';
import { More, usePages } from './parts/pages.tsx';
import { Empty, Failure, Tag, type Tone } from './parts/status.tsx';
import { ruProfile } from './ru-profile.ts';
import { request } from './session.ts';

const List = graphql(`
  query Applications($after: Cursor) {
    viewer {
      applications(first: 20, after: $after) {
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          node {
            id
            number
            kindLabel
            status
            statusLabel
            reasons
            history {
              at
              statusLabel
              comment
            }
          }
        }
      }
    }
  }
`);

type Application = NonNullable<NonNullable<ResultOf<typeof List>['viewer']>['applications']>['edges'][number]['node'];

const TONES: Record<Application['status'], Tone> = {
  NEW: 'busy',
  IN_PROGRESS: 'busy',
  APPROVED: 'good',
  REJECTED: 'bad',
  CANCELLED: 'plain',
};

export function Applications() {
  const list = usePages<Application>('applications', async (after) => {
    const { viewer } = await request(List, { after });
    return viewer!.applications!;
  });
  const rows = list.rows.value;
  const words = ruProfile.applications;
  return (
    <>
      {list.failure !== undefined && <Failure error={list.failure} onRetry={list.again} />}
      {rows?.length === 0 && <Empty title={words.empty} hint={words.emptyHint} />}
      <ul class="choices">
        {rows?.map((row) => (
          <li key={row.id}>
            <strong>{row.kindLabel}</strong> <Tag tone={TONES[row.status]}>{row.statusLabel}</Tag>
            <span class="under">{words.number(row.number)}</span>
            {row.reasons.length > 0 && <ul class="problems">{row.reasons.map((why) => <li key={why}>{why}</li>)}</ul>}
            <History events={row.history} />
          </li>
        ))}
      </ul>
      <More next={list.next} read={list.read} />
    </>
  );
}

function History({ events }: { events: Application['history'] }) {
  return (
    <details>
      <summary>{ruProfile.applications.history}</summary>
      <ol>
        {events.map(({ at, statusLabel, comment }) => (
          <li key={at + statusLabel}>
            {momentText(at)}: {statusLabel}
            {comment && <span class="under">{comment}</span>}
          </li>
        ))}
      </ol>
    </details>
  );
}
