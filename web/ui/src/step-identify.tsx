// INN or SNILS, compared with the profile: one of the two is enough (2.2-5).
import { graphql } from './graphql.ts';
import { ErrorSummary, Field, mistakesOf, problem, useSubmission, valueOf } from './parts/form.tsx';
import { ruProfile } from './ru-profile.ts';
import { request } from './session.ts';

const Compare = graphql(
  `
    mutation Identify($inn: String, $snils: String) {
      identify(inn: $inn, snils: $snils) {
        errors {
          ...Problem
        }
      }
    }
  `,
  [problem],
);
const NUMBERS = ['inn', 'snils'] as const;

export function Identify() {
  const { busy, mistakes, submit } = useSubmission(async (form) => {
    const typed = { inn: valueOf(form, 'inn') || null, snils: valueOf(form, 'snils') || null };
    return mistakesOf((await request(Compare, typed)).identify.errors, NUMBERS);
  });
  return (
    <form class="narrow" onSubmit={submit} noValidate>
      <ErrorSummary mistakes={mistakes} />
      <p>{ruProfile.identify.lead}</p>
      {NUMBERS.map((name) => (
        <Field key={name} name={name} label={ruProfile.identify[name]} mistakes={mistakes}>
          {(attributes) => <input {...attributes} inputMode="numeric" autocomplete="off" />}
        </Field>
      ))}
      <button type="submit" aria-disabled={busy}>{ruProfile.identify.send}</button>
    </form>
  );
}
