// Codes from an application in place of SMS: a picture to scan, a code to confirm, spare codes shown once (3.1-6).
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';

import { graphql } from './graphql.ts';
import { CodeField, codeIn } from './parts/code-field.tsx';
import { ErrorSummary, mistakesOf, problem, useSubmission } from './parts/form.tsx';
import { useReading } from './parts/reading.ts';
import { failureText, Unread } from './parts/status.tsx';
import { useProof } from './reauthentication.tsx';
import { ruProfile } from './ru-profile.ts';
import { request } from './session.ts';

const Status = graphql(`
  query SecondFactorStatus {
    viewer {
      mfa {
        totpEnabled
        recoveryCodesLeft
      }
    }
  }
`);
const totp = graphql(
  `
    fragment Totp on TotpPayload {
      enrolment {
        secret
        qrSvg
      }
      recoveryCodes
      errors {
        ...Problem
      }
    }
  `,
  [problem],
);
const SetUp = graphql(`mutation SetUpTotp { done: setUpTotp { ...Totp } }`, [totp]);
const Confirm = graphql(`mutation ConfirmTotp($code: String!) { done: confirmTotp(code: $code) { ...Totp } }`, [totp]);
const Renew = graphql(`mutation RenewRecoveryCodes { done: renewRecoveryCodes { ...Totp } }`, [totp]);
const Disable = graphql(`mutation DisableTotp { done: disableTotp { ...Totp } }`, [totp]);

interface Enrolment {
  readonly secret: string;
  readonly qrSvg: string;
}

export function TotpSettings() {
  const status = useReading(async () => (await request(Status, {})).viewer?.mfa);
  const enrolment = useSignal<Enrolment | null>(null);
  const spare = useSignal<readonly string[]>([]);
  const wrong = useSignal('');
  const proof = useProof();
  const words = ruProfile.totp;
  const press = async (mutation: typeof SetUp | typeof Renew | typeof Disable): Promise<void> => {
    try {
      const { done } = await request(mutation, {});
      if (proof.asked(done.errors, () => void press(mutation))) return;
      wrong.value = done.errors.map(({ message }) => message).join(' ');
      enrolment.value = done.enrolment;
      spare.value = done.recoveryCodes;
      await status.again();
    } catch (error) {
      wrong.value = failureText(error);
    }
  };
  const confirmed = async (codes: readonly string[]) => {
    enrolment.value = null;
    spare.value = codes;
    await status.again();
  };
  const known = status.data.value;
  if (status.failure !== undefined || !known) return <Unread {...status} />;
  return (
    <section class="narrow" aria-labelledby="totp">
      <h2 id="totp">{words.heading}</h2>
      {wrong.value && <p class="mistake" role="alert">{wrong.value}</p>}
      <p>{known.totpEnabled ? words.on(known.recoveryCodesLeft) : words.off}</p>
      {enrolment.value && <Enrol enrolment={enrolment.value} onConfirmed={confirmed} />}
      {spare.value.length > 0 && <SpareCodes codes={spare.value} />}
      <p class="actions">
        {!known.totpEnabled && !enrolment.value && (
          <button type="button" class="secondary" onClick={() => press(SetUp)}>{words.setUp}</button>
        )}
        {known.totpEnabled && (
          <>
            <button type="button" class="secondary" onClick={() => press(Renew)}>{words.renew}</button>
            <button type="button" class="secondary" onClick={() => press(Disable)}>{words.disable}</button>
          </>
        )}
      </p>
      {proof.dialog}
    </section>
  );
}

interface EnrolProps {
  readonly enrolment: Enrolment;
  readonly onConfirmed: (codes: readonly string[]) => Promise<void>;
}

function Enrol({ enrolment, onConfirmed }: EnrolProps) {
  const words = ruProfile.totp;
  const form = useRef<HTMLFormElement>(null);
  const proof = useProof();
  const { busy, mistakes, submit } = useSubmission(async (typed) => {
    const { done } = await request(Confirm, { code: codeIn(typed) });
    if (proof.asked(done.errors, () => form.current?.requestSubmit())) return [];
    if (done.errors.length === 0) await onConfirmed(done.recoveryCodes);
    return mistakesOf(done.errors, ['code']);
  });
  return (
    <>
      <form ref={form} onSubmit={submit} noValidate>
        <ErrorSummary mistakes={mistakes} />
        <p>{words.scan}</p>
        {/* The picture is drawn by our server and holds shapes alone. */}
        <div class="qr" role="img" aria-label={words.picture} dangerouslySetInnerHTML={{ __html: enrolment.qrSvg }} />
        <p>{words.byHand} <code>{enrolment.secret}</code></p>
        <CodeField mistakes={mistakes} />
        <button type="submit" aria-disabled={busy}>{words.confirm}</button>
      </form>
      {proof.dialog}
    </>
  );
}

function SpareCodes({ codes }: { codes: readonly string[] }) {
  return (
    <div role="status">
      <p>{ruProfile.totp.spare}</p>
      <ul class="codes">{codes.map((code) => <li key={code}><code>{code}</code></li>)}</ul>
    </div>
  );
}
