// The stream of the person's courses: a snapshot, then one course at a time, within a second of a commit (3.4-16, 3.4-17).
import { useSignal } from '@preact/signals';
import type { ResultOf } from 'gql.tada';
import { useEffect } from 'preact/hooks';

import type { Connection } from './connection.ts';
import { numberText } from './dates.ts';
import { graphql, textOf } from './graphql.ts';
import { announce } from './parts/announce.tsx';
import { ru } from './ru.ts';

const courseCard = graphql(`
  fragment CourseCard on CourseProgress {
    id
    course {
      title
      courseType
      difficulty
      provider {
        name
      }
    }
    topicsCompleted
    topicsTotal
    lessonsLeft
    percent
    score
    exam
    certificate {
      id
      status
      statusLabel
      number
      completedAt
      checkUrl
    }
    updatedAt
    version
  }
`);
const LiveProgress = graphql(
  `
    subscription LiveProgress($after: Cursor) {
      progress(after: $after) {
        __typename
        ... on ProgressSnapshot {
          cursor
          courses {
            ...CourseCard
          }
        }
        ... on ProgressDelta {
          cursor
          id
          course {
            ...CourseCard
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
  [courseCard],
);

export type Course = ResultOf<typeof courseCard>;
type Update = ResultOf<typeof LiveProgress>['progress'];

const MARKED = 2_000;

/** The courses as they stand, undefined until the first snapshot, and which of them has just changed. */
export function useCourses(connection: Connection) {
  const courses = useSignal<readonly Course[] | undefined>(undefined);
  const changed = useSignal<string | undefined>(undefined);
  useEffect(
    () =>
      connection.live.subscribe(textOf(LiveProgress), (update: Update) => {
        courses.value = next(courses.value, update);
        if (update.__typename !== 'ProgressDelta' || !update.course) return;
        const { id, course, percent } = update.course;
        changed.value = id;
        announce(ru.progress.said(course.title, numberText(percent)));
      }),
    [connection],
  );
  useEffect(() => {
    const timer = setTimeout(() => (changed.value = undefined), MARKED);
    return () => clearTimeout(timer);
  }, [changed.value, courses.value]);
  return { courses: courses.value, changed: changed.value };
}

/** The courses after an update: one that is known stays in its place, a new one goes to the end. */
function next(courses: readonly Course[] | undefined, update: Update): readonly Course[] | undefined {
  if (update.__typename === 'ProgressSnapshot') return update.courses;
  if (update.__typename === 'Resync') return undefined;
  if (update.__typename === 'Heartbeat') return courses;
  const { course, id: changed } = update;
  const known = courses ?? [];
  if (!course) return known.filter(({ id }) => id !== changed);
  const old = known.find(({ id }) => id === course.id);
  if (!old) return [...known, course];
  return old.version > course.version ? known : known.map((one) => (one === old ? course : one));
}
