// The portfolio: documents with the status of their check, live (3.3-4, 3.3-5, 3.3-19 .. 3.3-22, 3.3-26).
import { useSignal } from '@preact/signals';
import type { ResultOf } from 'gql.tada';
import { useEffect } from 'preact/hooks';

import type { Connection } from './connection.ts';
import { dayText, sizeText } from './dates.ts';
import { graphql, textOf } from './graphql.ts';
import { announce } from './parts/announce.tsx';
import { Empty, LiveBadge, Loading, Tag, type Tone } from './parts/status.tsx';
import { CardTable } from './parts/table.tsx';
import { Missing } from './portfolio-missing.tsx';
import { follow } from './route.ts';
import { ruPortfolio } from './ru-portfolio.ts';

const documentRow = graphql(`
  fragment DocumentRow on PortfolioDocument {
    id
    type
    number
    issuedAt
    expiresAt
    fileName
    sizeBytes
    status
    statusLabel
    downloadUrl
    uploadedAt
    problems {
      message
      howToFix
      page
    }
  }
`);
const LiveDocuments = graphql(
  `
    subscription LiveDocuments($after: Cursor) {
      documents(after: $after) {
        __typename
        ... on DocumentSnapshot {
          cursor
          documents {
            ...DocumentRow
          }
        }
        ... on DocumentDelta {
          cursor
          document {
            ...DocumentRow
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
  [documentRow],
);

type Row = ResultOf<typeof documentRow>;
type Update = ResultOf<typeof LiveDocuments>['documents'];

const TONES: Record<Row['status'], Tone> = {
  CHECKING: 'busy',
  APPROVED: 'good',
  NEEDS_CORRECTION: 'bad',
  REPLACED: 'plain',
  EXPIRED: 'bad',
};

const REPLACED_WITH_A_PRESS: readonly Row['status'][] = ['NEEDS_CORRECTION', 'EXPIRED'];

export function Portfolio({ connection }: { connection: Connection }) {
  const documents = useSignal<readonly Row[] | undefined>(undefined);
  useEffect(
    () =>
      connection.live.subscribe(textOf(LiveDocuments), (update: Update) => {
        documents.value = next(documents.value, update);
        if (update.__typename !== 'DocumentDelta' || !update.document) return;
        announce(ruPortfolio.statusSaid(update.document.fileName, update.document.statusLabel));
      }),
    [connection],
  );
  const rows = documents.value;
  return (
    <>
      <div class="heading">
        <h1>{ruPortfolio.heading}</h1>
        <LiveBadge connection={connection} />
      </div>
      <p>
        <a class="button" href="/cabinet/portfolio/new" onClick={follow}>{ruPortfolio.add}</a>
      </p>
      {rows && <Missing approved={rows.filter(({ status }) => status === 'APPROVED').length} />}
      {rows === undefined && <Loading />}
      {rows?.length === 0 && <Empty title={ruPortfolio.empty} hint={ruPortfolio.emptyHint} />}
      {rows && rows.length > 0 && <Documents rows={rows} />}
    </>
  );
}

/** The documents after an update: a known one changes in its place, a new one comes first. */
function next(documents: readonly Row[] | undefined, update: Update): readonly Row[] | undefined {
  if (update.__typename === 'DocumentSnapshot') return [...update.documents].sort(newestFirst);
  if (update.__typename === 'Resync') return undefined;
  if (update.__typename === 'Heartbeat' || !update.document) return documents;
  const { document } = update;
  const known = documents ?? [];
  if (!known.some(({ id }) => id === document.id)) return [document, ...known];
  return known.map((one) => (one.id === document.id ? document : one));
}

function newestFirst(one: Row, other: Row): number {
  return Date.parse(other.uploadedAt) - Date.parse(one.uploadedAt);
}

function Documents({ rows }: { rows: readonly Row[] }) {
  const { columns } = ruPortfolio;
  return (
    <CardTable columns={columns}>
      {rows.map((row) => (
        <tr key={row.id} role="row">
          <th role="rowheader" scope="row" class="title">{ruPortfolio.types[row.type]}</th>
          <td role="cell" data-label={columns.number}>{row.number}</td>
          <td role="cell" data-label={columns.issued}>
            <time datetime={row.issuedAt}>{dayText(row.issuedAt)}</time>
            {row.expiresAt && <span class="under">{ruPortfolio.until(dayText(row.expiresAt))}</span>}
          </td>
          <td role="cell" data-label={columns.file}>
            <a href={row.downloadUrl} rel="noreferrer">{row.fileName}</a>
            <span class="under">{sizeText(row.sizeBytes)}</span>
          </td>
          <td role="cell" data-label={columns.status}>
            <Tag tone={TONES[row.status]}>{row.statusLabel}</Tag>
            <Problems problems={row.problems} />
            {REPLACED_WITH_A_PRESS.includes(row.status) && (
              <a href={`/cabinet/portfolio/new?replaces=${row.id}&type=${row.type}`} onClick={follow}>
                {ruPortfolio.replace}
              </a>
            )}
          </td>
        </tr>
      ))}
    </CardTable>
  );
}

function Problems({ problems }: { problems: Row['problems'] }) {
  if (problems.length === 0) return null;
  return (
    <ul class="problems">
      {problems.map(({ message, howToFix, page }) => (
        <li key={`${page} ${message}`}>
          {page ? `Страница ${page}. ` : ''}{message} <span class="under">{howToFix}</span>
        </li>
      ))}
    </ul>
  );
}
