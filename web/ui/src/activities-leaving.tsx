// Giving a place back until the event starts: the question first, because a full event does not give it twice (3.1-20).
import { useSignal } from '@preact/signals';

import type { Row } from './activities.tsx';
import { activityRow } from './activities-query.ts';
import { graphql } from './graphql.ts';
import { announce } from './parts/announce.tsx';
import { Dialog } from './parts/dialog.tsx';
import { failureText } from './parts/status.tsx';
import { ru } from './ru.ts';
import { request } from './session.ts';

const Cancel = graphql(
  `
    mutation CancelEnrollment($input: EnrollInput!) {
      cancelEnrollment(input: $input) {
        activity {
          ...ActivityRow
        }
        errors {
          message
        }
      }
    }
  `,
  [activityRow],
);

export function Leaving({ row, onChange }: { row: Row; onChange: (row: Row) => void }) {
  const asking = useSignal(false);
  const problem = useSignal('');
  const { leaving } = ru.activities;
  if (row.cancelledAt !== null || new Date(row.startsAt) <= new Date()) return null;
  const leave = async () => {
    asking.value = false;
    problem.value = await send(row, onChange).catch(failureText);
  };
  return (
    <>
      <button type="button" class="link small" aria-label={leaving.long(row.title)} onClick={() => (asking.value = true)}>
        {leaving.short}
      </button>
      {problem.value && <p class="mistake" role="alert">{problem.value}</p>}
      {asking.value && (
        <Dialog title={leaving.question} onClose={() => (asking.value = false)}>
          <p>{row.title}</p>
          <p>{leaving.warning}</p>
          <p class="actions">
            <button type="button" onClick={leave}>{leaving.confirm}</button>
            <button type="button" class="secondary" onClick={() => (asking.value = false)}>{leaving.keep}</button>
          </p>
        </Dialog>
      )}
    </>
  );
}

async function send(row: Row, onChange: (row: Row) => void): Promise<string> {
  const { activity, errors } = (await request(Cancel, { input: { activityId: row.id } })).cancelEnrollment;
  if (activity) {
    onChange(activity);
    announce(ru.activities.leaving.said(row.title));
  }
  return errors.map(({ message }) => message).join(' ');
}
