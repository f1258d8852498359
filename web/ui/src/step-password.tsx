// A password of one's own, in place of a temporary one or of an older one (2.2-9).
import { useSignal } from '@preact/signals';

import { graphql } from './graphql.ts';
import { announce } from './parts/announce.tsx';
import { ErrorSummary, mistakesOf, problem, useSubmission } from './parts/form.tsx';
import { NewPassword, passwordRules } from './parts/password.tsx';
import { PasswordField, passwordIn } from './parts/password-field.tsx';
import { useReading } from './parts/reading.ts';
import { Unread } from './parts/status.tsx';
import { ruProfile } from './ru-profile.ts';
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
const Change = graphql(
  `
    mutation ChangePassword($old: String!, $fresh: String!) {
      changePassword(oldPassword: $old, newPassword: $fresh) {
        success
        errors {
          ...Problem
        }
      }
    }
  `,
  [problem],
);

export function OwnPassword() {
  const rules = useReading(async () => (await request(Rules, {})).passwordPolicy);
  const done = useSignal(false);
  const { password } = ruProfile;
  const { busy, mistakes, submit } = useSubmission(async (form) => {
    const typed = { old: passwordIn(form, 'oldPassword'), fresh: passwordIn(form, 'newPassword') };
    const { changePassword: said } = await request(Change, typed);
    done.value = said.success;
    if (said.success) announce(password.done);
    return mistakesOf(said.errors, ['oldPassword', 'newPassword']);
  });
  if (rules.failure !== undefined || !rules.data.value) return <Unread {...rules} />;
  if (done.value) return <p>{password.done}</p>;
  return (
    <form class="narrow" onSubmit={submit} noValidate>
      <ErrorSummary mistakes={mistakes} />
      <PasswordField name="oldPassword" label={password.old} mistakes={mistakes} />
      <NewPassword name="newPassword" label={password.fresh} policy={rules.data.value} mistakes={mistakes} />
      <button type="submit" aria-disabled={busy}>{password.save}</button>
    </form>
  );
}
