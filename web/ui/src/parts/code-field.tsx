// The field of a code that came by SMS or letter: spaces and dashes that people type do not count.
import { useEffect } from 'preact/hooks';

import { ru } from '../ru.ts';
import { Field, valueOf, type Mistake } from './form.tsx';

export function CodeField({ mistakes, hint }: { mistakes: readonly Mistake[]; hint?: string }) {
  useEffect(() => document.getElementById('code')?.focus(), []);
  return (
    <Field name="code" label={ru.signIn.code} hint={hint ?? ru.signIn.codeHint} mistakes={mistakes}>
      {(attributes) => <input {...attributes} class="code" autocomplete="one-time-code" inputmode="numeric" />}
    </Field>
  );
}

export function codeIn(form: HTMLFormElement): string {
  return valueOf(form, 'code').replace(/[\s-]/g, '');
}
