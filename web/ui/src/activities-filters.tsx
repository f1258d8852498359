// Filters of the list: every change goes into the address at once, words of the search after a short rest.
import type { TargetedEvent, TargetedInputEvent } from 'preact';
import { useRef } from 'preact/hooks';

import type { Question } from './activities-query.ts';
import { Choice } from './parts/choice.tsx';
import { PeriodFields, PeriodMistake } from './parts/period.tsx';
import { setParameters } from './route.ts';
import { ru } from './ru.ts';

const REST = 300;

export function ActivityFilters({ question: { filter, period } }: { question: Question }) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const search = (event: TargetedInputEvent<HTMLInputElement>) => {
    const { value } = event.currentTarget;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setParameters({ q: value.trim() }), REST);
  };
  const flag = (name: string) => (event: TargetedEvent<HTMLInputElement>) =>
    setParameters({ [name]: event.currentTarget.checked ? '1' : '' });
  return (
    <search>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <p class="field wide">
          <label for="q">{ru.activities.search}</label>
          <input id="q" type="search" defaultValue={filter.search ?? ''} onInput={search} />
        </p>
        <PeriodFields period={period} labels={ru.activities.period} />
        <Choice name="status" label={ru.activities.status} any={ru.activities.anyStatus}
          words={ru.activities.statuses} chosen={filter.statuses?.[0]} />
        <Choice name="type" label={ru.activities.type} any={ru.activities.anyType}
          words={ru.activities.types} chosen={filter.types?.[0]} />
        <p class="flags wide">
          <label class="choice">
            <input type="checkbox" checked={filter.onlyMine ?? false} onChange={flag('mine')} />
            {ru.activities.onlyMine}
          </label>
          <label class="choice">
            <input type="checkbox" checked={filter.onlyOpen ?? false} onChange={flag('open')} />
            {ru.activities.onlyOpen}
          </label>
        </p>
      </form>
      <PeriodMistake period={period} />
    </search>
  );
}
