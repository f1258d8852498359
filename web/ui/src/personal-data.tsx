// The form of personal data as the API describes it: 31 items, two addresses, what the register said (1.1.1).
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';

import type { AccountNow } from './account.ts';
import { graphql } from './graphql.ts';
import { announce } from './parts/announce.tsx';
import { ErrorSummary, mistakesOf, problem, useSubmission, type Mistake } from './parts/form.tsx';
import { labelsOf, RuleField, type Rule } from './parts/rule-field.tsx';
import { Tick } from './parts/tick.tsx';
import { AddressFields } from './personal-data-address.tsx';
import { knownValues, typedIn } from './personal-data-values.ts';
import { ru } from './ru.ts';
import { ruProfile } from './ru-profile.ts';
import { request } from './session.ts';

const Submit = graphql(
  `
    mutation SubmitPersonalData($input: PersonalDataInput!) {
      submitPersonalData(input: $input) {
        changedFields
        errors {
          ...Problem
        }
      }
    }
  `,
  [problem],
);
const ADDRESSES = ['registrationAddress', 'residenceAddress'] as const;
const CONTACTS_AND_NUMBERS = new Set(['phone', 'email', 'inn', 'snils']);

export function PersonalDataForm({ account: { profile } }: { account: AccountNow }) {
  const same = useSignal(false);
  const { data } = ruProfile;
  const names = [...profile.fieldRules.map(({ field }) => field), ...ADDRESSES];
  const { busy, mistakes, submit } = useSubmission(async (form) => {
    const { submitPersonalData: said } = await request(Submit, { input: typedIn(form) });
    if (said.errors.length === 0) announce(said.changedFields.length > 0 ? data.saved : data.unchanged);
    return mistakesOf(said.errors, names);
  });
  const all = [...mistakes, ...(mistakes.length === 0 ? profile.mismatches : [])];
  const known = knownValues(profile);
  const shared = { rules: profile.fieldRules, mistakes: all, known };
  return (
    <form class="narrow" onSubmit={submit} noValidate>
      <p class="hint">{ru.common.starred}</p>
      <ErrorSummary mistakes={mistakes} labels={labelsOf(profile.fieldRules)} />
      <Group title={data.groups.person}><PersonFields {...shared} without={profile.noPatronymic === true} /></Group>
      <Group title={data.groups.passport}>
        <Fields {...shared} like={(name) => name.startsWith('passport')} />
        {profile.passport?.warning && <p>{profile.passport.warning}</p>}
      </Group>
      <Group title={data.groups.registrationAddress}>
        <AddressFields {...shared} part="registrationAddress" address={profile.registrationAddress} />
      </Group>
      <Tick name="residenceSameAsRegistration" label={data.same} checked={same.value}
        onChange={(now) => (same.value = now)} />
      {!same.value && (
        <Group title={data.groups.residenceAddress}>
          <AddressFields {...shared} part="residenceAddress" address={profile.residenceAddress} />
        </Group>
      )}
      <Group title={data.groups.contacts}>
        <Fields {...shared} like={(name) => CONTACTS_AND_NUMBERS.has(name)} />
      </Group>
      <button type="submit" aria-disabled={busy}>{data.save}</button>
    </form>
  );
}

function Group({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <fieldset class="group">
      <legend>{title}</legend>
      {children}
    </fieldset>
  );
}

export interface Shared {
  readonly rules: readonly Rule[];
  readonly mistakes: readonly Mistake[];
  readonly known: Readonly<Record<string, string>>;
}

function Fields({ rules, mistakes, known, like }: Shared & { like: (name: string) => boolean }) {
  return (
    <>
      {rules.filter(({ field }) => like(field)).map((rule) => (
        <RuleField key={rule.field} rule={rule} mistakes={mistakes} known={known[rule.field] ?? ''} />
      ))}
    </>
  );
}

function PersonFields({ without, ...shared }: Shared & { without: boolean }) {
  const noPatronymic = useSignal(without);
  return (
    <>
      <Fields {...shared} like={(name) => name === 'lastName' || name === 'firstName'} />
      {!noPatronymic.value && <Fields {...shared} like={(name) => name === 'middleName'} />}
      <Tick name="noPatronymic" label={ruProfile.data.noPatronymic} checked={noPatronymic.value}
        onChange={(now) => (noPatronymic.value = now)} />
      <Fields {...shared} like={(name) => name.startsWith('birth')} />
    </>
  );
}
