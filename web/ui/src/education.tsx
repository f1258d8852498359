// One's education, live: what was added, and the button «Удалить» beside each element (3.2-2, 3.2-8).
import { useSignal } from '@preact/signals';
import type { ResultOf } from 'gql.tada';
import { useEffect } from 'preact/hooks';

import type { Connection } from './connection.ts';
import { counted, dayOfText, numberText } from './dates.ts';
import { Removal } from './education-removal.tsx';
import { graphql, textOf } from './graphql.ts';
import { Empty, LiveBadge, Loading } from './parts/status.tsx';
import { CardTable } from './parts/table.tsx';
import { follow } from './route.ts';
import { ruEducation } from './ru-education.ts';

const elementRow = graphql(`
  fragment ElementRow on EducationElement {
    id
    addedAt
    removable
    restriction
    course {
      title
      kind
      credits
      provider {
        name
      }
    }
    materials {
      title
      url
    }
    progress {
      percent
    }
  }
`);
const LiveEducation = graphql(
  `
    subscription LiveEducation($after: Cursor) {
      education(after: $after) {
        __typename
        ... on EducationSnapshot {
          cursor
          elements {
            ...ElementRow
          }
        }
        ... on EducationDelta {
          cursor
          removedId
          element {
            ...ElementRow
          }
        }
        ... on Resync {
          cursor
        }
        ... on Heartbeat {
          cursor
        }
      }
    }
  `,
  [elementRow],
);

export type Row = ResultOf<typeof elementRow>;
type Update = ResultOf<typeof LiveEducation>['education'];

export function Education({ connection }: { connection: Connection }) {
  const elements = useSignal<readonly Row[] | undefined>(undefined);
  const doomed = useSignal<Row | undefined>(undefined);
  useEffect(
    () =>
      connection.live.subscribe(textOf(LiveEducation), (update: Update) => {
        elements.value = next(elements.value, update);
      }),
    [connection],
  );
  const rows = elements.value;
  return (
    <>
      <div class="heading">
        <h1>{ruEducation.heading}</h1>
        <LiveBadge connection={connection} />
      </div>
      <p><a class="button" href="/cabinet/education/add" onClick={follow}>{ruEducation.add}</a></p>
      {rows === undefined && <Loading />}
      {rows?.length === 0 && <Empty title={ruEducation.empty} hint={ruEducation.emptyHint} />}
      {rows && rows.length > 0 && <Elements rows={rows} onRemove={(row) => (doomed.value = row)} />}
      {doomed.value && <Removal key={doomed.value.id} row={doomed.value} onClose={() => (doomed.value = undefined)} />}
    </>
  );
}

/** The elements after an update: a new one comes first, a removed one goes. */
function next(elements: readonly Row[] | undefined, update: Update): readonly Row[] | undefined {
  if (update.__typename === 'EducationSnapshot') return update.elements;
  if (update.__typename === 'Resync') return undefined;
  if (update.__typename === 'Heartbeat') return elements;
  const { element, removedId } = update;
  const others = (elements ?? []).filter(({ id }) => id !== removedId && id !== element?.id);
  return element ? [element, ...others] : others;
}

function Elements({ rows, onRemove }: { rows: readonly Row[]; onRemove: (row: Row) => void }) {
  const { columns } = ruEducation;
  return (
    <CardTable columns={columns}>
      {rows.map((row) => (
        <tr key={row.id} role="row">
          <th role="rowheader" scope="row" class="title">
            {row.course.title}
            <span class="under">
              {ruEducation.kinds[row.course.kind]}, {counted(row.course.credits, ruEducation.credits)},{' '}
              {row.course.provider.name}
            </span>
          </th>
          <td role="cell" data-label={columns.added}>{dayOfText(row.addedAt)}</td>
          <td role="cell" data-label={columns.progress}>{numberText(row.progress?.percent ?? 0)}&nbsp;%</td>
          <td role="cell" data-label={columns.materials}>
            {row.materials.map(({ title, url }) => <a key={url} href={url} rel="noreferrer">{title}</a>)}
          </td>
          <td role="cell" data-label={columns.remove}><RemoveButton row={row} onRemove={onRemove} /></td>
        </tr>
      ))}
    </CardTable>
  );
}

function RemoveButton({ row, onRemove }: { row: Row; onRemove: (row: Row) => void }) {
  if (!row.removable) return <span class="under">{row.restriction}</span>;
  return (
    <button type="button" class="small secondary" aria-label={ruEducation.removeLong(row.course.title)}
      onClick={() => onRemove(row)}>
      {ruEducation.remove}
    </button>
  );
}
