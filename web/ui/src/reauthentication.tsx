// Proving once more who one is before a change of what opens the account; the interrupted change is then repeated.
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';

import { graphql } from './graphql.ts';
import { Dialog } from './parts/dialog.tsx';
import { ErrorSummary, mistakesOf, problem, useSubmission } from './parts/form.tsx';
import { PasswordField, passwordIn } from './parts/password-field.tsx';
import { ruProfile } from './ru-profile.ts';
import { request } from './session.ts';

const Prove = graphql(
  `
    mutation Reauthenticate($input: ReauthenticationInput!) {
      reauthenticate(input: $input) {
        errors {
          ...Problem
        }
      }
    }
  `,
  [problem],
);

interface Said {
  readonly code: string;
}

/** `asked` tells whether the errors of a change ask for a proof; after the proof the change is done `again`. */
export function useProof() {
  const asking = useSignal(false);
  const again = useRef<() => void>(() => undefined);
  const asked = (errors: readonly Said[], repeat: () => void): boolean => {
    const needed = errors.some(({ code }) => code === 'REAUTH_REQUIRED');
    if (needed) again.current = repeat;
    asking.value = needed;
    return needed;
  };
  const close = () => (asking.value = false);
  const proved = () => {
    asking.value = false;
    again.current();
  };
  return { asked, dialog: asking.value && <Proof onProved={proved} onClose={close} /> };
}

function Proof({ onProved, onClose }: { onProved: () => void; onClose: () => void }) {
  const { proof } = ruProfile;
  const { busy, mistakes, submit } = useSubmission(async (form) => {
    const input = { password: passwordIn(form, 'proof') };
    const { errors } = (await request(Prove, { input })).reauthenticate;
    if (errors.length === 0) onProved();
    return mistakesOf(errors, []);
  });
  return (
    <Dialog title={proof.heading} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <ErrorSummary mistakes={mistakes} />
        <p>{proof.lead}</p>
        <PasswordField name="proof" label={proof.password} mistakes={mistakes} />
        <p class="actions">
          <button type="submit" aria-disabled={busy}>{proof.send}</button>
          <button type="button" class="secondary" onClick={onClose}>{proof.cancel}</button>
        </p>
      </form>
    </Dialog>
  );
}
