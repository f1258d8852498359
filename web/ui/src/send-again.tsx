// «Send again» with its pause; the server may ask for a longer one (1.1.2-6, A8).
import { useSignal } from '@preact/signals';

import { graphql } from './graphql.ts';
import { minutesText, useCountdown } from './parts/countdown.ts';
import { problem } from './parts/form.tsx';
import { failureText } from './parts/status.tsx';
import { ruEntry } from './ru-entry.ts';
import { request } from './session.ts';

const Resend = graphql(
  `
    mutation ResendConfirmation($kind: ContactKind!, $flow: ID) {
      resendConfirmation(kind: $kind, flowId: $flow) {
        errors {
          ...Problem
        }
      }
    }
  `,
  [problem],
);

interface Props {
  readonly flow?: string; // without it the registration of whoever is signed in
  readonly kind: 'EMAIL' | 'PHONE';
  readonly label: string;
  readonly after?: number; // seconds, counted anew when `from` is another value
  readonly from?: unknown;
  readonly onSent?: () => Promise<void>;
}

export function SendAgain({ flow, kind, label, after = 0, from, onSent }: Props) {
  const said = useSignal('');
  const pause = useSignal({ seconds: 0 });
  const left = Math.max(useCountdown(after, from), useCountdown(pause.value.seconds, pause.value));
  const press = async () => {
    if (left > 0) return;
    said.value = '';
    try {
      const { errors } = (await request(Resend, { kind, flow: flow ?? null })).resendConfirmation;
      said.value = errors.map(({ message }) => message).join(' ') || ruEntry.contacts.sentAgain;
      const waits = errors.flatMap((error) => ('retryAfterSeconds' in error ? [error.retryAfterSeconds] : []));
      pause.value = { seconds: Math.max(0, ...waits) };
      if (errors.length === 0) await onSent?.();
    } catch (error) {
      said.value = failureText(error);
    }
  };
  return (
    <>
      <button type="button" class="link" aria-disabled={left > 0} onClick={press}>{label}</button>
      <span role="status" class="under">
        {said.value} {left > 0 && ruEntry.contacts.waitToSend(minutesText(left))}
      </span>
    </>
  );
}
