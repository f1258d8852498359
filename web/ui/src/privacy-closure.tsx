// The end of the account: asked for after a fresh proof, called off with one press within two weeks.
import { useSignal } from '@preact/signals';

import { momentText } from './dates.ts';
import { graphql } from './graphql.ts';
import { announce } from './parts/announce.tsx';
import { useDeed } from './parts/deed.tsx';
import { Dialog } from './parts/dialog.tsx';
import { useReading } from './parts/reading.ts';
import { Failure } from './parts/status.tsx';
import { useProof } from './reauthentication.tsx';
import { ruPrivacy } from './ru-privacy.ts';
import { request } from './session.ts';

const Planned = graphql(`
  query PlannedClosure {
    viewer {
      closure {
        dueAt
      }
    }
  }
`);
const Close = graphql(`
  mutation RequestAccountClosure {
    requestAccountClosure {
      errors {
        code
        message
      }
    }
  }
`);
const CallOff = graphql(`
  mutation CancelAccountClosure {
    cancelAccountClosure {
      errors {
        message
      }
    }
  }
`);
const words = ruPrivacy.closure;

export function Closing({ newest }: { newest: string }) {
  const reading = useReading(async () => (await request(Planned, {})).viewer?.closure ?? null, newest);
  const { act, busy, mistake } = useDeed();
  const asking = useSignal(false);
  const proof = useProof();
  const close = () =>
    act(async () => {
      asking.value = false;
      const { errors } = (await request(Close, {})).requestAccountClosure;
      if (proof.asked(errors, () => void close())) return [];
      await reading.again();
      return errors;
    });
  const callOff = () =>
    act(async () => {
      const { errors } = (await request(CallOff, {})).cancelAccountClosure;
      if (errors.length === 0) announce(words.calledOff);
      await reading.again();
      return errors;
    });
  const planned = reading.data.value;
  return (
    <section class="narrow" aria-labelledby="closure">
      <h2 id="closure">{words.heading}</h2>
      {mistake}
      {reading.failure !== undefined && <Failure error={reading.failure} onRetry={reading.again} />}
      {planned === null && (
        <>
          <p>{words.lead}</p>
          <p>
            <button type="button" class="danger" aria-disabled={busy} onClick={() => (asking.value = true)}>
              {words.close}
            </button>
          </p>
        </>
      )}
      {planned && (
        <>
          <p class="notice" role="status">{words.planned(momentText(planned.dueAt))}</p>
          <p><button type="button" aria-disabled={busy} onClick={() => void callOff()}>{words.callOff}</button></p>
        </>
      )}
      {asking.value && (
        <Dialog title={words.question} onClose={() => (asking.value = false)}>
          <ul>{words.losses.map((loss) => <li key={loss}>{loss}</li>)}</ul>
          <p class="actions">
            <button type="button" class="danger" onClick={() => void close()}>{words.confirm}</button>
            <button type="button" class="secondary" onClick={() => (asking.value = false)}>{words.keep}</button>
          </p>
        </Dialog>
      )}
      {proof.dialog}
    </section>
  );
}
