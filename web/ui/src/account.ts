// The account as it stands, live: its state, personal data with what the register said, the steps that are left.
import { useSignal, type ReadonlySignal } from '@preact/signals';
import type { ResultOf } from 'gql.tada';
import { useEffect } from 'preact/hooks';

import type { Connection } from './connection.ts';
import { graphql, textOf } from './graphql.ts';
import { fieldRule } from './parts/rule-field.tsx';

const account = graphql(`
  fragment AccountNow on Account {
    state
    emailConfirmed
    phoneConfirmed
    emailSendBlocked
  }
`);
const address = graphql(`
  fragment KnownAddress on Address {
    region
    city
    street
    house
    building
    flat
  }
`);
const profile = graphql(
  `
    fragment ProfileNow on Profile {
      lastName
      firstName
      middleName
      noPatronymic
      birthDate
      birthPlace
      inn
      snils
      phone
      email
      submittedAt
      passport {
        series
        number
        issueDate
        issuedBy
        departmentCode
        warning
      }
      registrationAddress {
        ...KnownAddress
      }
      residenceAddress {
        ...KnownAddress
      }
      mismatches {
        field
        message
      }
      fieldRules {
        ...FieldRule
      }
    }
  `,
  [address, fieldRule],
);
const LiveAccount = graphql(
  `
    subscription LiveAccount($after: Cursor) {
      account(after: $after) {
        __typename
        ... on AccountSnapshot {
          cursor
          nextSteps
          account {
            ...AccountNow
          }
          profile {
            ...ProfileNow
          }
        }
        ... on AccountDelta {
          cursor
          nextSteps
          account {
            ...AccountNow
          }
          profile {
            ...ProfileNow
          }
        }
        ... on Resync {
          cursor
        }
        ... on Heartbeat {
          cursor
        }
      }
    }
  `,
  [account, profile],
);

type Update = ResultOf<typeof LiveAccount>['account'];
export type AccountNow = Extract<Update, { __typename: 'AccountSnapshot' | 'AccountDelta' }>;
export type Profile = AccountNow['profile'];
export type Address = NonNullable<Profile['registrationAddress']>;
export type Step = AccountNow['nextSteps'][number];

export function useAccount({ live }: Connection): ReadonlySignal<AccountNow | undefined> {
  const now = useSignal<AccountNow | undefined>(undefined);
  useEffect(
    () =>
      live.subscribe(textOf(LiveAccount), (update: Update) => {
        if (update.__typename === 'AccountSnapshot' || update.__typename === 'AccountDelta') now.value = update;
      }),
    [live],
  );
  return now;
}
