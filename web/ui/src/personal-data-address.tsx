// One address of the form: its parts by their rules, and a mark for a house without flats.
import { useSignal } from '@preact/signals';

import type { Address } from './account.ts';
import { RuleField } from './parts/rule-field.tsx';
import { Tick } from './parts/tick.tsx';
import type { Shared } from './personal-data.tsx';
import { ruProfile } from './ru-profile.ts';

interface Props extends Shared {
  readonly part: 'registrationAddress' | 'residenceAddress';
  readonly address: Address | null;
}

export function AddressFields({ part, address, rules, mistakes, known }: Props) {
  const noFlat = useSignal(address !== null && !address.flat);
  const { data } = ruProfile;
  const own = rules.filter(({ field }) => field.startsWith(`${part}.`) && field !== `${part}.noFlat`);
  const shown = own.filter(({ field }) => !(noFlat.value && field === `${part}.flat`));
  const whole = mistakes.filter(({ field }) => field === part);
  return (
    <>
      {whole.map(({ message }) => <p key={message} class="mistake" id={part} tabIndex={-1}>{message}</p>)}
      {shown.map((rule) => (
        <RuleField key={rule.field} rule={rule} mistakes={mistakes} known={known[rule.field] ?? ''} />
      ))}
      <Tick name={`${part}.noFlat`} label={data.noFlat} checked={noFlat.value} onChange={(now) => (noFlat.value = now)} />
    </>
  );
}
