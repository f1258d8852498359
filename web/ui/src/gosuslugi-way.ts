// The way to the state portal and back: what this browser must show again when it returns (2.1-6, 2.1-7, A64).
import type { ResultOf } from 'gql.tada';

import { graphql } from './graphql.ts';
import { request } from './session.ts';

/** What the page reads of a mistake of the portal. */
export const esiaProblem = graphql(`
  fragment EsiaProblem on UserError {
    message
    path
    ... on EsiaError {
      advice
    }
  }
`);
export type EsiaMistake = ResultOf<typeof esiaProblem>;

const start = graphql(
  `
    fragment EsiaStart on EsiaStartPayload {
      authorizationUrl
      state
      key
      errors {
        ...EsiaProblem
      }
    }
  `,
  [esiaProblem],
);
const StartLogin = graphql(
  `
    mutation StartGosuslugiLogin($redirectUri: String!) {
      started: startGosuslugiLogin(redirectUri: $redirectUri) {
        ...EsiaStart
      }
    }
  `,
  [start],
);
const StartLink = graphql(
  `
    mutation StartGosuslugiLink($redirectUri: String!, $consent: Boolean!) {
      started: startGosuslugiLink(redirectUri: $redirectUri, consent: $consent) {
        ...EsiaStart
      }
    }
  `,
  [start],
);

const redirectUri = () => `${location.origin}/gosuslugi`;
const LINK = 'link';

/** Leaves for the portal; returns mistakes only when it could not. */
export async function goToLogin(): Promise<readonly EsiaMistake[]> {
  return leave((await request(StartLogin, { redirectUri: redirectUri() })).started);
}

export async function goToLink(consent: boolean): Promise<readonly EsiaMistake[]> {
  return leave((await request(StartLink, { redirectUri: redirectUri(), consent })).started);
}

function leave({ authorizationUrl, state, key, errors }: ResultOf<typeof start>): readonly EsiaMistake[] {
  if (authorizationUrl && state) {
    sessionStorage.setItem(place(state), key ?? LINK);
    location.assign(authorizationUrl);
  }
  return errors;
}

export type Way = { readonly kind: 'login'; readonly key: string } | { readonly kind: 'link' };

/** What this browser set out for; a way back that it never began is nothing. */
export function takeWay(state: string): Way | undefined {
  const kept = sessionStorage.getItem(place(state));
  sessionStorage.removeItem(place(state));
  if (kept === null) return undefined;
  return kept === LINK ? { kind: 'link' } : { kind: 'login', key: kept };
}

const place = (state: string) => `gosuslugi:${state}`;
