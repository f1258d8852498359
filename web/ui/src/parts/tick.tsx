// A box to tick, with its mistake above it.
import type { Mistake } from './form.tsx';

interface Props {
  readonly name: string;
  readonly label: string;
  readonly mistakes?: readonly Mistake[];
  readonly checked?: boolean;
  readonly required?: boolean;
  readonly onChange?: (checked: boolean) => void;
}

export function Tick({ name, label, mistakes = [], checked, required, onChange }: Props) {
  const wrong = mistakes.filter(({ field }) => field === name);
  return (
    <div class={wrong.length > 0 ? 'field field-wrong' : 'field'}>
      {wrong.length > 0 && <p class="mistake" id={`${name}-error`}>{wrong.map(({ message }) => message).join(' ')}</p>}
      <label class="choice">
        <input
          type="checkbox"
          id={name}
          name={name}
          {...(wrong.length > 0 && { 'aria-describedby': `${name}-error`, 'aria-invalid': 'true' as const })}
          {...(required && { 'aria-required': 'true' as const })}
          {...(checked !== undefined && { checked })}
          onChange={(event) => onChange?.(event.currentTarget.checked)}
        />
        {label}
      </label>
    </div>
  );
}
