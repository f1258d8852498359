// What can be said about a document before anything is sent; the server checks all of it again (3.3-10 .. 3.3-18).
import { sizeText } from './dates.ts';
import type { Mistake } from './parts/form.tsx';
import { ruPortfolio } from './ru-portfolio.ts';

export interface Requirements {
  readonly formats: readonly string[];
  readonly maxBytes: number;
  readonly fileNameExamples: readonly string[];
}

export interface Draft {
  readonly type: string;
  readonly number: string;
  readonly issuedAt: string;
  readonly expiresAt: string; // empty where the document has no end
  readonly file: File | undefined;
  readonly fileName: string;
}

const WORDS: Record<string, string> = { 'application/pdf': 'PDF', 'image/jpeg': 'JPG', 'image/png': 'PNG' };
const YEAR = /(19|20)\d\d/;
const RU_DATE = /^\d{2}\.\d{2}\.\d{4}$/;

export function formatsText(formats: readonly string[]): string {
  return formats.map((format) => WORDS[format] ?? format).join(', ');
}

export function mistakesIn(draft: Draft, rules: Requirements): Mistake[] {
  const { wrong } = ruPortfolio;
  const found: [string, string | undefined][] = [
    ['type', draft.type ? undefined : wrong.type],
    ['number', draft.number ? undefined : wrong.number],
    ['issuedAt', RU_DATE.test(draft.issuedAt) ? undefined : wrong.issuedAt],
    ['expiresAt', draft.expiresAt === '' || RU_DATE.test(draft.expiresAt) ? undefined : wrong.issuedAt],
    ['file', draft.file ? fileMistake(draft.file, draft.fileName, rules) : wrong.file],
  ];
  return found.flatMap(([field, message]) => (message ? [{ field, message }] : []));
}

function fileMistake(file: File, name: string, rules: Requirements): string | undefined {
  const { wrong } = ruPortfolio;
  if (!rules.formats.includes(file.type)) return wrong.fileType(file.name, formatsText(rules.formats));
  if (file.size === 0) return wrong.fileEmpty(file.name);
  if (file.size > rules.maxBytes) return wrong.fileSize(file.name, sizeText(file.size), sizeText(rules.maxBytes));
  if (!YEAR.test(name)) return wrong.fileName(name, rules.fileNameExamples[0] ?? '');
  return undefined;
}
