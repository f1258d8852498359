// The action log: everything that happens to the account, and whether the chain of records is whole (3.3-27, 3.3-28).
import { useSignal } from '@preact/signals';
import type { ResultOf } from 'gql.tada';

import { momentText } from './dates.ts';
import { graphql } from './graphql.ts';
import { More, usePages } from './parts/pages.tsx';
import { Empty, Failure, Tag } from './parts/status.tsx';
import { CardTable } from './parts/table.tsx';
import { ru } from './ru.ts';
import { request } from './session.ts';

const Log = graphql(`
  query Journal($after: Cursor) {
    viewer {
      auditChainValid
      auditLog(first: 50, after: $after) {
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          node {
            seq
            at
            title
            origin
          }
        }
      }
    }
  }
`);

type Entry = NonNullable<NonNullable<ResultOf<typeof Log>['viewer']>['auditLog']>['edges'][number]['node'];

export function Journal() {
  const whole = useSignal(true);
  const list = usePages<Entry>('journal', async (after) => {
    const viewer = (await request(Log, { after })).viewer!;
    whole.value = viewer.auditChainValid;
    return viewer.auditLog!;
  });
  const rows = list.rows.value;
  const { columns } = ru.journal;
  return (
    <>
      <h1>{ru.journal.heading}</h1>
      {list.failure !== undefined && <Failure error={list.failure} onRetry={list.again} />}
      {rows?.length === 0 && <Empty title={ru.journal.empty} hint={ru.journal.emptyHint} />}
      {rows && rows.length > 0 && (
        <>
          <p><Tag tone={whole.value ? 'good' : 'bad'}>{whole.value ? ru.journal.whole : ru.journal.broken}</Tag></p>
          <CardTable columns={columns}>
            {rows.map((entry) => (
              <tr key={entry.seq} role="row">
                <td role="cell" data-label={columns.at}><time datetime={entry.at}>{momentText(entry.at)}</time></td>
                <th role="rowheader" scope="row" class="title">{entry.title}</th>
                <td role="cell" data-label={columns.origin}>{entry.origin}</td>
                <td role="cell" data-label={columns.seq}>{entry.seq}</td>
              </tr>
            ))}
          </CardTable>
        </>
      )}
      <More next={list.next} read={list.read} />
    </>
  );
}
