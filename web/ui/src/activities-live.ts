// The list of events, live: what organisers change, how places stand, where one waits (3.1-20, 3.1-21).
import { useSignal } from '@preact/signals';
import type { ResultOf } from 'gql.tada';
import { useEffect, useRef } from 'preact/hooks';

import type { Row } from './activities.tsx';
import { activityRow } from './activities-query.ts';
import type { Connection } from './connection.ts';
import { graphql, textOf } from './graphql.ts';
import { announce } from './parts/announce.tsx';
import { ru } from './ru.ts';

const LiveActivities = graphql(
  `
    subscription LiveActivities($after: Cursor) {
      activities(after: $after) {
        __typename
        ... on ActivitiesSnapshot {
          cursor
        }
        ... on ActivitiesDelta {
          cursor
          activity {
            ...ActivityRow
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
  [activityRow],
);

type Update = ResultOf<typeof LiveActivities>['activities'];

interface Listener {
  readonly known: (id: string) => Row | undefined;
  readonly replace: (row: Row) => void;
  readonly refresh: () => void; // what happened before the stream began is read anew
}

const MARKED = 2_000;

/** Keeps the rows on the screen as they now stand, each in its place; returns which of them has just changed. */
export function useLiveRows({ live }: Connection, listener: Listener): string | undefined {
  const list = useRef(listener);
  list.current = listener;
  const changed = useSignal<{ readonly id: string } | undefined>(undefined);
  useEffect(
    () =>
      live.subscribe(textOf(LiveActivities), (update: Update) => {
        if (update.__typename === 'ActivitiesSnapshot') return list.current.refresh();
        if (update.__typename !== 'ActivitiesDelta') return;
        const { activity: fresh } = update;
        const old = list.current.known(fresh.id);
        if (!old || JSON.stringify(old) === JSON.stringify(fresh)) return;
        list.current.replace(fresh);
        changed.value = { id: fresh.id };
        if (worthSaying(old, fresh)) announce(ru.activities.changedSaid(fresh.title));
      }),
    [live],
  );
  useEffect(() => {
    const timer = setTimeout(() => (changed.value = undefined), MARKED);
    return () => clearTimeout(timer);
  }, [changed.value]);
  return changed.value?.id;
}

/** Places come and go all day: only what concerns the person is said aloud. */
function worthSaying(old: Row, fresh: Row): boolean {
  const concerns = ({ title, startsAt, cancelledAt, myEnrollment }: Row) => [title, startsAt, cancelledAt, myEnrollment];
  return JSON.stringify(concerns(old)) !== JSON.stringify(concerns(fresh));
}
