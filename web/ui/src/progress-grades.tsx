// The table of grades: a row for each test, practical task or exam, and a new one as soon as it is checked (3.4-7).
import type { ResultOf } from 'gql.tada';
import { useEffect, useRef } from 'preact/hooks';

import type { Connection } from './connection.ts';
import { dayOfText } from './dates.ts';
import { graphql, textOf } from './graphql.ts';
import { announce } from './parts/announce.tsx';
import { More, usePages } from './parts/pages.tsx';
import { Empty, Tag, Unread } from './parts/status.tsx';
import { CardTable } from './parts/table.tsx';
import { ruProgress } from './ru-progress.ts';
import { request } from './session.ts';

const gradeRow = graphql(`
  fragment GradeRow on Grade {
    id
    course {
      title
    }
    assessmentTitle
    kind
    score
    maxScore
    passed
    attempt
    gradedAt
  }
`);
const List = graphql(
  `
    query Grades($after: Cursor) {
      viewer {
        progress {
          grades(first: 50, after: $after) {
            pageInfo {
              hasNextPage
              endCursor
            }
            edges {
              node {
                ...GradeRow
              }
            }
          }
        }
      }
    }
  `,
  [gradeRow],
);
const LiveGrades = graphql(
  `
    subscription LiveGrades($after: Cursor) {
      progress(after: $after) {
        __typename
        ... on ProgressSnapshot {
          cursor
        }
        ... on ProgressDelta {
          cursor
          course {
            id
          }
          grade {
            ...GradeRow
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
  [gradeRow],
);

type Grade = ResultOf<typeof gradeRow>;
type Update = ResultOf<typeof LiveGrades>['progress'];

const words = ruProgress.grades;

export function Grades({ connection }: { connection: Connection }) {
  const list = usePages<Grade>('grades', async (after) => (await request(List, { after })).viewer!.progress!.grades!);
  useChanges(connection, () => void list.refresh());
  const rows = list.rows.value;
  return (
    <>
      {(list.failure !== undefined || !rows) && <Unread {...list} />}
      {rows?.length === 0 && <Empty title={words.empty} hint={words.emptyHint} />}
      {rows && rows.length > 0 && <GradeTable rows={rows} />}
      <More next={list.next} read={list.read} />
    </>
  );
}

/** A new grade, a removed course (its grades go with it) and a new snapshot have the table read anew. */
function useChanges({ live }: Connection, onChange: () => void) {
  const heard = useRef(onChange);
  heard.current = onChange;
  useEffect(
    () =>
      live.subscribe(textOf(LiveGrades), (update: Update) => {
        if (update.__typename === 'ProgressSnapshot') return heard.current();
        if (update.__typename !== 'ProgressDelta') return;
        const { grade, course } = update;
        if (grade) announce(words.said(grade.assessmentTitle, words.of(grade.score, grade.maxScore)));
        if (grade || !course) heard.current();
      }),
    [live],
  );
}

function GradeTable({ rows }: { rows: readonly Grade[] }) {
  const { columns } = words;
  return (
    <CardTable columns={columns}>
      {rows.map((grade) => (
        <tr key={grade.id} role="row">
          <th role="rowheader" scope="row" class="title">
            {grade.assessmentTitle} <span class="under">{grade.course.title}</span>
          </th>
          <td role="cell" data-label={columns.kind}>{words.kinds[grade.kind]}</td>
          <td role="cell" data-label={columns.score}>{words.of(grade.score, grade.maxScore)}</td>
          <td role="cell" data-label={columns.passed}>
            <Tag tone={grade.passed ? 'good' : 'bad'}>{grade.passed ? words.passed : words.failed}</Tag>
            {grade.attempt > 1 && <span class="under">{words.attempt(grade.attempt)}</span>}
          </td>
          <td role="cell" data-label={columns.gradedAt}>
            <time datetime={grade.gradedAt}>{dayOfText(grade.gradedAt)}</time>
          </td>
        </tr>
      ))}
    </CardTable>
  );
}
