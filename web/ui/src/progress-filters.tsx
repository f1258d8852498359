// Filters of the courses: every change goes into the address at once (3.4-11 .. 3.4-13).
import { Choice } from './parts/choice.tsx';
import { PeriodFields, PeriodMistake } from './parts/period.tsx';
import type { Question } from './progress-query.ts';
import { ru } from './ru.ts';
import { ruProgress } from './ru-progress.ts';

export function ProgressFilters({ question }: { question: Question }) {
  const { filters } = ruProgress;
  return (
    <search>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <PeriodFields period={question} labels={filters} />
        <Choice name="type" label={filters.type} any={ru.activities.anyType} words={ru.activities.types}
          chosen={question.type} />
        <Choice name="level" label={filters.level} any={ru.activities.anyType} words={ruProgress.levels}
          chosen={question.level} />
      </form>
      <PeriodMistake period={question} />
    </search>
  );
}
