// Educational activities: filters in the address, sorting by every column, one-press enrolment (3.1-1 .. 3.1-20).
import type { ResultOf } from 'gql.tada';

import { ActivityFilters } from './activities-filters.tsx';
import { useLiveRows } from './activities-live.ts';
import { ActivityRow } from './activities-row.tsx';
import { activityRow, questionOf, type Question, type SortField } from './activities-query.ts';
import type { Connection } from './connection.ts';
import { Export } from './export.tsx';
import { graphql } from './graphql.ts';
import { More, usePages } from './parts/pages.tsx';
import { isReversed } from './parts/period.tsx';
import { Empty, Failure, LiveBadge } from './parts/status.tsx';
import { address, setParameters } from './route.ts';
import { ru } from './ru.ts';
import { request } from './session.ts';

const List = graphql(
  `
    query Activities($filter: ActivityFilter, $sort: [ActivitySort!], $after: Cursor) {
      viewer {
        activities(first: 20, after: $after, filter: $filter, sort: $sort) {
          totalCount
          pageInfo {
            hasNextPage
            endCursor
          }
          edges {
            node {
              ...ActivityRow
            }
          }
        }
      }
    }
  `,
  [activityRow],
);

export type Row = ResultOf<typeof activityRow>;

const SORTED = ['TITLE', 'STARTS_AT', 'STATUS', 'ORGANIZER'] as const satisfies readonly SortField[];
const WIDE = ['materials', 'recording', 'enroll'] as const;

export function Activities({ connection }: { connection: Connection }) {
  const question = questionOf(address.value.searchParams);
  const { filter, sort, period } = question;
  const reversed = isReversed(period);
  const list = usePages<Row>(JSON.stringify([filter, sort]), async (after) => {
    const { viewer } = await request(List, { filter, sort: [...sort], after });
    return viewer!.activities!;
  });
  const replace = (row: Row) => {
    list.rows.value = list.rows.value?.map((old) => (old.id === row.id ? row : old));
  };
  const rows = reversed ? undefined : list.rows.value;
  const changed = useLiveRows(connection, {
    known: (id) => list.rows.value?.find((row) => row.id === id),
    replace,
    refresh: () => void list.refresh(),
  });
  return (
    <>
      <div class="heading">
        <h1>{ru.activities.heading}</h1>
        <LiveBadge connection={connection} />
      </div>
      <ActivityFilters question={question} />
      {!reversed && (
        <Export connection={connection} list={{ kind: 'ACTIVITIES', activityFilter: filter, activitySort: [...sort] }} />
      )}
      {list.failure !== undefined && <Failure error={list.failure} onRetry={list.again} />}
      <p class="count" role="status">{rows && rows.length > 0 && ru.activities.shown(rows.length, list.total)}</p>
      {rows?.length === 0 && <NothingFound />}
      {rows && rows.length > 0 && (
        <table class="cards" role="table">
          <Head sort={sort[0]} />
          <tbody role="rowgroup">
            {rows.map((row) => (
              <ActivityRow key={row.id} row={row} changed={row.id === changed} onChange={replace} />
            ))}
          </tbody>
        </table>
      )}
      {!reversed && <More next={list.next} read={list.read} />}
    </>
  );
}

function Head({ sort }: { sort: Question['sort'][0] }) {
  const turn = (field: SortField) => {
    const down = sort?.field === field && !sort.descending;
    setParameters({ sort: field, down: down ? '1' : '' });
  };
  return (
    <thead role="rowgroup">
      <tr role="row">
        {SORTED.map((field) => (
          <th key={field} role="columnheader" scope="col" aria-sort={sortWord(sort, field)}>
            <button type="button" class="sort" onClick={() => turn(field)}>{ru.activities.columns[field]}</button>
          </th>
        ))}
        {WIDE.map((name) => (
          <th key={name} role="columnheader" scope="col">{ru.activities.columns[name]}</th>
        ))}
      </tr>
    </thead>
  );
}

function sortWord(sort: Question['sort'][0], field: SortField): 'none' | 'ascending' | 'descending' {
  if (sort?.field !== field) return 'none';
  return sort.descending ? 'descending' : 'ascending';
}

function NothingFound() {
  const reset = () => setParameters({ q: '', from: '', to: '', status: '', type: '', mine: '', open: '' });
  return (
    <Empty title={ru.activities.empty} hint={ru.activities.emptyHint}>
      <button type="button" class="secondary" onClick={reset}>{ru.activities.reset}</button>
    </Empty>
  );
}
