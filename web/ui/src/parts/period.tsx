// Two days that go into the address at once, `from` and `to`, both included; days are those of Moscow, as 2026-11-24.
import { setParameters } from '../route.ts';
import { ru } from '../ru.ts';

export interface Period {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

const DAY = /^\d{4}-\d\d-\d\d$/;

export function periodOf(parameters: URLSearchParams): Period {
  return { from: day(parameters.get('from')), to: day(parameters.get('to')) };
}

export function isReversed({ from, to }: Period): boolean {
  return from !== undefined && to !== undefined && from > to;
}

/** The period in the words of the API. */
export function datesOf({ from, to }: Period) {
  return from || to ? { date: { from: from ?? null, to: to ?? null } } : {};
}

interface Props {
  readonly period: Period;
  readonly labels: { readonly from: string; readonly to: string };
}

export function PeriodFields({ period, labels }: Props) {
  const wrong = isReversed(period);
  return (
    <>
      {(['from', 'to'] as const).map((name) => (
        <p key={name} class="field">
          <label for={name}>{labels[name]}</label>
          <input id={name} type="date" value={period[name] ?? ''} max="9999-12-31"
            {...(wrong && { 'aria-invalid': 'true' as const, 'aria-describedby': 'days-wrong' })}
            onChange={(event) => setParameters({ [name]: event.currentTarget.value })} />
        </p>
      ))}
    </>
  );
}

export function PeriodMistake({ period }: { period: Period }) {
  if (!isReversed(period)) return null;
  return <p class="mistake" id="days-wrong" role="alert">{ru.common.reversed}</p>;
}

function day(given: string | null): string | undefined {
  return given !== null && DAY.test(given) && !Number.isNaN(Date.parse(given)) ? given : undefined;
}
