// The person's own pages: personal data with the live answer of the register, contacts, the ways in (1.1.1-26 .. 1.1.1-28).
import type { ReadonlySignal } from '@preact/signals';

import { useAccount, type AccountNow } from './account.ts';
import { Applications } from './applications.tsx';
import type { Connection } from './connection.ts';
import { Contacts } from './contacts.tsx';
import { GosuslugiSettings } from './gosuslugi-settings.tsx';
import type { Notices } from './notices-live.ts';
import { useTitle } from './parts/narrow.tsx';
import { LiveBadge, Loading, Tag, type Tone } from './parts/status.tsx';
import { PersonalDataForm } from './personal-data.tsx';
import { Privacy } from './privacy.tsx';
import { address, follow } from './route.ts';
import { ru } from './ru.ts';
import { ruProfile } from './ru-profile.ts';
import { Sessions } from './sessions.tsx';
import { OwnPassword } from './step-password.tsx';
import { TotpSettings } from './totp.tsx';

const TONES: Record<AccountNow['account']['state'], Tone> = {
  REGISTERED: 'plain',
  CONTACT_CONFIRMED: 'plain',
  DATA_SUBMITTED: 'busy',
  DATA_REJECTED: 'bad',
  VERIFIED: 'good',
  LOCKED: 'bad',
  CLOSED: 'bad',
};
const PARTS = ['data', 'contacts', 'security', 'gosuslugi', 'applications', 'privacy'] as const;
type Part = (typeof PARTS)[number];

interface Props {
  readonly connection: Connection;
  readonly notices: ReadonlySignal<Notices | undefined>;
}

export function Profile({ connection, notices }: Props) {
  const account = useAccount(connection).value;
  const part = PARTS.find((known) => known === address.value.pathname.split('/')[3]) ?? 'data';
  useTitle(ruProfile.parts[part]);
  return (
    <>
      <div class="heading">
        <h1>{ruProfile.parts[part]}</h1>
        <LiveBadge connection={connection} />
      </div>
      <nav class="parts" aria-label={ru.cabinet.profile}>
        {PARTS.map((name) => (
          <a key={name} href={`/cabinet/profile/${name}`} onClick={follow}
            aria-current={name === part ? 'page' : undefined}>
            {ruProfile.parts[name]}
          </a>
        ))}
      </nav>
      {part === 'privacy' && <Privacy notices={notices} />}
      {part !== 'privacy' && (account ? <Shown part={part} account={account} /> : <Loading />)}
    </>
  );
}

function Shown({ part, account }: { part: Exclude<Part, 'privacy'>; account: AccountNow }) {
  if (part === 'contacts') return <Contacts account={account} />;
  if (part === 'data') return <Data account={account} />;
  if (part === 'gosuslugi') return <GosuslugiSettings />;
  if (part === 'applications') return <Applications />;
  return (
    <>
      <Sessions />
      <TotpSettings />
      <section aria-labelledby="password">
        <h2 id="password">{ruProfile.password.save}</h2>
        <OwnPassword />
      </section>
    </>
  );
}

function Data({ account }: { account: AccountNow }) {
  const { state } = account.account;
  return (
    <>
      <p role="status"><Tag tone={TONES[state]}>{ruProfile.data.states[state]}</Tag></p>
      <PersonalDataForm account={account} />
    </>
  );
}
