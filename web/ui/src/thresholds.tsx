// Thresholds: of the person, of authors of their courses and of the system; which are reached already (3.4-18, 3.4-19).
import { useEffect } from 'preact/hooks';
import type { ResultOf } from 'gql.tada';

import { momentText } from './dates.ts';
import { graphql } from './graphql.ts';
import { announce } from './parts/announce.tsx';
import { useDeed } from './parts/deed.tsx';
import { More, usePages } from './parts/pages.tsx';
import { Tag, Unread } from './parts/status.tsx';
import { ruProgress } from './ru-progress.ts';
import { request } from './session.ts';
import { NewThreshold } from './thresholds-form.tsx';

const List = graphql(`
  query Thresholds($after: Cursor) {
    viewer {
      thresholds(first: 50, after: $after) {
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          node {
            id
            source
            metric
            value
            reachedAt
            course {
              title
            }
          }
        }
      }
    }
  }
`);
const Remove = graphql(`
  mutation RemoveThreshold($id: ID!) {
    removeThreshold(input: { id: $id }) {
      errors {
        message
      }
    }
  }
`);

type Threshold = NonNullable<NonNullable<ResultOf<typeof List>['viewer']>['thresholds']>['edges'][number]['node'];
const words = ruProgress.thresholds;
const SOURCES = ['USER', 'AUTHOR', 'SYSTEM'] as const;

export function Thresholds({ newest }: { newest: string }) {
  const list = usePages<Threshold>('thresholds', async (after) => (await request(List, { after })).viewer!.thresholds!);
  useEffect(() => {
    if (newest) void list.refresh();
  }, [newest]);
  const rows = list.rows.value;
  return (
    <>
      <p>{words.lead}</p>
      {(list.failure !== undefined || !rows) && <Unread {...list} />}
      {rows &&
        SOURCES.map((source) => (
          <Group key={source} source={source} rows={rows.filter((row) => row.source === source)} again={list.refresh} />
        ))}
      <More next={list.next} read={list.read} />
      {rows && <NewThreshold onSaved={list.refresh} />}
    </>
  );
}

interface GroupProps {
  readonly source: Threshold['source'];
  readonly rows: readonly Threshold[];
  readonly again: () => Promise<void>;
}

function Group({ source, rows, again }: GroupProps) {
  const { act, busy, mistake } = useDeed();
  const remove = (id: string) =>
    act(async () => {
      const { errors } = (await request(Remove, { id })).removeThreshold;
      if (errors.length === 0) announce(words.removed);
      await again();
      return errors;
    });
  return (
    <section class="narrow" aria-labelledby={source}>
      <h2 id={source}>{words.sources[source]}</h2>
      {mistake}
      {rows.length === 0 && <p class="under">{words.none[source]}</p>}
      <ul class="choices">
        {rows.map((row) => (
          <li key={row.id} class="line">
            <span>
              {textOf(row)} <Reached at={row.reachedAt} />
            </span>
            {source === 'USER' && (
              <button type="button" class="small secondary" aria-label={words.removeLong(textOf(row))}
                aria-disabled={busy} onClick={() => void remove(row.id)}>
                {words.remove}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Reached({ at }: { at: string | null }) {
  if (at === null) return <Tag tone="plain">{words.ahead}</Tag>;
  return <Tag tone="good">{words.reached(momentText(at))}</Tag>;
}

function textOf({ metric, value, course }: Threshold): string {
  return words.said[metric](value, course ? words.inCourse(course.title) : words.inAny);
}
