// Taking the link apart, by the password of the cabinet (A65).
import { useSignal } from '@preact/signals';

import { graphql } from './graphql.ts';
import { announce } from './parts/announce.tsx';
import { ErrorSummary, mistakesOf, problem, useSubmission } from './parts/form.tsx';
import { PasswordField, passwordIn } from './parts/password-field.tsx';
import { ruGosuslugi } from './ru-gosuslugi.ts';
import { request } from './session.ts';

const UnlinkGosuslugi = graphql(
  `
    mutation UnlinkGosuslugi($password: String!) {
      unlinkGosuslugi(password: $password) {
        errors {
          ...Problem
        }
      }
    }
  `,
  [problem],
);
const words = ruGosuslugi.settings;

export function Unlink({ onDone }: { onDone: () => Promise<void> }) {
  const open = useSignal(false);
  const { busy, mistakes, submit } = useSubmission(async (form) => {
    const { errors } = (await request(UnlinkGosuslugi, { password: passwordIn(form, 'password') })).unlinkGosuslugi;
    if (errors.length === 0) {
      announce(words.unlinked);
      await onDone();
    }
    return mistakesOf(errors, ['password']);
  });
  if (!open.value) {
    return <p><button type="button" class="link" onClick={() => (open.value = true)}>{words.unlinkHeading}</button></p>;
  }
  return (
    <form class="narrow" onSubmit={submit} noValidate>
      <ErrorSummary mistakes={mistakes} />
      <PasswordField name="password" label={words.password} mistakes={mistakes} />
      <p class="actions"><button type="submit" class="secondary" aria-disabled={busy}>{words.unlink}</button></p>
    </form>
  );
}
