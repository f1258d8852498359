// Courses as they move: a snapshot, then one course at a time, narrowed by the address (3.4; within a second of a commit).
import type { Connection } from './connection.ts';
import { counted, momentText, numberText } from './dates.ts';
import { Export } from './export.tsx';
import { isReversed } from './parts/period.tsx';
import { Empty, Loading, Tag, type Tone } from './parts/status.tsx';
import { ProgressFilters } from './progress-filters.tsx';
import { useCourses, type Course } from './progress-live.ts';
import { filterOf, fits, isAsked, NOTHING_ASKED, questionOf } from './progress-query.ts';
import { address, setParameters } from './route.ts';
import { ru } from './ru.ts';
import { ruEducation } from './ru-education.ts';
import { ruProgress } from './ru-progress.ts';

const EXAM_TONES: Record<Course['exam'], Tone> = {
  NOT_STARTED: 'plain',
  IN_PROGRESS: 'busy',
  PASSED: 'good',
  FAILED: 'bad',
};

export function Courses({ connection }: { connection: Connection }) {
  const { courses: all, changed } = useCourses(connection);
  const question = questionOf(address.value.searchParams);
  const reversed = isReversed(question);
  const shown = reversed ? [] : all?.filter((one) => fits(question, one));
  return (
    <>
      <ProgressFilters question={question} />
      {!reversed && <Export connection={connection} list={{ kind: 'PROGRESS', progressFilter: filterOf(question) }} />}
      {all === undefined && <Loading />}
      {all?.length === 0 && <Empty title={ru.progress.empty} hint={ru.progress.emptyHint} />}
      <p class="count" role="status">
        {all && shown && isAsked(question) && !reversed && ruProgress.shown(shown.length, all.length)}
      </p>
      {all && all.length > 0 && shown?.length === 0 && !reversed && <NothingFound />}
      <ul class="courses">
        {shown?.map((one) => (
          <CourseCard key={one.id} progress={one} changed={one.id === changed} />
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
