// What the list asks: the address says it, so the question can be kept, shared and reloaded.
import type { VariablesOf } from 'gql.tada';

import { graphql } from './graphql.ts';
import { known } from './parts/choice.tsx';
import { ru } from './ru.ts';

export const activityRow = graphql(`
  fragment ActivityRow on Activity {
    id
    title
    type
    startsAt
    endsAt
    cancelledAt
    status
    statusLabel
    credits
    placesLeft
    enrollmentOpen
    waitingOpen
    organizer {
      name
    }
    materials {
      kind
      title
      url
    }
    myEnrollment {
      state
      waitingPlace
    }
  }
`);

const shape = graphql(`
  query Shape($filter: ActivityFilter!, $sort: ActivitySort!) {
    viewer {
      activities(filter: $filter, sort: [$sort]) {
        totalCount
      }
    }
  }
`);

type Shape = VariablesOf<typeof shape>;
export type SortField = Shape['sort']['field'];
export type ActivityType = keyof typeof ru.activities.types;
export type ActivityStatus = keyof typeof ru.activities.statuses;
export interface Question {
  readonly filter: Shape['filter'];
  readonly sort: { readonly field: SortField; readonly descending: boolean };
}

const SORT_FIELDS: readonly string[] = ['TITLE', 'STARTS_AT', 'STATUS', 'ORGANIZER'] satisfies SortField[];

export function questionOf(parameters: URLSearchParams): Question {
  const search = parameters.get('q') ?? '';
  const type = known<ActivityType>(ru.activities.types, parameters.get('type'));
  const status = known<ActivityStatus>(ru.activities.statuses, parameters.get('status'));
  const field = parameters.get('sort') ?? '';
  const isField = SORT_FIELDS.includes(field);
  return {
    filter: {
      ...(search && { search }),
      ...(type && { types: [type] }),
      ...(status && { statuses: [status] }),
      onlyMine: parameters.has('mine'),
      onlyOpen: parameters.has('open'),
    },
    sort: {
      field: isField ? (field as SortField) : 'STARTS_AT',
      descending: isField ? parameters.has('down') : true,
    },
  };
}
