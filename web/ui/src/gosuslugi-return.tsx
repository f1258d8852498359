// The way back from the state portal: a login is finished, or a link (2.1-8, 2.1-11).
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { EsiaMistakes } from './gosuslugi-mistakes.tsx';
import { esiaProblem, takeWay, type EsiaMistake } from './gosuslugi-way.ts';
import { graphql } from './graphql.ts';
import { announce } from './parts/announce.tsx';
import { useTitle } from './parts/narrow.tsx';
import { failureText } from './parts/status.tsx';
import { address, follow, navigate } from './route.ts';
import { ru } from './ru.ts';
import { ruGosuslugi } from './ru-gosuslugi.ts';
import { findViewer, request } from './session.ts';

const CompleteLogin = graphql(
  `
    mutation CompleteGosuslugiLogin($input: GosuslugiLoginInput!) {
      done: completeGosuslugiLogin(input: $input) {
        errors {
          ...EsiaProblem
        }
      }
    }
  `,
  [esiaProblem],
);
const CompleteLink = graphql(
  `
    mutation CompleteGosuslugiLink($state: String!, $code: String, $error: String) {
      done: completeGosuslugiLink(state: $state, code: $code, error: $error) {
        errors {
          ...EsiaProblem
        }
      }
    }
  `,
  [esiaProblem],
);
const SETTINGS = '/cabinet/profile/gosuslugi';

export function GosuslugiReturn() {
  const mistakes = useSignal<readonly EsiaMistake[]>([]);
  const back = useSignal('/signin');
  useTitle(ruGosuslugi.back.heading);
  useEffect(() => {
    finish().then(
      ({ errors, next }) => {
        back.value = next;
        mistakes.value = errors;
      },
      (error: unknown) => (mistakes.value = [{ message: failureText(error), path: [] }]),
    );
  }, []);
  return (
    <main class="narrow">
      <p class="brand"><a href="/" onClick={follow}>{ru.product}</a></p>
      <h1>{ruGosuslugi.back.heading}</h1>
      {mistakes.value.length === 0 ? (
        <p class="waiting">{ruGosuslugi.back.checking}</p>
      ) : (
        <>
          <EsiaMistakes mistakes={mistakes.value} />
          <p class="actions">
            <a class="button" href={back.value} onClick={follow}>{ruGosuslugi.back.again}</a>
          </p>
        </>
      )}
    </main>
  );
}

interface Finished {
  readonly errors: readonly EsiaMistake[];
  readonly next: string;
}

/** The code leaves the address before anything is asked, so that no reload sends it twice. */
async function finish(): Promise<Finished> {
  const { searchParams } = address.value;
  const state = searchParams.get('state') ?? '';
  const code = searchParams.get('code');
  const error = searchParams.get('error_description') ?? searchParams.get('error');
  navigate('/gosuslugi', 'replace');
  const way = takeWay(state);
  if (way?.kind === 'link') {
    const { errors } = (await request(CompleteLink, { state, code, error })).done;
    if (errors.length === 0) {
      announce(ruGosuslugi.back.linked);
      navigate(SETTINGS, 'replace');
    }
    return { errors, next: SETTINGS };
  }
  if (!way) return { errors: [{ message: ruGosuslugi.back.stranger, path: [] }], next: '/signin' };
  const input = { state, code, error, key: way.key, keep: 'COOKIE' as const };
  const { errors } = (await request(CompleteLogin, { input })).done;
  if (errors.length === 0) {
    await findViewer();
    navigate('/cabinet', 'replace');
  }
  return { errors, next: '/signin' };
}
