// Forms: a label, a hint and a mistake beside each field, and a summary of all mistakes above the form.
import type { ComponentChildren, TargetedMouseEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import { ru } from '../ru.ts';

export interface Mistake {
  readonly field: string; // the name of the field, or '' when it is about the whole form
  readonly message: string;
}

interface ApiError {
  readonly message: string;
  readonly path: readonly string[];
}

/** Errors of a payload, laid onto the fields of the form; `known` are the names of its fields. */
export function mistakesOf(errors: readonly ApiError[], known: readonly string[]): Mistake[] {
  return errors.map(({ path, message }) => ({
    field: [...path].reverse().find((name) => known.includes(name)) ?? '',
    message,
  }));
}

export function ErrorSummary({ mistakes }: { mistakes: readonly Mistake[] }) {
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
        {mistakes.map(({ field, message }) => (
          <li key={field + message}>{field ? <a href={`#${field}`} onClick={focusField}>{message}</a> : message}</li>
        ))}
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
        <p class="mistake" id={`${name}-error`}>{wrong.map(({ message }) => message).join('. ')}</p>
      )}
      {children({
        id: name,
        name,
        ...(notes && { 'aria-describedby': notes }),
        ...(wrong.length > 0 && { 'aria-invalid': 'true' as const }),
      })}
    </div>
  );
}

export function valueOf(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name);
  return typeof value === 'string' ? value.trim() : '';
}
