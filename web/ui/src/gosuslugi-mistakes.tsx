// What went wrong with the state portal, and what to check (2.1-14, 2.1-15).
import type { EsiaMistake } from './gosuslugi-way.ts';
import { ErrorSummary } from './parts/form.tsx';

export function EsiaMistakes({ mistakes }: { mistakes: readonly EsiaMistake[] }) {
  const advice = [...new Set(mistakes.flatMap((one) => ('advice' in one && one.advice) || []))];
  return (
    <>
      <ErrorSummary mistakes={mistakes.map(({ message }) => ({ field: '', message }))} />
      {advice.length > 0 && <ul class="advice">{advice.map((line) => <li key={line}>{line}</li>)}</ul>}
    </>
  );
}
