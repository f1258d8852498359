// One event of the list: what it is, how it stands, and the one press that enrols (3.1-11 .. 3.1-16, 3.1-20).
import { useSignal } from '@preact/signals';

import type { Row } from './activities.tsx';
import { Leaving } from './activities-leaving.tsx';
import { activityRow } from './activities-query.ts';
import { counted, momentText } from './dates.ts';
import { graphql } from './graphql.ts';
import { announce } from './parts/announce.tsx';
import { failureText, Tag, type Tone } from './parts/status.tsx';
import { ru } from './ru.ts';
import { request } from './session.ts';

const Enroll = graphql(
  `
    mutation Enroll($input: EnrollInput!) {
      enroll(input: $input) {
        activity {
          ...ActivityRow
        }
        errors {
          code
          message
        }
      }
    }
  `,
  [activityRow],
);

const TONES: Record<Row['status'], Tone> = { PLANNED: 'busy', FINISHED: 'plain', PARTICIPATION_CONFIRMED: 'good' };
const LEFT: readonly string[] = ['CANCELLED', 'REJECTED'];

interface Props {
  readonly row: Row;
  readonly changed: boolean; // just now, by somebody else
  readonly onChange: (row: Row) => void;
}

export function ActivityRow({ row, changed, onChange }: Props) {
  const { columns } = ru.activities;
  return (
    <tr role="row" class={changed ? 'changed' : undefined}>
      <th role="rowheader" scope="row" class="title">
        {row.title}
        <span class="under">
          {ru.activities.types[row.type]}, {counted(row.credits, ru.activities.credits)}
        </span>
      </th>
      <td role="cell" data-label={columns.STARTS_AT}>
        <time datetime={row.startsAt}>{momentText(row.startsAt)}</time>
      </td>
      <td role="cell" data-label={columns.STATUS}><Status row={row} /></td>
      <td role="cell" data-label={columns.ORGANIZER}>{row.organizer.name}</td>
      <td role="cell" data-label={columns.materials}><Links row={row} kind="METHODICAL" /></td>
      <td role="cell" data-label={columns.recording}><Links row={row} kind="RECORDING" /></td>
      <td role="cell" data-label={columns.enroll}><Participation row={row} onChange={onChange} /></td>
    </tr>
  );
}

function Status({ row }: { row: Row }) {
  if (row.cancelledAt !== null) return <Tag tone="bad">{ru.activities.cancelled}</Tag>;
  return <Tag tone={TONES[row.status]}>{row.statusLabel}</Tag>;
}

function Links({ row, kind }: { row: Row; kind: Row['materials'][number]['kind'] }) {
  const found = row.materials.filter((material) => material.kind === kind);
  if (found.length === 0) return <span class="none" aria-hidden="true">—</span>;
  return (
    <>
      {found.map(({ url, title }) => (
        <a key={url} href={url} target="_blank" rel="noreferrer">
          {kind === 'RECORDING' ? ru.activities.recording : title}
        </a>
      ))}
    </>
  );
}

function Participation({ row, onChange }: { row: Row; onChange: (row: Row) => void }) {
  const busy = useSignal(false);
  const problem = useSignal('');
  const state = row.myEnrollment?.state;
  if (state === 'WAITLISTED' || state === 'ENROLLED') {
    const [tone, words] =
      state === 'ENROLLED'
        ? (['good', ru.activities.states.ENROLLED] as const)
        : (['busy', ru.activities.waitingPlace(row.myEnrollment?.waitingPlace ?? 1)] as const);
    return (
      <div>
        <Tag tone={tone}>{words}</Tag>
        <Leaving row={row} onChange={onChange} />
      </div>
    );
  }
  if (state && !LEFT.includes(state)) return <Tag tone="good">{ru.activities.states[state]}</Tag>;
  if (!row.enrollmentOpen && !row.waitingOpen) return <span class="none">{ru.activities.closed}</span>;
  const enroll = async () => {
    if (busy.value) return;
    busy.value = true;
    problem.value = await send(row, onChange).catch(failureText);
    busy.value = false;
  };
  const [short, long] = row.enrollmentOpen
    ? [ru.activities.enroll, ru.activities.enrollLong]
    : [ru.activities.wait, ru.activities.waitLong];
  return (
    <>
      <button type="button" class="small" aria-label={long(row.title)} onClick={enroll} aria-disabled={busy.value}>
        {busy.value ? ru.activities.enrolling : short}
      </button>
      {row.placesLeft !== null && <span class="under">{ru.activities.placesLeft(row.placesLeft)}</span>}
      {problem.value && <p class="mistake" role="alert">{problem.value}</p>}
    </>
  );
}

/** Enrols, shows the event as it now stands, and returns what went wrong, if anything did. */
async function send(row: Row, onChange: (row: Row) => void): Promise<string> {
  const { enroll } = await request(Enroll, { input: { activityId: row.id } });
  if (enroll.activity) {
    onChange(enroll.activity);
    const waits = enroll.activity.myEnrollment?.state === 'WAITLISTED';
    announce((waits ? ru.activities.waitingSaid : ru.activities.enrolledSaid)(row.title));
  }
  return enroll.errors.map(({ message }) => message).join(' ');
}
