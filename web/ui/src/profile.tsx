// The person's own pages: personal data with the live answer of the register (1.1.1-26 .. 1.1.1-28).
import { useAccount, type AccountNow } from './account.ts';
import type { Connection } from './connection.ts';
import { LiveBadge, Tag, type Tone } from './parts/status.tsx';
import { PersonalDataForm } from './personal-data.tsx';
import { ru } from './ru.ts';
import { ruProfile } from './ru-profile.ts';

const TONES: Record<AccountNow['account']['state'], Tone> = {
  REGISTERED: 'plain',
  CONTACT_CONFIRMED: 'plain',
  DATA_SUBMITTED: 'busy',
  DATA_REJECTED: 'bad',
  VERIFIED: 'good',
  LOCKED: 'bad',
  CLOSED: 'bad',
};

export function Profile({ connection }: { connection: Connection }) {
  const account = useAccount(connection).value;
  return (
    <>
      <div class="heading">
        <h1>{ruProfile.data.heading}</h1>
        <LiveBadge connection={connection} />
      </div>
      {account ? <Data account={account} /> : <p class="waiting">{ru.common.loading}</p>}
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
