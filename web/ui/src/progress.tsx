// The tab «Прогресс»: courses as they move, grades, certificates, the plan of the cycle, thresholds (3.4).
import type { ReadonlySignal } from '@preact/signals';

import type { Connection } from './connection.ts';
import type { Notices } from './notices-live.ts';
import { useTitle } from './parts/narrow.tsx';
import { LiveBadge } from './parts/status.tsx';
import { Plan } from './plan.tsx';
import { Certificates } from './progress-certificates.tsx';
import { Courses } from './progress-courses.tsx';
import { Grades } from './progress-grades.tsx';
import { address, follow } from './route.ts';
import { ruProgress } from './ru-progress.ts';
import { Thresholds } from './thresholds.tsx';

const PARTS = ['courses', 'grades', 'certificates', 'plan', 'thresholds'] as const;

interface Props {
  readonly connection: Connection;
  readonly notices: ReadonlySignal<Notices | undefined>;
}

export function Progress({ connection, notices }: Props) {
  const part = PARTS.find((known) => known === address.value.pathname.split('/')[3]) ?? 'courses';
  useTitle(ruProgress.headings[part]);
  const newest = notices.value?.rows[0]?.id ?? ''; // a crossing and a deadline come with a notice
  return (
    <>
      <div class="heading">
        <h1>{ruProgress.headings[part]}</h1>
        <LiveBadge connection={connection} />
      </div>
      <nav class="parts" aria-label={ruProgress.headings.courses}>
        {PARTS.map((name) => (
          <a key={name} href={`/cabinet/progress/${name}`} onClick={follow}
            aria-current={name === part ? 'page' : undefined}>
            {ruProgress.parts[name]}
          </a>
        ))}
      </nav>
      {part === 'courses' && <Courses connection={connection} />}
      {part === 'grades' && <Grades connection={connection} />}
      {part === 'certificates' && <Certificates connection={connection} />}
      {part === 'plan' && <Plan newest={newest} />}
      {part === 'thresholds' && <Thresholds newest={newest} />}
    </>
  );
}
