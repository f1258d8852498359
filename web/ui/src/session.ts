// Who is signed in. The session itself is a cookie that scripts cannot see.
import { signal } from '@preact/signals';
import type { ResultOf } from 'gql.tada';

import { createRequest, graphql } from './graphql.ts';

const WhoAmI = graphql(`
  query WhoAmI {
    viewer {
      id
      nextSteps
      name {
        lastName
        firstName
        middleName
      }
    }
  }
`);
const SignOut = graphql(`
  mutation SignOut {
    logout {
      errors {
        code
        message
      }
    }
  }
`);

export type Viewer = NonNullable<ResultOf<typeof WhoAmI>['viewer']>;

/** undefined: not known yet; null: nobody. */
export const viewer = signal<Viewer | null | undefined>(undefined);

export const request = createRequest(() => {
  viewer.value = null;
});

export async function findViewer(): Promise<void> {
  viewer.value = (await request(WhoAmI, {})).viewer;
}

export async function signOut(): Promise<void> {
  await request(SignOut, {});
  viewer.value = null;
}
