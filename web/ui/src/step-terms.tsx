// The terms in force, and a tick under them: what is accepted is the edition that was shown (2.2-8).
import { graphql } from './graphql.ts';
import { checkedIn, ErrorSummary, mistakesOf, problem, useSubmission } from './parts/form.tsx';
import { useReading } from './parts/reading.ts';
import { Unread } from './parts/status.tsx';
import { Tick } from './parts/tick.tsx';
import { ruProfile } from './ru-profile.ts';
import { request } from './session.ts';

const Text = graphql(`
  query TermsInForce {
    terms {
      version
      title
      text
    }
  }
`);
const Accept = graphql(
  `
    mutation AcceptTerms($version: String!, $accepted: Boolean!) {
      acceptTerms(version: $version, accepted: $accepted) {
        errors {
          ...Problem
        }
      }
    }
  `,
  [problem],
);

export function AcceptTerms() {
  const reading = useReading(async () => (await request(Text, {})).terms);
  const { busy, mistakes, submit } = useSubmission(async (form) => {
    const said = { version: reading.data.value?.version ?? '', accepted: checkedIn(form, 'accepted') };
    const { errors } = (await request(Accept, said)).acceptTerms;
    if (errors.some(({ code }) => code === 'CONFLICT')) await reading.again();
    return mistakesOf(errors, ['accepted']);
  });
  const terms = reading.data.value;
  if (reading.failure !== undefined || !terms) return <Unread {...reading} />;
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary mistakes={mistakes} />
      <article class="terms">
        <h3>{terms.title}</h3>
        <p class="under">{ruProfile.terms.edition(terms.version)}</p>
        {terms.text.split('\n\n').map((paragraph) => <p key={paragraph}>{paragraph}</p>)}
      </article>
      <Tick name="accepted" label={ruProfile.terms.accept} mistakes={mistakes} />
      <button type="submit" aria-disabled={busy}>{ruProfile.terms.send}</button>
    </form>
  );
}
