// The button «Экспорт»: the list on the screen as a file (3.1-18, 3.1-19, 3.4-14, 3.4-15).
import { useSignal } from '@preact/signals';
import type { VariablesOf } from 'gql.tada';

import { graphql, RequestFailed } from './graphql.ts';
import { announce } from './parts/announce.tsx';
import { Failure } from './parts/status.tsx';
import { ru } from './ru.ts';
import { request } from './session.ts';

const Ask = graphql(`
  mutation RequestExport($input: ExportInput!) {
    requestExport(input: $input) {
      job {
        id
        downloadUrl
      }
      errors {
        code
        message
      }
    }
  }
`);
const Look = graphql(`
  query ExportNow($id: ID!) {
    node(id: $id) {
      ... on ExportJob {
        state
        downloadUrl
      }
    }
  }
`);

type Input = VariablesOf<typeof Ask>['input'];
const FORMATS = ['CSV', 'PDF'] as const satisfies readonly Input['format'][];
const PAUSE = 1_000;

export function Export({ list }: { list: Omit<Input, 'format'> }) {
  const busy = useSignal(false);
  const failure = useSignal<{ error: unknown; format: Input['format'] } | undefined>(undefined);
  const save = async (format: Input['format']) => {
    busy.value = true;
    failure.value = undefined;
    try {
      location.assign(await linkOf({ ...list, format }));
      announce(ru.exports.ready);
    } catch (error) {
      failure.value = { error, format };
    }
    busy.value = false;
  };
  const failed = failure.value;
  return (
    <>
      <p role="group" aria-label={ru.exports.heading}>
        {FORMATS.map((format) => (
          <button key={format} type="button" class="secondary" disabled={busy.value} onClick={() => void save(format)}>
            {ru.exports.button(format)}
          </button>
        ))}
      </p>
      {failed && <Failure error={failed.error} onRetry={() => void save(failed.format)} />}
    </>
  );
}

/** A short list is answered with its link; a long one is asked after until it is ready. */
async function linkOf(input: Input): Promise<string> {
  const { job, errors } = (await request(Ask, { input })).requestExport;
  const [first] = errors;
  if (!job || first) throw new RequestFailed(first?.code ?? 'INTERNAL', first?.message ?? '');
  let link = job.downloadUrl;
  while (!link) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    const { node } = await request(Look, { id: job.id });
    if (!node || !('state' in node) || node.state === 'FAILED' || node.state === 'EXPIRED') {
      throw new RequestFailed('INTERNAL', ru.exports.failed);
    }
    link = node.downloadUrl;
  }
  return link;
}
