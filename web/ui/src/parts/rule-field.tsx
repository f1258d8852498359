// A field drawn from the rule that the API serves: its label, an example, what it holds, whether it is required.
import type { ResultOf } from 'gql.tada';

import { graphql } from '../graphql.ts';
import { ru } from '../ru.ts';
import { Field, type Mistake } from './form.tsx';

export const fieldRule = graphql(`
  fragment FieldRule on FieldRule {
    field
    label
    example
    required
    kind
  }
`);
export type Rule = ResultOf<typeof fieldRule>;

export function labelsOf(rules: readonly Rule[]): Record<string, string> {
  return Object.fromEntries(rules.map(({ field, label }) => [field, label]));
}

/** What a browser can do for a field of this name: the right keyboard and what it remembers of its owner. */
const HELP: Record<string, { autocomplete?: string; inputMode?: 'numeric' | 'tel' | 'email' }> = {
  lastName: { autocomplete: 'family-name' },
  firstName: { autocomplete: 'given-name' },
  middleName: { autocomplete: 'additional-name' },
  phone: { autocomplete: 'tel', inputMode: 'tel' },
  email: { autocomplete: 'email', inputMode: 'email' },
  birthDate: { autocomplete: 'bday' },
  inn: { inputMode: 'numeric' },
  snils: { inputMode: 'numeric' },
  passportSeries: { inputMode: 'numeric' },
  passportNumber: { inputMode: 'numeric' },
};

interface Props {
  readonly rule: Rule;
  readonly mistakes: readonly Mistake[];
  readonly known?: string; // what is known already
}

export function RuleField({ rule, mistakes, known }: Props) {
  return (
    <Field name={rule.field} label={rule.label} hint={ru.common.example(rule.example)} mistakes={mistakes}>
      {(attributes) => (
        <input {...attributes} {...HELP[rule.field]} aria-required={rule.required} defaultValue={known ?? ''}
          spellcheck={false} />
      )}
    </Field>
  );
}
