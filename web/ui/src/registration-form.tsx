// The registration form as the API describes it; all mistakes at once, a guessed value one press away (1.1-6 .. 1.1-11).
import { useSignal } from '@preact/signals';
import type { ResultOf } from 'gql.tada';
import { useMemo } from 'preact/hooks';

import { graphql } from './graphql.ts';
import { checkedIn, ErrorSummary, mistakesOf, problem, useSubmission, valueOf } from './parts/form.tsx';
import { NewPassword, passwordRules } from './parts/password.tsx';
import { passwordIn } from './parts/password-field.tsx';
import { useReading } from './parts/reading.ts';
import { fieldRule, labelsOf, RuleField } from './parts/rule-field.tsx';
import { Unread } from './parts/status.tsx';
import { Tick } from './parts/tick.tsx';
import { follow, navigate, originChannel } from './route.ts';
import { ru } from './ru.ts';
import { ruEntry } from './ru-entry.ts';
import { request } from './session.ts';

const Form = graphql(
  `
    query RegistrationForm {
      registrationForm {
        ...FieldRule
      }
      passwordPolicy {
        ...PasswordRules
      }
      terms {
        title
        text
      }
      data: terms(kind: PERSONAL_DATA) {
        title
        text
      }
    }
  `,
  [fieldRule, passwordRules],
);
const Register = graphql(
  `
    mutation Register($input: RegisterInput!) {
      registerAccount(input: $input) {
        flow {
          id
        }
        errors {
          ...Problem
        }
      }
    }
  `,
  [problem],
);

type Served = ResultOf<typeof Form>;

export function RegistrationForm() {
  const form = useReading(() => request(Form, {}));
  if (form.failure !== undefined || !form.data.value) return <Unread {...form} />;
  return <Fields served={form.data.value} />;
}

function Fields({ served }: { served: Served }) {
  const key = useMemo(() => crypto.randomUUID(), []);
  const noPatronymic = useSignal(false);
  const rules = served.registrationForm;
  const names = rules.map(({ field }) => field);
  const { busy, mistakes, submit } = useSubmission(async (form) => {
    const input = { ...typedIn(form), channel: originChannel(), idempotencyKey: key };
    const { registerAccount } = await request(Register, { input });
    if (registerAccount.flow) navigate(`/registration#${registerAccount.flow.id}`);
    return mistakesOf(registerAccount.errors, names);
  });
  const { registration } = ruEntry;
  return (
    <form onSubmit={submit} noValidate>
      <p class="hint">{ru.common.starred}</p>
      <ErrorSummary mistakes={mistakes} labels={labelsOf(rules)} />
      {/* Marks and the password are drawn with what belongs to them: rules, texts to agree with. */}
      {rules.filter(({ kind }) => kind === 'TEXT').map((rule) =>
        rule.field === 'middleName' ? (
          <div key={rule.field}>
            {!noPatronymic.value && <RuleField rule={rule} mistakes={mistakes} />}
            <Tick name="noPatronymic" label={registration.noPatronymic}
              onChange={(without) => (noPatronymic.value = without)} />
          </div>
        ) : (
          <RuleField key={rule.field} rule={rule} mistakes={mistakes} />
        ),
      )}
      <NewPassword name="password" label={registration.password} hint={registration.passwordHint}
        policy={served.passwordPolicy} mistakes={mistakes} />
      <Text {...served.terms} />
      <Tick name="acceptTerms" label={registration.acceptTerms} mistakes={mistakes} required />
      <Text {...served.data} />
      <Tick name="acceptPersonalData" label={registration.acceptPersonalData} mistakes={mistakes} />
      <p class="actions"><button type="submit" aria-disabled={busy}>{registration.send}</button></p>
      <p>{registration.haveAccount} <a href="/signin" onClick={follow}>{registration.signIn}</a></p>
    </form>
  );
}

function Text({ title, text }: Served['terms']) {
  return (
    <details>
      <summary>{title}</summary>
      {text.split('\n\n').map((paragraph) => <p key={paragraph}>{paragraph}</p>)}
    </details>
  );
}

function typedIn(form: HTMLFormElement) {
  return {
    lastName: valueOf(form, 'lastName'),
    firstName: valueOf(form, 'firstName'),
    middleName: valueOf(form, 'middleName') || null,
    noPatronymic: checkedIn(form, 'noPatronymic'),
    inn: valueOf(form, 'inn'),
    phone: valueOf(form, 'phone'),
    email: valueOf(form, 'email'),
    password: passwordIn(form, 'password') || null,
    acceptTerms: checkedIn(form, 'acceptTerms'),
    acceptPersonalData: checkedIn(form, 'acceptPersonalData'),
  };
}
