// Open sessions: where one is signed in, closing one or all of them.
import { useSignal } from '@preact/signals';

import { momentText } from './dates.ts';
import { graphql } from './graphql.ts';
import { useReading } from './parts/reading.ts';
import { failureText, Tag, Unread } from './parts/status.tsx';
import { navigate } from './route.ts';
import { ruProfile } from './ru-profile.ts';
import { request, viewer } from './session.ts';

const Open = graphql(`
  query Sessions {
    viewer {
      sessions {
        id
        current
        device
        ipMasked
        lastSeenAt
      }
    }
  }
`);
const CloseOne = graphql(`
  mutation CloseSession($id: ID!) {
    closeSession(id: $id) {
      errors {
        message
      }
    }
  }
`);
const CloseAll = graphql(`
  mutation CloseAllSessions {
    logout(allSessions: true) {
      errors {
        message
      }
    }
  }
`);

export function Sessions() {
  const reading = useReading(async () => (await request(Open, {})).viewer?.sessions ?? []);
  const wrong = useSignal('');
  const { sessions } = ruProfile;
  const act = (deed: () => Promise<void>) => () => {
    wrong.value = '';
    deed().catch((error: unknown) => (wrong.value = failureText(error)));
  };
  const close = (id: string) =>
    act(async () => {
      const { errors } = (await request(CloseOne, { id })).closeSession;
      wrong.value = errors.map(({ message }) => message).join(' ');
      await reading.again();
    });
  const closeAll = act(async () => {
    await request(CloseAll, {});
    viewer.value = null;
    navigate('/signin');
  });
  if (reading.failure !== undefined || !reading.data.value) return <Unread {...reading} />;
  return (
    <section aria-labelledby="sessions">
      <h2 id="sessions">{sessions.heading}</h2>
      {wrong.value && <p class="mistake" role="alert">{wrong.value}</p>}
      <ul class="choices">
        {reading.data.value.map(({ id, current, device, ipMasked, lastSeenAt }) => (
          <li key={id}>
            {device} {current && <Tag tone="good">{sessions.current}</Tag>}
            <span class="under">{[ipMasked, sessions.seen(momentText(lastSeenAt))].filter(Boolean).join(', ')}</span>
            {!current && (
              <button type="button" class="small secondary" aria-label={sessions.closeLong(device)} onClick={close(id)}>
                {sessions.close}
              </button>
            )}
          </li>
        ))}
      </ul>
      <p><button type="button" class="secondary" onClick={closeAll}>{sessions.closeAll}</button></p>
    </section>
  );
}
