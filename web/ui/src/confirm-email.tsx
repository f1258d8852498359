// The page of the letter's link: only a press of the button spends it, a scanner's visit does not (1.1.2-7, 1.1.2-8).
import { useSignal } from '@preact/signals';

import { graphql } from './graphql.ts';
import { ErrorSummary, mistakesOf, problem, useSubmission } from './parts/form.tsx';
import { Narrow } from './parts/narrow.tsx';
import { address, follow } from './route.ts';
import { ruEntry } from './ru-entry.ts';
import { request } from './session.ts';

const ByToken = graphql(
  `
    mutation ConfirmByToken($token: String!) {
      confirmEmailByToken(token: $token) {
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

export function ConfirmEmail() {
  const token = address.value.hash.slice(1);
  const done = useSignal(false);
  const { busy, mistakes, submit } = useSubmission(async () => {
    const { confirmEmailByToken: said } = await request(ByToken, { token });
    done.value = said.flow !== null;
    return mistakesOf(said.errors, []);
  });
  const { confirmEmail, contacts } = ruEntry;
  if (done.value) {
    return (
      <Narrow heading={confirmEmail.done}>
        <p role="status">{confirmEmail.doneLead}</p>
        <p><a class="button" href="/signin" onClick={follow}>{contacts.signIn}</a></p>
      </Narrow>
    );
  }
  return (
    <Narrow heading={confirmEmail.heading}>
      {token ? (
        <form onSubmit={submit} noValidate>
          <ErrorSummary mistakes={mistakes} />
          <p>{confirmEmail.lead}</p>
          <button type="submit" aria-disabled={busy}>{confirmEmail.confirm}</button>
        </form>
      ) : (
        <p>{confirmEmail.noToken}</p>
      )}
    </Narrow>
  );
}
