// Forms: a label, a hint and a mistake beside each field, and a summary of all mistakes above the form.
import { useSignal } from '@preact/signals';
import type { ComponentChildren, TargetedMouseEvent, TargetedSubmitEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import { graphql } from '../graphql.ts';
import { ru } from '../ru.ts';
import { failureText } from './status.tsx';

export interface Mistake {
  readonly field: string; // the name of the field, or '' when it is about the whole form
  readonly message: string;
  readonly correction?: string; // the value that was probably meant
}

/** What a form reads of the errors of a payload. */
export const problem = graphql(`
  fragment Problem on UserError {
    code
    message
    path
    ... on FieldError {
      hint
    }
    ... on RateLimitError {
      retryAfterSeconds
    }
  }
`);

export interface ApiError {
  readonly message: string;
  readonly path: readonly string[];
  readonly hint?: string | null;
}

/** Errors of a payload, laid onto the fields of the form; `known` are their names, dotted for a field of a part. */
export function mistakesOf(errors: readonly ApiError[], known: readonly string[]): Mistake[] {
  return errors.map(({ path, message, hint }) => ({
    field: known.find((name) => `.${path.join('.')}.`.includes(`.${name}.`)) ?? '',
    message,
    ...(hint && { correction: hint }),
  }));
}

/** One submission at a time; a failed request becomes a mistake of the form. */
export function useSubmission(send: (form: HTMLFormElement) => Promise<Mistake[]>) {
  const busy = useSignal(false);
  const mistakes = useSignal<Mistake[]>([]);
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    mistakes.value = await send(event.currentTarget).catch((error: unknown) => [
      { field: '', message: failureText(error) },
    ]);
    busy.value = false;
  };
  return { busy: busy.value, mistakes: mistakes.value, submit };
}

interface SummaryProps {
  readonly mistakes: readonly Mistake[];
  readonly labels?: Readonly<Record<string, string>>; // where a message alone does not say what it is about
}

export function ErrorSummary({ mistakes, labels = {} }: SummaryProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (mistakes.length === 0) return;
    box.current?.focus();
    document.title = ru.titleError + document.title.replace(ru.titleError, '');
  }, [mistakes]);
  if (mistakes.length === 0) return null;
  return (
    <div class="summary" role="alert" tabIndex={-1} ref={box}>
      <h2>{ru.common.errorHeading}</h2>
      <ul>
        {mistakes.map(({ field, message }) => {
          const said = labels[field] ? `${labels[field]}: ${message}` : message;
          return <li key={field + message}>{field ? <a href={`#${field}`} onClick={focusField}>{said}</a> : said}</li>;
        })}
      </ul>
    </div>
  );
}

function focusField(event: TargetedMouseEvent<HTMLAnchorElement>): void {
  event.preventDefault();
  document.getElementById(event.currentTarget.hash.slice(1))?.focus();
}

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly mistakes: readonly Mistake[];
  readonly children: (attributes: FieldAttributes) => ComponentChildren;
}

export interface FieldAttributes {
  readonly id: string;
  readonly name: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: 'true';
}

export function Field({ name, label, hint, mistakes, children }: FieldProps) {
  const wrong = mistakes.filter((mistake) => mistake.field === name);
  const notes = [hint && `${name}-hint`, wrong.length > 0 && `${name}-error`].filter(Boolean).join(' ');
  return (
    <div class={wrong.length > 0 ? 'field field-wrong' : 'field'}>
      <label for={name}>{label}</label>
      {hint && <p class="hint" id={`${name}-hint`}>{hint}</p>}
      {wrong.length > 0 && (
        <p class="mistake" id={`${name}-error`}>{wrong.map(({ message }) => message).join(' ')}</p>
      )}
      {wrong.map(({ correction }) => correction && <Correction key={correction} field={name} value={correction} />)}
      {children({
        id: name,
        name,
        ...(notes && { 'aria-describedby': notes }),
        ...(wrong.length > 0 && { 'aria-invalid': 'true' as const }),
      })}
    </div>
  );
}

/** One press puts the value that was probably meant into the field. */
function Correction({ field, value }: { field: string; value: string }) {
  const put = () => {
    const input = document.getElementById(field);
    if (!(input instanceof HTMLInputElement)) return;
    input.value = value;
    input.focus();
  };
  return (
    <p class="correction">
      <button type="button" class="link" onClick={put}>{ru.common.correct(value)}</button>
    </p>
  );
}

export function checkedIn(form: HTMLFormElement, name: string): boolean {
  return new FormData(form).has(name);
}

export function valueOf(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name);
  return typeof value === 'string' ? value.trim() : '';
}
