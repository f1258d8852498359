// A code that was sent for a request: how long it lives, how many tries are left, and the way to another one.
import type { ComponentChildren } from 'preact';

import { ruEntry } from '../ru-entry.ts';
import { CodeField, codeIn } from './code-field.tsx';
import { minutesText, useCountdown } from './countdown.ts';
import { ErrorSummary, mistakesOf, useSubmission, type ApiError } from './form.tsx';

interface Props {
  readonly flow: { readonly codeTtlSeconds: number; readonly attemptsLeft: number };
  readonly sent: string;
  readonly confirm: (code: string) => Promise<readonly ApiError[]>;
  readonly read: () => Promise<void>; // the request as it stands after a try
  readonly children: ComponentChildren; // beside the button
}

export function CodeEntry({ flow, sent, confirm, read, children }: Props) {
  const { contacts } = ruEntry;
  const life = useCountdown(flow.codeTtlSeconds, flow);
  const { busy, mistakes, submit } = useSubmission(async (form) => {
    const errors = await confirm(codeIn(form));
    await read();
    return mistakesOf(errors, ['code']);
  });
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary mistakes={mistakes} />
      <p>{sent}</p>
      <CodeField mistakes={mistakes} />
      <p class="under">
        {life > 0 ? contacts.lifetime(minutesText(life)) : contacts.outdated} {contacts.attempts(flow.attemptsLeft)}
      </p>
      <p class="actions">
        <button type="submit" aria-disabled={busy}>{contacts.confirm}</button>
        {children}
      </p>
    </form>
  );
}
