// Certificates in their three states, live: the file, the number and the page that checks it (3.4-8 .. 3.4-10).
import type { Connection } from './connection.ts';
import { dayOfText } from './dates.ts';
import { graphql } from './graphql.ts';
import { useDeed } from './parts/deed.tsx';
import { Empty, Loading, Tag, type Tone } from './parts/status.tsx';
import { CardTable } from './parts/table.tsx';
import { useCourses, type Course } from './progress-live.ts';
import { ruProgress } from './ru-progress.ts';
import { request } from './session.ts';

const Download = graphql(`
  mutation DownloadCertificate($id: ID!) {
    downloadCertificate(input: { id: $id }) {
      url
      errors {
        message
      }
    }
  }
`);

type Certificate = NonNullable<Course['certificate']>;

const TONES: Record<Certificate['status'], Tone> = { IN_PROGRESS: 'plain', READY_TO_DOWNLOAD: 'busy', ISSUED: 'good' };
const words = ruProgress.certificates;

export function Certificates({ connection }: { connection: Connection }) {
  const { courses, changed } = useCourses(connection);
  const { act, busy, mistake } = useDeed();
  const download = (id: string) =>
    act(async () => {
      const { url, errors } = (await request(Download, { id })).downloadCertificate;
      if (url) location.assign(url);
      return errors;
    });
  const rows = courses
    ?.flatMap(({ certificate, ...rest }) => (certificate ? [{ ...rest, certificate }] : []))
    .sort((one, other) => +!one.certificate.number - +!other.certificate.number); // what can be had comes first
  const { columns } = words;
  return (
    <>
      <p>{words.lead}</p>
      {mistake}
      {!rows && <Loading />}
      {rows?.length === 0 && <Empty title={words.empty} hint={words.emptyHint} />}
      {rows && rows.length > 0 && (
        <CardTable columns={columns}>
          {rows.map(({ id, course, certificate }) => (
            <tr key={id} role="row" class={id === changed ? 'changed' : undefined}>
              <th role="rowheader" scope="row" class="title">{course.title}</th>
              <td role="cell" data-label={columns.status}>
                <Tag tone={TONES[certificate.status]}>{certificate.statusLabel}</Tag>
              </td>
              <td role="cell" data-label={columns.number}><CheckedNumber certificate={certificate} /></td>
              <td role="cell" data-label={columns.completedAt}>
                {certificate.completedAt ? dayOfText(certificate.completedAt) : <None />}
              </td>
              <td role="cell" data-label={columns.file}>
                {certificate.status === 'IN_PROGRESS' ? (
                  <None />
                ) : (
                  <button type="button" class="small" aria-disabled={busy} aria-label={words.downloadLong(course.title)}
                    onClick={() => void download(certificate.id)}>
                    {words.download}
                  </button>
                )}
              </td>
            </tr>
          ))}
        </CardTable>
      )}
    </>
  );
}

function CheckedNumber({ certificate: { number, checkUrl } }: { certificate: Certificate }) {
  if (!number || !checkUrl) return <None />;
  return <a href={checkUrl} aria-label={words.check(number)}>{number}</a>;
}

function None() {
  return <span class="none" aria-hidden="true">—</span>;
}
