// Who has read the person's sealed data besides themselves, when and why: the newest first.
import { useEffect } from 'preact/hooks';
import type { ResultOf } from 'gql.tada';

import { momentText } from './dates.ts';
import { graphql } from './graphql.ts';
import { More, usePages } from './parts/pages.tsx';
import { Failure } from './parts/status.tsx';
import { CardTable } from './parts/table.tsx';
import { ruPrivacy } from './ru-privacy.ts';
import { request } from './session.ts';

const Log = graphql(`
  query AccessLog($after: Cursor) {
    viewer {
      accessLog(first: 10, after: $after) {
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          node {
            at
            readerLabel
            purposeLabel
          }
        }
      }
    }
  }
`);

type Reading = NonNullable<NonNullable<ResultOf<typeof Log>['viewer']>['accessLog']>['edges'][number]['node'];
const words = ruPrivacy.access;

export function AccessLog({ newest }: { newest: string }) {
  const list = usePages<Reading>('access', async (after) => (await request(Log, { after })).viewer!.accessLog!);
  useEffect(() => {
    if (newest) void list.refresh();
  }, [newest]);
  const rows = list.rows.value;
  return (
    <section aria-labelledby="access">
      <h2 id="access">{words.heading}</h2>
      <p>{words.lead}</p>
      {list.failure !== undefined && <Failure error={list.failure} onRetry={list.again} />}
      {rows?.length === 0 && <p class="under">{words.empty}</p>}
      {rows && rows.length > 0 && (
        <CardTable columns={words.columns}>
          {rows.map((row) => (
            <tr key={`${row.at} ${row.readerLabel} ${row.purposeLabel}`} role="row">
              <td role="cell" data-label={words.columns.at}><time datetime={row.at}>{momentText(row.at)}</time></td>
              <td role="cell" data-label={words.columns.reader}>{row.readerLabel}</td>
              <th role="rowheader" scope="row" class="title">{row.purposeLabel}</th>
            </tr>
          ))}
        </CardTable>
      )}
      <More next={list.next} read={list.read} />
    </section>
  );
}
