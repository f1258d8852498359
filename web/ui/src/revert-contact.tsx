// The page of the letter to the old contact: a press of the button takes a change back (A47).
import { useSignal } from '@preact/signals';

import { graphql } from './graphql.ts';
import { ErrorSummary, mistakesOf, problem, useSubmission } from './parts/form.tsx';
import { Narrow } from './parts/narrow.tsx';
import { address, follow } from './route.ts';
import { ruEntry } from './ru-entry.ts';
import { ru } from './ru.ts';
import { request } from './session.ts';

const Revert = graphql(
  `
    mutation RevertContact($token: String!) {
      revertContactChange(token: $token) {
        reverted
        errors {
          ...Problem
        }
      }
    }
  `,
  [problem],
);

export function RevertContact() {
  const token = address.value.hash.slice(1);
  const done = useSignal(false);
  const { busy, mistakes, submit } = useSubmission(async () => {
    const { revertContactChange: said } = await request(Revert, { token });
    done.value = said.reverted !== null;
    return mistakesOf(said.errors, []);
  });
  const { revert } = ruEntry;
  if (done.value) {
    return (
      <Narrow heading={revert.done}>
        <p role="status">{revert.doneLead}</p>
        <p><a class="button" href="/recovery" onClick={follow}>{ru.signIn.forgotten}</a></p>
      </Narrow>
    );
  }
  return (
    <Narrow heading={revert.heading}>
      <form onSubmit={submit} noValidate>
        <ErrorSummary mistakes={mistakes} />
        <p>{revert.lead}</p>
        <button type="submit" aria-disabled={busy}>{revert.confirm}</button>
      </form>
    </Narrow>
  );
}
