// The dialogue before a removal: what will go for ever, and a confirmation bound to exactly that (3.2-9 .. 3.2-14).
import { useSignal } from '@preact/signals';

import type { Row } from './education.tsx';
import { graphql } from './graphql.ts';
import { announce } from './parts/announce.tsx';
import { Dialog } from './parts/dialog.tsx';
import { problem } from './parts/form.tsx';
import { useReading } from './parts/reading.ts';
import { Failure, failureText } from './parts/status.tsx';
import { ru } from './ru.ts';
import { ruEducation } from './ru-education.ts';
import { request } from './session.ts';

const Preview = graphql(`
  query RemovalPreview($id: ID!) {
    viewer {
      removalPreview(id: $id) {
        warning
        confirmationToken
      }
    }
  }
`);
const Remove = graphql(
  `
    mutation RemoveElement($input: RemoveEducationElementInput!) {
      removeEducationElement(input: $input) {
        removedId
        errors {
          ...Problem
        }
      }
    }
  `,
  [problem],
);

export function Removal({ row, onClose }: { row: Row; onClose: () => void }) {
  const preview = useReading(async () => (await request(Preview, { id: row.id })).viewer?.removalPreview);
  const wrong = useSignal('');
  const busy = useSignal(false);
  const remove = async () => {
    if (busy.value || !preview.data.value) return;
    busy.value = true;
    wrong.value = await send(row, preview.data.value.confirmationToken).catch(failureText);
    busy.value = false;
    if (wrong.value) await preview.again(); // what would be lost may have changed meanwhile
    else onClose();
  };
  return (
    <Dialog title={ruEducation.dialog(row.course.title)} onClose={onClose}>
      {preview.failure !== undefined && <Failure error={preview.failure} onRetry={preview.again} />}
      {wrong.value && <p class="mistake" role="alert">{wrong.value}</p>}
      <p>{preview.data.value?.warning ?? ru.common.loading}</p>
      <p class="actions">
        <button type="button" aria-disabled={busy.value || !preview.data.value} onClick={remove}>
          {ruEducation.confirm}
        </button>
        <button type="button" class="secondary" onClick={onClose}>{ruEducation.cancel}</button>
      </p>
    </Dialog>
  );
}

/** Removes, and returns what went wrong, if anything did. */
async function send(row: Row, token: string): Promise<string> {
  const input = { id: row.id, confirmationToken: token };
  const { removeEducationElement: said } = await request(Remove, { input });
  if (said.removedId) announce(ruEducation.removed(row.course.title));
  return said.errors.map(({ message }) => message).join(' ');
}
