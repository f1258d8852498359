// The last step of a recovery: a new password under the served rules (1.2-8 .. 1.2-11).
import { graphql } from './graphql.ts';
import { ErrorSummary, mistakesOf, problem, useSubmission } from './parts/form.tsx';
import { NewPassword, passwordRules } from './parts/password.tsx';
import { passwordIn } from './parts/password-field.tsx';
import { useReading } from './parts/reading.ts';
import { Unread } from './parts/status.tsx';
import { ruEntry } from './ru-entry.ts';
import { request } from './session.ts';

const Rules = graphql(
  `
    query PasswordPolicy {
      passwordPolicy {
        ...PasswordRules
      }
    }
  `,
  [passwordRules],
);
const Reset = graphql(
  `
    mutation ResetPassword($id: ID!, $password: String!) {
      resetPassword(flowId: $id, newPassword: $password) {
        success
        errors {
          ...Problem
        }
      }
    }
  `,
  [problem],
);

export function RecoveryPassword({ id, onDone }: { id: string; onDone: () => void }) {
  const rules = useReading(async () => (await request(Rules, {})).passwordPolicy);
  const { busy, mistakes, submit } = useSubmission(async (form) => {
    const { resetPassword: said } = await request(Reset, { id, password: passwordIn(form, 'newPassword') });
    if (said.success) onDone();
    return mistakesOf(said.errors, ['newPassword']);
  });
  if (rules.failure !== undefined || !rules.data.value) return <Unread {...rules} />;
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary mistakes={mistakes} />
      <NewPassword name="newPassword" label={ruEntry.recovery.newPassword} policy={rules.data.value} mistakes={mistakes} />
      <button type="submit" aria-disabled={busy}>{ruEntry.recovery.save}</button>
    </form>
  );
}
