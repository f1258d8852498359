// What the list asks: the address says it, so the question can be kept, shared and reloaded.
import type { VariablesOf } from 'gql.tada';

import { graphql } from './graphql.ts';
import { known } from './parts/choice.tsx';
import { datesOf, isReversed, periodOf, type Period } from './parts/period.tsx';
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
  query Shape($filter: ActivityFilter!, $sort: [ActivitySort!]!) {
    viewer {
      activities(filter: $filter, sort: $sort) {
        totalCount
      }
    }
  }
`);

type Shape = VariablesOf<typeof shape>;
type Sort = Shape['sort'][number];
export type SortField = Sort['field'];
export type ActivityType = keyof typeof ru.activities.types;
export type ActivityStatus = keyof typeof ru.activities.statuses;
export interface Question {
  readonly filter: Shape['filter'];
  readonly period: Period;
  readonly sort: readonly [] | readonly [Sort]; // none: the nearest come first
}

const SORT_FIELDS: readonly string[] = ['TITLE', 'STARTS_AT', 'STATUS', 'ORGANIZER'] satisfies SortField[];

export function questionOf(parameters: URLSearchParams): Question {
  const search = parameters.get('q') ?? '';
  const type = known<ActivityType>(ru.activities.types, parameters.get('type'));
  const status = known<ActivityStatus>(ru.activities.statuses, parameters.get('status'));
  const field = parameters.get('sort') ?? '';
  const period = periodOf(parameters);
  return {
    filter: {
      ...(search && { search }),
      ...(type && { types: [type] }),
      ...(status && { statuses: [status] }),
      ...(!isReversed(period) && datesOf(period)),
      onlyMine: parameters.has('mine'),
      onlyOpen: parameters.has('open'),
    },
    period,
    sort: SORT_FIELDS.includes(field) ? [{ field: field as SortField, descending: parameters.has('down') }] : [],
  };
}
