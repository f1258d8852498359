// Protection of personal data: a copy of it, consents, who has read it, the end of the account (152-FZ).
import type { ReadonlySignal } from '@preact/signals';

import type { Notices } from './notices-live.ts';
import { AccessLog } from './privacy-access.tsx';
import { Closing } from './privacy-closure.tsx';
import { Consents } from './privacy-consents.tsx';
import { Copies } from './privacy-copy.tsx';

/** What is made or decided elsewhere comes with a notice: the newest one tells when to look again. */
export function Privacy({ notices }: { notices: ReadonlySignal<Notices | undefined> }) {
  const newest = notices.value?.rows[0]?.id ?? '';
  return (
    <>
      <Copies newest={newest} />
      <Consents newest={newest} />
      <AccessLog newest={newest} />
      <Closing newest={newest} />
    </>
  );
}
