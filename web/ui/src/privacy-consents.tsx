// Consents: each text by itself, whether it is agreed to, given and taken back with one press; what was stays written.
import { useSignal } from '@preact/signals';
import type { ResultOf } from 'gql.tada';

import { momentText } from './dates.ts';
import { graphql } from './graphql.ts';
import { announce } from './parts/announce.tsx';
import { useDeed } from './parts/deed.tsx';
import { Dialog } from './parts/dialog.tsx';
import { useReading } from './parts/reading.ts';
import { Failure, Tag } from './parts/status.tsx';
import { useProof } from './reauthentication.tsx';
import { ruPrivacy } from './ru-privacy.ts';
import { request } from './session.ts';

const text = graphql(`
  fragment TermsText on Terms {
    kind
    version
    title
    text
  }
`);
const Given = graphql(
  `
    query Consents {
      viewer {
        consents {
          kind
          version
          givenAt
          withdrawnAt
        }
      }
      rules: terms(kind: TERMS_OF_USE) {
        ...TermsText
      }
      data: terms(kind: PERSONAL_DATA) {
        ...TermsText
      }
      transfer: terms(kind: DATA_TRANSFER) {
        ...TermsText
      }
    }
  `,
  [text],
);
const Give = graphql(`
  mutation GiveConsent($kind: TermsKind!, $version: String!) {
    giveConsent(kind: $kind, version: $version) {
      errors {
        message
      }
    }
  }
`);
const Withdraw = graphql(`
  mutation WithdrawConsent($kind: TermsKind!) {
    withdrawConsent(kind: $kind) {
      errors {
        code
        message
      }
    }
  }
`);

type Terms = ResultOf<typeof text>;
type Consent = NonNullable<ResultOf<typeof Given>['viewer']>['consents'][number];
const words = ruPrivacy.consents;

export function Consents({ newest }: { newest: string }) {
  const reading = useReading(async () => {
    const { viewer, rules, data, transfer } = await request(Given, {});
    return { consents: viewer?.consents ?? [], texts: [rules, data, transfer] };
  }, newest);
  const known = reading.data.value;
  const givenTo = (terms: Terms) => known?.consents.filter(({ kind }) => kind === terms.kind) ?? [];
  // The rules are accepted on the way in, or the cabinet is not open; here they are only read again.
  const shown = known?.texts.filter((terms) => terms.kind !== 'TERMS_OF_USE' || givenTo(terms).length > 0);
  return (
    <section class="narrow" aria-labelledby="consents">
      <h2 id="consents">{words.heading}</h2>
      {reading.failure !== undefined && <Failure error={reading.failure} onRetry={reading.again} />}
      <ul class="choices">
        {shown?.map((terms) => (
          <OneText key={terms.kind} terms={terms} again={reading.again} given={givenTo(terms)} />
        ))}
      </ul>
    </section>
  );
}

interface Props {
  readonly terms: Terms;
  readonly given: readonly Consent[]; // the newest first
  readonly again: () => Promise<void>;
}

function OneText({ terms, given, again }: Props) {
  const { act, mistake } = useDeed();
  const doubting = useSignal(false);
  const proof = useProof();
  const { kind, version, title } = terms;
  const standing = given.find(({ withdrawnAt }) => withdrawnAt === null);
  const current = standing?.version === version;
  const give = () =>
    act(async () => {
      const { errors } = (await request(Give, { kind, version })).giveConsent;
      await again();
      return errors;
    });
  const withdraw = () =>
    act(async () => {
      doubting.value = false;
      const { errors } = (await request(Withdraw, { kind })).withdrawConsent;
      if (proof.asked(errors, () => void withdraw())) return [];
      if (errors.length === 0) announce(words.withdrawn);
      await again();
      return errors;
    });
  return (
    <li>
      <strong>{title}</strong> <Tag tone={current ? 'good' : 'plain'}>{current ? words.given : words.notGiven}</Tag>
      {mistake}
      {given.map((consent) => <span key={consent.givenAt} class="under">{lineOf(consent)}</span>)}
      <details>
        <summary>{words.read(version)}</summary>
        <div class="terms">{terms.text.split('\n\n').map((paragraph) => <p key={paragraph}>{paragraph}</p>)}</div>
      </details>
      {kind !== 'TERMS_OF_USE' && (
        <p>
          {current ? (
            <button type="button" class="small secondary" aria-label={words.withdrawLong(title)}
              onClick={() => (doubting.value = true)}>
              {words.withdraw}
            </button>
          ) : (
            <button type="button" class="small" aria-label={words.giveLong(title)} onClick={() => void give()}>
              {words.give}
            </button>
          )}
        </p>
      )}
      {doubting.value && (
        <Dialog title={words.question} onClose={() => (doubting.value = false)}>
          <p>{title}</p>
          <p>{kind === 'PERSONAL_DATA' ? words.dataWarning : words.transferWarning}</p>
          <p class="actions">
            <button type="button" class="danger" onClick={() => void withdraw()}>{words.withdraw}</button>
            <button type="button" class="secondary" onClick={() => (doubting.value = false)}>{words.keep}</button>
          </p>
        </Dialog>
      )}
      {proof.dialog}
    </li>
  );
}

function lineOf({ version, givenAt, withdrawnAt }: Consent): string {
  const line = words.line(version, momentText(givenAt));
  return withdrawnAt === null ? line : `${line}, ${words.until(momentText(withdrawnAt))}`;
}
