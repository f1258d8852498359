// Notices, live: the newest ones and how many are unread, one stream for the whole cabinet (1.1-17).
import { useSignal, type ReadonlySignal } from '@preact/signals';
import type { ResultOf } from 'gql.tada';
import { useEffect } from 'preact/hooks';

import type { Connection } from './connection.ts';
import { graphql, textOf } from './graphql.ts';
import { announce } from './parts/announce.tsx';

const notice = graphql(`
  fragment Notice on Notification {
    id
    title
    body
    createdAt
    readAt
  }
`);
const LiveNotices = graphql(
  `
    subscription LiveNotices($after: Cursor) {
      notifications(after: $after) {
        __typename
        ... on NotificationSnapshot {
          cursor
          unread
          notifications {
            ...Notice
          }
        }
        ... on NotificationDelta {
          cursor
          unread
          notification {
            ...Notice
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
  [notice],
);

export type Notice = ResultOf<typeof notice>;
type Update = ResultOf<typeof LiveNotices>['notifications'];

export interface Notices {
  readonly unread: number;
  readonly rows: readonly Notice[];
}

export function useNotices({ live }: Connection): ReadonlySignal<Notices | undefined> {
  const notices = useSignal<Notices | undefined>(undefined);
  useEffect(
    () =>
      live.subscribe(textOf(LiveNotices), (update: Update) => {
        notices.value = next(notices.value, update);
        if (update.__typename === 'NotificationDelta' && update.notification && !update.notification.readAt) {
          announce(update.notification.title);
        }
      }),
    [live],
  );
  return notices;
}

const now = (): string => new Date().toISOString();

/** The notices after an update: a known one changes in its place, a new one comes first; all may have been read. */
function next(known: Notices | undefined, update: Update): Notices | undefined {
  if (update.__typename === 'NotificationSnapshot') return { unread: update.unread, rows: update.notifications };
  if (update.__typename === 'Resync') return undefined;
  if (update.__typename === 'Heartbeat') return known;
  const { unread, notification } = update;
  const rows = known?.rows ?? [];
  if (!notification) return { unread, rows: rows.map((row) => ({ ...row, readAt: row.readAt ?? now() })) };
  if (!rows.some(({ id }) => id === notification.id)) return { unread, rows: [notification, ...rows] };
  return { unread, rows: rows.map((row) => (row.id === notification.id ? notification : row)) };
}
