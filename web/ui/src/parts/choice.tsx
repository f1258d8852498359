// One choice of several that goes into the address at once; the first one is «any».
import { setParameters } from '../route.ts';

interface Props {
  readonly name: string; // of the parameter in the address
  readonly label: string;
  readonly any: string;
  readonly words: Readonly<Record<string, string>>;
  readonly chosen: string | undefined;
}

export function Choice({ name, label, any, words, chosen }: Props) {
  return (
    <p class="field">
      <label for={name}>{label}</label>
      <select id={name} value={chosen ?? ''} onChange={(event) => setParameters({ [name]: event.currentTarget.value })}>
        <option value="">{any}</option>
        {Object.entries(words).map(([value, text]) => (
          <option key={value} value={value}>{text}</option>
        ))}
      </select>
    </p>
  );
}

/** A word of the address that the schema knows; any other is left out. */
export function known<Word extends string>(words: Record<Word, string>, given: string | null): Word | undefined {
  return given !== null && Object.hasOwn(words, given) ? (given as Word) : undefined;
}
