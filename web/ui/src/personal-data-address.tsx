// One address of the form: its parts by their rules, and marks for a place without streets and a house without flats.
import { useSignal } from '@preact/signals';

import type { Address } from './account.ts';
import { RuleField, type Rule } from './parts/rule-field.tsx';
import { Tick } from './parts/tick.tsx';
import type { Shared } from './personal-data.tsx';
import { ruProfile } from './ru-profile.ts';

interface Props extends Shared {
  readonly part: 'registrationAddress' | 'residenceAddress';
  readonly address: Address | null;
}

export function AddressFields({ part, address, rules, mistakes, known }: Props) {
  const absent = {
    street: useSignal(address !== null && !address.street),
    flat: useSignal(address !== null && !address.flat),
  };
  const own = rules.filter(({ field }) => field.startsWith(`${part}.`));
  const whole = mistakes.filter(({ field }) => field === part);
  const drawn = (rule: Rule) => {
    const name = rule.field.slice(part.length + 1);
    if (rule.kind === 'MARK') {
      const mark = name === 'noStreet' ? absent.street : absent.flat;
      const label = name === 'noStreet' ? ruProfile.data.noStreet : ruProfile.data.noFlat;
      return <Tick key={name} name={rule.field} label={label} checked={mark.value} onChange={(now) => (mark.value = now)} />;
    }
    const hidden = (name === 'street' || name === 'flat') && absent[name].value;
    return !hidden && <RuleField key={name} rule={rule} mistakes={mistakes} known={known[rule.field] ?? ''} />;
  };
  return (
    <>
      {whole.map(({ message }) => <p key={message} class="mistake" id={part} tabIndex={-1}>{message}</p>)}
      {own.map(drawn)}
    </>
  );
}
