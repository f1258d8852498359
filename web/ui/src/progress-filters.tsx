// Filters of the courses: every change goes into the address at once (3.4-11 .. 3.4-13).
import { Choice } from './parts/choice.tsx';
import { isReversed, type Question } from './progress-query.ts';
import { setParameters } from './route.ts';
import { ru } from './ru.ts';
import { ruProgress } from './ru-progress.ts';

export function ProgressFilters({ question }: { question: Question }) {
  const wrong = isReversed(question);
  const { filters } = ruProgress;
  return (
    <search>
      <form class="filters even" onSubmit={(event) => event.preventDefault()}>
        <Day name="from" label={filters.from} value={question.from} wrong={wrong} />
        <Day name="to" label={filters.to} value={question.to} wrong={wrong} />
        <Choice name="type" label={filters.type} any={ru.activities.anyType} words={ru.activities.types}
          chosen={question.type} />
        <Choice name="level" label={filters.level} any={ru.activities.anyType} words={ruProgress.levels}
          chosen={question.level} />
      </form>
      {wrong && <p class="mistake" id="days-wrong" role="alert">{filters.reversed}</p>}
    </search>
  );
}

interface Props {
  readonly name: 'from' | 'to';
  readonly label: string;
  readonly value: string | undefined;
  readonly wrong: boolean;
}

function Day({ name, label, value, wrong }: Props) {
  return (
    <p class="field">
      <label for={name}>{label}</label>
      <input id={name} type="date" value={value ?? ''} max="9999-12-31"
        {...(wrong && { 'aria-invalid': 'true' as const, 'aria-describedby': 'days-wrong' })}
        onChange={(event) => setParameters({ [name]: event.currentTarget.value })} />
    </p>
  );
}
