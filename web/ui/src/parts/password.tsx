// A new password: the served rules are ticked while one types (1.1-10, 1.2-8 .. 1.2-11).
import { useSignal } from '@preact/signals';
import type { ResultOf } from 'gql.tada';

import { graphql } from '../graphql.ts';
import { ruEntry } from '../ru-entry.ts';
import type { Mistake } from './form.tsx';
import { PasswordField } from './password-field.tsx';

export const passwordRules = graphql(`
  fragment PasswordRules on PasswordPolicy {
    minLength
    maxLength
    upper
    lower
    digit
    special
    specials
  }
`);
export type Policy = ResultOf<typeof passwordRules>;

interface Props {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly policy: Policy;
  readonly mistakes: readonly Mistake[];
}

export function NewPassword({ name, label, hint, policy, mistakes }: Props) {
  const typed = useSignal('');
  return (
    <>
      <PasswordField name={name} label={label} {...(hint && { hint })} mistakes={mistakes}
        fresh={{ maxLength: policy.maxLength, onInput: (password) => (typed.value = password) }} />
      <p class="hint">{ruEntry.rules.heading}</p>
      <ul class="rules">
        {rulesMet(policy, typed.value).map(([rule, met]) => (
          <li key={rule} class={met ? 'rule-met' : 'rule'}>
            {rule}
            <span class="only-heard"> — {met ? ruEntry.rules.met : ruEntry.rules.unmet}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Each rule of the policy in words, and whether what was typed keeps it. */
function rulesMet(policy: Policy, typed: string): [string, boolean][] {
  const { rules } = ruEntry;
  const signs = [...typed].length;
  const asked: [boolean, string, boolean][] = [
    [true, rules.length(policy.minLength, policy.maxLength), signs >= policy.minLength && signs <= policy.maxLength],
    [policy.upper, rules.upper, /\p{Lu}/u.test(typed)],
    [policy.lower, rules.lower, /\p{Ll}/u.test(typed)],
    [policy.digit, rules.digit, /\p{Nd}/u.test(typed)],
    [policy.special, rules.special(policy.specials), /[^\p{L}\p{N}]/u.test(typed)],
  ];
  return asked.flatMap(([wanted, rule, met]) => (wanted ? [[rule, met] as [string, boolean]] : []));
}
