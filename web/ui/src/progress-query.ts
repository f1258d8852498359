// What the courses are narrowed to: the address says it, the live list and the export follow it (3.4-11 .. 3.4-13).
import { known } from './parts/choice.tsx';
import { datesOf, periodOf, type Period } from './parts/period.tsx';
import { ru } from './ru.ts';
import { ruProgress } from './ru-progress.ts';

export interface Question extends Period {
  readonly type: keyof typeof ru.activities.types | undefined;
  readonly level: keyof typeof ruProgress.levels | undefined;
}

interface Course {
  readonly updatedAt: string;
  readonly course: { readonly courseType: string; readonly difficulty: string };
}

const moscowDay = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Moscow' });

export function questionOf(parameters: URLSearchParams): Question {
  return {
    ...periodOf(parameters),
    type: known(ru.activities.types, parameters.get('type')),
    level: known(ruProgress.levels, parameters.get('level')),
  };
}

export const NOTHING_ASKED = { from: '', to: '', type: '', level: '' };

export function isAsked(question: Question): boolean {
  return Object.values(question).some((value) => value !== undefined);
}

/** The same question in the words of the API, for a file. */
export function filterOf({ type, level, ...period }: Question) {
  return {
    ...datesOf(period),
    ...(type && { courseTypes: [type] }),
    ...(level && { difficulties: [level] }),
  };
}

export function fits({ from, to, type, level }: Question, { course, updatedAt }: Course): boolean {
  const changed = moscowDay.format(new Date(updatedAt));
  const inTime = (from === undefined || from <= changed) && (to === undefined || changed <= to);
  return inTime && (!type || course.courseType === type) && (!level || course.difficulty === level);
}
