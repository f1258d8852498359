// What the courses are narrowed to: the address says it, the live list and the export follow it (3.4-11 .. 3.4-13).
import { known } from './parts/choice.tsx';
import { ru } from './ru.ts';
import { ruProgress } from './ru-progress.ts';

export interface Question {
  readonly from: string | undefined; // days in Moscow, as 2026-11-24; both are included
  readonly to: string | undefined;
  readonly type: keyof typeof ru.activities.types | undefined;
  readonly level: keyof typeof ruProgress.levels | undefined;
}

interface Course {
  readonly updatedAt: string;
  readonly course: { readonly courseType: string; readonly difficulty: string };
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const moscowDay = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Moscow' });

export function questionOf(parameters: URLSearchParams): Question {
  return {
    from: day(parameters.get('from')),
    to: day(parameters.get('to')),
    type: known(ru.activities.types, parameters.get('type')),
    level: known(ruProgress.levels, parameters.get('level')),
  };
}

export const NOTHING_ASKED = { from: '', to: '', type: '', level: '' };

export function isAsked(question: Question): boolean {
  return Object.values(question).some((value) => value !== undefined);
}

export function isReversed({ from, to }: Question): boolean {
  return from !== undefined && to !== undefined && from > to;
}

/** The same question in the words of the API, for a file. */
export function filterOf({ from, to, type, level }: Question) {
  return {
    ...((from || to) && { date: { from: from ?? null, to: to ?? null } }),
    ...(type && { courseTypes: [type] }),
    ...(level && { difficulties: [level] }),
  };
}

export function fits({ from, to, type, level }: Question, { course, updatedAt }: Course): boolean {
  const changed = moscowDay.format(new Date(updatedAt));
  const inTime = (from === undefined || from <= changed) && (to === undefined || changed <= to);
  return inTime && (!type || course.courseType === type) && (!level || course.difficulty === level);
}

function day(given: string | null): string | undefined {
  return given !== null && DAY.test(given) && !Number.isNaN(Date.parse(given)) ? given : undefined;
}
