// The field of a password, a new one or one's own, that can be looked at before it is sent.
import { useSignal } from '@preact/signals';
import type { TargetedInputEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import { ru } from '../ru.ts';
import { Field, type Mistake } from './form.tsx';

interface Props {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly mistakes: readonly Mistake[];
  readonly fresh?: { readonly maxLength: number; readonly onInput: (typed: string) => void };
}

export function PasswordField({ fresh, ...field }: Props) {
  const shown = useSignal(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const form = input.current?.form;
    const hide = () => (shown.value = false); // browsers remember what was sent in the open
    form?.addEventListener('submit', hide);
    return () => form?.removeEventListener('submit', hide);
  }, []);
  return (
    <Field {...field}>
      {(attributes) => (
        <>
          <input
            {...attributes}
            ref={input}
            {...(shown.value ? { type: 'text' } : { type: 'password' })}
            autocomplete={fresh ? 'new-password' : 'current-password'}
            autocapitalize="none"
            spellcheck={false}
            {...(fresh && {
              maxLength: fresh.maxLength,
              onInput: (event: TargetedInputEvent<HTMLInputElement>) => fresh.onInput(event.currentTarget.value),
            })}
          />
          <label class="choice">
            <input type="checkbox" checked={shown.value} onChange={() => (shown.value = !shown.value)} />
            {ru.common.showTyped}
          </label>
        </>
      )}
    </Field>
  );
}

/** As typed: nothing is trimmed. */
export function passwordIn(form: HTMLFormElement, name: string): string {
  const password = new FormData(form).get(name);
  return typeof password === 'string' ? password : '';
}
