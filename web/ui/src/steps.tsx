// The first login: one step after another as the API lists them, each with its form (2.2-5 .. 2.2-10).
import { useEffect } from 'preact/hooks';

import { useAccount, type AccountNow, type Step } from './account.ts';
import type { Connection } from './connection.ts';
import { LiveBadge, Loading } from './parts/status.tsx';
import { PersonalDataForm } from './personal-data.tsx';
import { follow } from './route.ts';
import { ruProfile } from './ru-profile.ts';
import { SendAgain } from './send-again.tsx';
import { ruEntry } from './ru-entry.ts';
import { findViewer } from './session.ts';
import { OwnPassword } from './step-password.tsx';
import { Identify } from './step-identify.tsx';
import { AcceptTerms } from './step-terms.tsx';

export function Steps({ connection }: { connection: Connection }) {
  const now = useAccount(connection);
  const left = now.value?.nextSteps.join();
  useEffect(() => {
    if (left !== undefined) findViewer().catch(() => undefined); // the banner of the cabinet; a failure leaves it as it was
  }, [left]);
  const account = now.value;
  return (
    <>
      <div class="heading">
        <h1>{ruProfile.steps.heading}</h1>
        <LiveBadge connection={connection} />
      </div>
      {account ? <Left account={account} /> : <Loading />}
    </>
  );
}

function Left({ account }: { account: AccountNow }) {
  const { steps } = ruProfile;
  const left = account.nextSteps.filter((step) => step !== 'BUILD_PORTFOLIO');
  const [first] = left;
  if (first === undefined) {
    return (
      <div role="status">
        <p>{steps.done}</p>
        <p><a class="button" href="/cabinet/activities" onClick={follow}>{steps.open}</a></p>
      </div>
    );
  }
  return (
    <>
      <p>{steps.lead}</p>
      <ol class="steps">
        {left.map((step) => (
          <li key={step} aria-current={step === first ? 'step' : undefined}>{steps.titles[step]}</li>
        ))}
      </ol>
      <section aria-labelledby="step">
        <h2 id="step">{steps.titles[first]}</h2>
        <OneStep step={first} account={account} />
      </section>
    </>
  );
}

function OneStep({ step, account }: { step: Step; account: AccountNow }) {
  switch (step) {
    case 'CHANGE_TEMPORARY_PASSWORD':
      return <OwnPassword />;
    case 'IDENTIFY_INN_OR_SNILS':
      return <Identify />;
    case 'ACCEPT_TERMS':
      return <AcceptTerms />;
    case 'FILL_PERSONAL_DATA':
      return <PersonalDataForm account={account} />;
    case 'PASS_REGISTRY_CHECK':
      return <p>{ruProfile.steps.checking}</p>;
    default:
      return <ConfirmEmail account={account} />;
  }
}

function ConfirmEmail({ account: { account } }: { account: AccountNow }) {
  const { steps } = ruProfile;
  return (
    <>
      <p>{account.emailSendBlocked ? steps.emailBlocked : steps.email}</p>
      <p>{ruEntry.contacts.folders}</p>
      <p class="actions">
        {!account.emailSendBlocked && <SendAgain kind="EMAIL" label={ruEntry.contacts.letterAgain} />}
        <a href="/cabinet/profile/contacts" onClick={follow}>{steps.changeEmail}</a>
      </p>
    </>
  );
}
