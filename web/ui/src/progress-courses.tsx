// Courses as they move: a snapshot, then one course at a time, narrowed by the address (3.4; within a second of a commit).
import { useSignal } from '@preact/signals';
import type { ResultOf } from 'gql.tada';
import { useEffect } from 'preact/hooks';

import type { Connection } from './connection.ts';
import { counted, momentText, numberText } from './dates.ts';
import { Export } from './export.tsx';
import { graphql, textOf } from './graphql.ts';
import { announce } from './parts/announce.tsx';
import { Empty, Tag, type Tone } from './parts/status.tsx';
import { ProgressFilters } from './progress-filters.tsx';
import { filterOf, fits, isAsked, isReversed, NOTHING_ASKED, questionOf } from './progress-query.ts';
import { address, setParameters } from './route.ts';
import { ru } from './ru.ts';
import { ruEducation } from './ru-education.ts';
import { ruProgress } from './ru-progress.ts';

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

type Course = ResultOf<typeof courseCard>;
type Update = ResultOf<typeof LiveProgress>['progress'];

const EXAM_TONES: Record<Course['exam'], Tone> = {
  NOT_STARTED: 'plain',
  IN_PROGRESS: 'busy',
  PASSED: 'good',
  FAILED: 'bad',
};
const MARKED = 2_000;

export function Courses({ connection }: { connection: Connection }) {
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
  const question = questionOf(address.value.searchParams);
  const reversed = isReversed(question);
  const all = courses.value;
  const shown = reversed ? [] : all?.filter((one) => fits(question, one));
  return (
    <>
      <ProgressFilters question={question} />
      {!reversed && <Export connection={connection} list={{ kind: 'PROGRESS', progressFilter: filterOf(question) }} />}
      {all === undefined && <p class="waiting">{ru.common.loading}</p>}
      {all?.length === 0 && <Empty title={ru.progress.empty} hint={ru.progress.emptyHint} />}
      <p class="count" role="status">
        {all && shown && isAsked(question) && !reversed && ruProgress.shown(shown.length, all.length)}
      </p>
      {all && all.length > 0 && shown?.length === 0 && !reversed && <NothingFound />}
      <ul class="courses">
        {shown?.map((one) => (
          <CourseCard key={one.id} progress={one} changed={one.id === changed.value} />
        ))}
      </ul>
    </>
  );
}

function NothingFound() {
  return (
    <Empty title={ru.activities.empty} hint={ruProgress.filters.emptyHint}>
      <button type="button" class="secondary" onClick={() => setParameters(NOTHING_ASKED)}>{ru.activities.reset}</button>
    </Empty>
  );
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

function CourseCard({ progress, changed }: { progress: Course; changed: boolean }) {
  const { course, percent, score, exam, lessonsLeft } = progress;
  const label = `percent-${progress.id}`;
  return (
    <li class={changed ? 'course course-changed' : 'course'}>
      <h2 id={label}>{course.title}</h2>
      <p class="under">
        {course.provider.name}. {ru.activities.types[course.courseType]},{' '}
        {ruEducation.difficulties[course.difficulty]}
      </p>
      <p class="bar">
        <progress max={100} value={percent} aria-labelledby={label} />
        <strong>{numberText(percent)}&nbsp;%</strong>
      </p>
      <ul class="facts">
        <li>{ru.progress.topics(progress.topicsCompleted, progress.topicsTotal)}</li>
        <li>{lessonsLeft > 0 ? counted(lessonsLeft, ru.progress.lessonsLeft) : ru.progress.noLessonsLeft}</li>
        <li>{score === null ? ru.progress.noScore : counted(score, ru.progress.score)}</li>
        <li><Tag tone={EXAM_TONES[exam]}>{ru.progress.exam[exam]}</Tag></li>
      </ul>
      <p class="under">{ru.progress.updated(momentText(progress.updatedAt))}</p>
    </li>
  );
}
