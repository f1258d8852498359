// Notices: what happened, what is not read yet; all of them can be read at once (1.1-17).
import { useSignal, type ReadonlySignal } from '@preact/signals';

import { momentText } from './dates.ts';
import { graphql } from './graphql.ts';
import type { Notices as Known } from './notices-live.ts';
import { Empty, failureText, Loading, Tag } from './parts/status.tsx';
import { ruProfile } from './ru-profile.ts';
import { request } from './session.ts';

const ReadOne = graphql(`
  mutation ReadNotice($id: ID!) {
    markNotificationRead(id: $id) {
      errors {
        message
      }
    }
  }
`);
const ReadAll = graphql(`
  mutation ReadAllNotices {
    markAllNotificationsRead {
      errors {
        message
      }
    }
  }
`);

export function Notices({ notices }: { notices: ReadonlySignal<Known | undefined> }) {
  const wrong = useSignal('');
  const words = ruProfile.notices;
  const act = (deed: () => Promise<unknown>) => () => {
    wrong.value = '';
    deed().catch((error: unknown) => (wrong.value = failureText(error)));
  };
  const known = notices.value;
  return (
    <>
      <h1>{words.heading}</h1>
      {wrong.value && <p class="mistake" role="alert">{wrong.value}</p>}
      {!known && <Loading />}
      {known?.rows.length === 0 && <Empty title={words.empty} hint={words.emptyHint} />}
      {known && known.unread > 0 && (
        <p>
          <button type="button" class="secondary" onClick={act(() => request(ReadAll, {}))}>{words.readAll}</button>
        </p>
      )}
      <ul class="choices">
        {known?.rows.map(({ id, title, body, createdAt, readAt }) => (
          <li key={id}>
            <strong>{title}</strong> {!readAt && <Tag tone="busy">{words.fresh}</Tag>}
            <span class="under">{momentText(createdAt)}</span>
            <p>{body}</p>
            {!readAt && (
              <button type="button" class="small secondary" aria-label={words.readLong(title)}
                onClick={act(() => request(ReadOne, { id }))}>
                {words.read}
              </button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
