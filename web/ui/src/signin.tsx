// Signing in: login and password, then a code from an SMS or a generator app at every login (3.1-5, 3.1-6, A26).
import { useSignal } from '@preact/signals';
import type { ResultOf } from 'gql.tada';
import { useEffect } from 'preact/hooks';

import { graphql } from './graphql.ts';
import { CodeField, codeIn } from './parts/code-field.tsx';
import { ErrorSummary, Field, mistakesOf, problem, useSubmission, valueOf } from './parts/form.tsx';
import { lazily } from './parts/lazy.tsx';
import { PasswordField, passwordIn } from './parts/password-field.tsx';
import { follow, navigate } from './route.ts';
import { ru } from './ru.ts';
import { findViewer, request, viewer } from './session.ts';

const Login = graphql(
  `
    mutation Login($input: LoginInput!) {
      login(input: $input) {
        challenge {
          id
          methods
          maskedPhone
          maskedEmail
        }
        errors {
          ...Problem
        }
      }
    }
  `,
  [problem],
);
const SecondFactor = graphql(
  `
    mutation SecondFactor($input: SecondFactorInput!) {
      completeSecondFactor(input: $input) {
        errors {
          ...Problem
        }
      }
    }
  `,
  [problem],
);

const GosuslugiEntry = lazily(() => import('./gosuslugi-login.tsx').then((part) => part.GosuslugiEntry));

type Challenge = NonNullable<ResultOf<typeof Login>['login']['challenge']>;
type Method = Challenge['methods'][number];

export function SignIn() {
  const challenge = useSignal<Challenge | null>(null);
  useEffect(() => {
    if (viewer.value) navigate('/cabinet', 'replace');
  }, []);
  return (
    <main class="narrow">
      <p class="brand"><a href="/" onClick={follow}>{ru.product}</a></p>
      {challenge.value ? (
        <CodeStep challenge={challenge.value} onAgain={() => (challenge.value = null)} />
      ) : (
        <>
          <PasswordStep onChallenge={(next) => (challenge.value = next)} />
          <GosuslugiEntry />
        </>
      )}
    </main>
  );
}

function PasswordStep({ onChallenge }: { onChallenge: (challenge: Challenge) => void }) {
  const { busy, mistakes, submit } = useSubmission(async (form) => {
    const input = { login: valueOf(form, 'login'), password: passwordIn(form, 'password') };
    const { login } = await request(Login, { input });
    if (login.challenge) onChallenge(login.challenge);
    return mistakesOf(login.errors, ['login', 'password']);
  });
  useEffect(() => {
    document.title = `${ru.signIn.heading} — ${ru.product}`;
  }, []);
  return (
    <form onSubmit={submit} noValidate>
      <h1>{ru.signIn.heading}</h1>
      <ErrorSummary mistakes={mistakes} />
      <Field name="login" label={ru.signIn.login} hint={ru.signIn.loginHint} mistakes={mistakes}>
        {(attributes) => <input {...attributes} autocomplete="username" autocapitalize="none" spellcheck={false} />}
      </Field>
      <PasswordField name="password" label={ru.signIn.password} mistakes={mistakes} />
      <p class="actions">
        <button type="submit" aria-disabled={busy}>{ru.signIn.next}</button>
        <a href="/recovery" onClick={follow}>{ru.signIn.forgotten}</a>
      </p>
      <p>
        {ru.signIn.noAccount} <a href="/registration" onClick={follow}>{ru.signIn.register}</a>
      </p>
    </form>
  );
}

function CodeStep({ challenge, onAgain }: { challenge: Challenge; onAgain: () => void }) {
  const method = useSignal<Method>(challenge.methods[0] ?? 'SMS');
  const { busy, mistakes, submit } = useSubmission(async (form) => {
    const input = { challengeId: challenge.id, code: codeIn(form), method: method.value, keep: 'COOKIE' as const };
    const { completeSecondFactor } = await request(SecondFactor, { input });
    if (completeSecondFactor.errors.length === 0) {
      await findViewer();
      navigate('/cabinet', 'replace');
    }
    return mistakesOf(completeSecondFactor.errors, ['code']);
  });
  useEffect(() => {
    document.title = `${ru.signIn.codeHeading} — ${ru.product}`;
  }, []);
  return (
    <form onSubmit={submit} noValidate>
      <h1>{ru.signIn.codeHeading}</h1>
      <ErrorSummary mistakes={mistakes} />
      {challenge.methods.length > 1 && (
        <fieldset>
          <legend>{ru.signIn.method}</legend>
          {challenge.methods.map((one) => (
            <label class="choice" key={one}>
              <input type="radio" name="method" checked={method.value === one} onChange={() => (method.value = one)} />
              {ru.signIn.methods[one]}
            </label>
          ))}
        </fieldset>
      )}
      {method.value !== 'SMS' && <p>{ru.signIn.codeTotp}</p>}
      {method.value === 'SMS' && challenge.maskedPhone && <p>{ru.signIn.codeSms(challenge.maskedPhone)}</p>}
      {challenge.maskedEmail && <p>{ru.signIn.codeByLetter(challenge.maskedEmail)}</p>}
      <CodeField mistakes={mistakes} />
      <p class="actions">
        <button type="submit" aria-disabled={busy}>{ru.signIn.enter}</button>
        <button type="button" class="link" onClick={onAgain}>{ru.signIn.again}</button>
      </p>
    </form>
  );
}
