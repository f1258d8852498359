// The plan: what is lacking, of which kind, by when, for each cycle; closed ones are only read (3.4-20).
import { useSignal } from '@preact/signals';
import type { ResultOf } from 'gql.tada';

import { dayText } from './dates.ts';
import { graphql } from './graphql.ts';
import { announce } from './parts/announce.tsx';
import { useDeed } from './parts/deed.tsx';
import { Dialog } from './parts/dialog.tsx';
import { useReading } from './parts/reading.ts';
import { Empty, Tag, Unread } from './parts/status.tsx';
import { NewCycle } from './plan-form.tsx';
import { ruProgress } from './ru-progress.ts';
import { request } from './session.ts';

const List = graphql(`
  query Plan {
    viewer {
      plan {
        id
        specialty
        cycleStart
        cycleEnd
        closed
        rule
        requiredHours
        requiredDppHours
        earned {
          programs
          iom
          events
          other
          total
        }
        lacking {
          kind
          hours
          by
        }
        deadlineWarnings
      }
    }
  }
`);
const Remove = graphql(`
  mutation RemovePlanCycle($id: ID!) {
    removePlanCycle(input: { id: $id }) {
      errors {
        message
      }
    }
  }
`);

type Cycle = NonNullable<NonNullable<ResultOf<typeof List>['viewer']>['plan']>[number];
const words = ruProgress.plan;
const KINDS = ['programs', 'iom', 'events', 'other'] as const;

export function Plan({ newest }: { newest: string }) {
  const reading = useReading(async () => (await request(List, {})).viewer?.plan ?? [], newest);
  const cycles = reading.data.value;
  const closed = cycles?.filter((cycle) => cycle.closed) ?? [];
  return (
    <>
      <p>{words.lead}</p>
      {(reading.failure !== undefined || !cycles) && <Unread {...reading} />}
      {cycles?.length === 0 && <Empty title={words.empty} hint={words.emptyHint} />}
      <ul class="courses">
        {cycles?.filter((cycle) => !cycle.closed).map((cycle) => (
          <CycleCard key={cycle.id} cycle={cycle} again={reading.again} />
        ))}
      </ul>
      {cycles && <NewCycle onSaved={reading.again} />}
      {closed.length > 0 && (
        <section aria-labelledby="closed">
          <h2 id="closed">{words.closedHeading}</h2>
          <ul class="courses">
            {closed.map((cycle) => <CycleCard key={cycle.id} cycle={cycle} again={reading.again} />)}
          </ul>
        </section>
      )}
    </>
  );
}

function CycleCard({ cycle, again }: { cycle: Cycle; again: () => Promise<void> }) {
  const { specialty, earned, lacking } = cycle;
  const Heading = cycle.closed ? 'h3' : 'h2'; // closed ones stand under a heading of their own
  return (
    <li class="course">
      <Heading>{specialty} <State cycle={cycle} /></Heading>
      <p class="under">{words.cycle(dayText(cycle.cycleStart), dayText(cycle.cycleEnd))}</p>
      {cycle.deadlineWarnings.map((warning) => <p key={warning} class="notice">{warning}</p>)}
      <Hours title={words.all} of={specialty} earned={earned.total} required={cycle.requiredHours} />
      <Hours title={words.programs} of={specialty} earned={earned.programs} required={cycle.requiredDppHours} />
      {lacking.length > 0 && (
        <>
          <p class="tight"><strong>{words.lacking}</strong></p>
          <ul class="problems">
            {lacking.map(({ kind, hours, by }) => (
              <li key={kind ?? 'ANY'}>{words.lackLine(hours, words.lack[kind ?? 'ANY'], dayText(by))}</li>
            ))}
          </ul>
        </>
      )}
      <details>
        <summary>{words.earned}</summary>
        <dl class="kinds">
          {KINDS.map((kind) => (
            <div key={kind}>
              <dt>{words.kinds[kind]}</dt>
              <dd>{ruProgress.hours(earned[kind])}</dd>
            </div>
          ))}
        </dl>
        <p class="under">{words.rule(cycle.rule)}</p>
      </details>
      {!cycle.closed && <Removing cycle={cycle} again={again} />}
    </li>
  );
}

function State({ cycle: { lacking, closed } }: { cycle: Cycle }) {
  if (lacking.length === 0) return <Tag tone="good">{words.done}</Tag>;
  return closed ? <Tag tone="bad">{words.closed}</Tag> : <Tag tone="busy">{words.going}</Tag>;
}

interface HoursProps {
  readonly title: string;
  readonly of: string;
  readonly earned: number;
  readonly required: number;
}

function Hours({ title, of, earned, required }: HoursProps) {
  return (
    <p class="hours">
      <span>{title}</span>
      <strong>{words.of(earned, required)}</strong>
      <progress max={required} value={Math.min(earned, required)} aria-label={`${of}: ${title}`} />
    </p>
  );
}

function Removing({ cycle: { id, specialty }, again }: { cycle: Cycle; again: () => Promise<void> }) {
  const asking = useSignal(false);
  const { act, mistake } = useDeed();
  const remove = () =>
    act(async () => {
      asking.value = false;
      const { errors } = (await request(Remove, { id })).removePlanCycle;
      if (errors.length === 0) announce(words.removed);
      await again();
      return errors;
    });
  return (
    <>
      {mistake}
      <p class="tight">
        <button type="button" class="link small" aria-label={words.removeLong(specialty)}
          onClick={() => (asking.value = true)}>
          {words.remove}
        </button>
      </p>
      {asking.value && (
        <Dialog title={words.question} onClose={() => (asking.value = false)}>
          <p>{specialty}</p>
          <p>{words.warning}</p>
          <p class="actions">
            <button type="button" onClick={() => void remove()}>{words.confirm}</button>
            <button type="button" class="secondary" onClick={() => (asking.value = false)}>{words.keep}</button>
          </p>
        </Dialog>
      )}
    </>
  );
}
