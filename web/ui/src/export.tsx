// The button «Экспорт»: the list on the screen as a file (3.1-18, 3.1-19, 3.4-14, 3.4-15).
import { useSignal, type Signal } from '@preact/signals';
import type { ResultOf, VariablesOf } from 'gql.tada';
import { useEffect, useRef } from 'preact/hooks';

import type { Connection } from './connection.ts';
import { graphql, RequestFailed, textOf } from './graphql.ts';
import type { LiveClient } from './live.ts';
import { announce } from './parts/announce.tsx';
import { Failure } from './parts/status.tsx';
import { ru } from './ru.ts';
import { request } from './session.ts';

const exportNow = graphql(`
  fragment ExportNow on ExportJob {
    id
    state
    rows
    rowsDone
    downloadUrl
  }
`);
const Ask = graphql(
  `
    mutation RequestExport($input: ExportInput!) {
      requestExport(input: $input) {
        job {
          ...ExportNow
        }
        errors {
          code
          message
        }
      }
    }
  `,
  [exportNow],
);
const Follow = graphql(
  `
    subscription FollowExport($id: ID!, $after: Cursor) {
      exportJob(id: $id, after: $after) {
        __typename
        ... on ExportEvent {
          cursor
          job {
            ...ExportNow
          }
        }
        ... on Heartbeat {
          cursor
        }
      }
    }
  `,
  [exportNow],
);

type Input = VariablesOf<typeof Ask>['input'];
type Job = ResultOf<typeof exportNow>;
type Update = ResultOf<typeof Follow>['exportJob'];
const FORMATS = ['CSV', 'PDF'] as const satisfies readonly Input['format'][];

export function Export({ connection, list }: { connection: Connection; list: Omit<Input, 'format'> }) {
  const job = useSignal<Job | undefined>(undefined); // the one that is being made
  const busy = useSignal(false);
  const failure = useSignal<{ error: unknown; format: Input['format'] } | undefined>(undefined);
  const leave = useRef(new AbortController());
  useEffect(() => () => leave.current.abort(), []);
  const save = async (format: Input['format']) => {
    busy.value = true;
    failure.value = undefined;
    try {
      const asked = await requested({ ...list, format });
      location.assign(asked.downloadUrl ?? (await followed(connection.live, asked, job, leave.current.signal)));
      announce(ru.exports.ready);
    } catch (error) {
      failure.value = { error, format };
    }
    job.value = undefined;
    busy.value = false;
  };
  const failed = failure.value;
  return (
    <>
      <div class="export" role="group" aria-label={ru.exports.heading}>
        {FORMATS.map((format) => (
          <button key={format} type="button" class="secondary" disabled={busy.value} onClick={() => void save(format)}>
            {ru.exports.button(format)}
          </button>
        ))}
        {job.value && <Making job={job.value} />}
      </div>
      {failed && <Failure error={failed.error} onRetry={() => void save(failed.format)} />}
    </>
  );
}

function Making({ job: { rows, rowsDone } }: { job: Job }) {
  const all = rows ?? 0;
  return (
    <label class="making">
      {ru.exports.making(rowsDone, all)}
      <progress max={Math.max(1, all)} value={rowsDone} />
    </label>
  );
}

async function requested(input: Input): Promise<Job> {
  const { job, errors } = (await request(Ask, { input })).requestExport;
  const [first] = errors;
  if (!job || first) throw new RequestFailed(first?.code ?? 'INTERNAL', first?.message ?? '');
  return job;
}

/** A short list is answered with its link; a long one is followed until it has one, or the screen is left. */
function followed(live: LiveClient, asked: Job, shown: Signal<Job | undefined>, left: AbortSignal): Promise<string> {
  shown.value = asked;
  announce(ru.exports.begun);
  return new Promise((ready, fail) => {
    const end = live.subscribe(
      textOf(Follow),
      (update: Update) => {
        if (update.__typename !== 'ExportEvent') return;
        const { job } = update;
        shown.value = job;
        if (job.state === 'QUEUED' || job.state === 'RUNNING') return;
        end();
        if (job.downloadUrl) ready(job.downloadUrl);
        else fail(new RequestFailed('INTERNAL', ru.exports.failed));
      },
      { id: asked.id },
    );
    left.addEventListener('abort', end);
  });
}
