// Dates and numbers as Russians write them; Intl only.
const day = new Intl.DateTimeFormat('ru-RU', { day: 'numeric', month: 'long', year: 'numeric' });
const moment = new Intl.DateTimeFormat('ru-RU', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const clock = new Intl.DateTimeFormat('ru-RU', { hour: '2-digit', minute: '2-digit' });
const number = new Intl.NumberFormat('ru-RU', { maximumFractionDigits: 1 });
const plural = new Intl.PluralRules('ru-RU');

/** A day of the calendar, the same everywhere. */
export const dayText = (iso: string): string => dayOfText(`${iso}T12:00:00`);
/** The day on which a moment falls where the reader is. */
export const dayOfText = (iso: string): string => day.format(new Date(iso)).replace(' г.', '\u00a0г.');
export const momentText = (iso: string): string => moment.format(new Date(iso)).replace(' в ', ', ').replace(' г.', '');
export const clockText = (at: Date): string => clock.format(at);
export const numberText = (value: number): string => number.format(value);

/** «1 балл», «2 балла», «5 баллов»: a number with the right form of its noun, never torn apart by a line break. */
export function counted(value: number, [one, few, many]: readonly [string, string, string]): string {
  const forms: Partial<Record<Intl.LDMLPluralRule, string>> = { one, few, many, other: few };
  return `${numberText(value)}\u00a0${forms[plural.select(value)] ?? many}`;
}

/** Size of a file in the units people know. */
export function sizeText(bytes: number): string {
  if (bytes < 1024 * 1024) return `${numberText(Math.max(1, Math.round(bytes / 1024)))}\u00a0КБ`;
  return `${numberText(bytes / 1024 / 1024)}\u00a0МБ`;
}
