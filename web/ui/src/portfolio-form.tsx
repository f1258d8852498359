// A new document: check, ask for leave, send the file to the store, save (3.3-5 .. 3.3-14, 3.3-18).
import { useSignal } from '@preact/signals';
import type { ResultOf, VariablesOf } from 'gql.tada';
import type { TargetedSubmitEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import { sizeText } from './dates.ts';
import { graphql } from './graphql.ts';
import { ErrorSummary, Field, mistakesOf, valueOf, type Mistake } from './parts/form.tsx';
import { Failure, failureText } from './parts/status.tsx';
import { formatsText, mistakesIn, type Draft, type Requirements } from './portfolio-rules.ts';
import { address, follow, navigate } from './route.ts';
import { ruPortfolio } from './ru-portfolio.ts';
import { request } from './session.ts';
import { upload, UploadFailed } from './upload.ts';

const Rules = graphql(`
  query DocumentRules {
    viewer {
      portfolio {
        requirements {
          formats
          maxBytes
          fileNameExamples
        }
      }
    }
  }
`);
const RequestUpload = graphql(`
  mutation RequestUpload($input: UploadRequestInput!) {
    requestDocumentUpload(input: $input) {
      ticket {
        id
        url
        fields {
          name
          value
        }
      }
      errors {
        message
        path
        ... on FieldError {
          hint
        }
      }
    }
  }
`);
const Save = graphql(`
  mutation SaveDocument($input: DocumentInput!) {
    saveDocument(input: $input) {
      document {
        id
      }
      errors {
        message
        path
      }
    }
  }
`);

type DocumentType = VariablesOf<typeof RequestUpload>['input']['type'];
type UploadError = ResultOf<typeof RequestUpload>['requestDocumentUpload']['errors'][number];

interface Replaced {
  readonly id: string;
  readonly type: DocumentType;
}

const FIELDS = ['type', 'number', 'issuedAt', 'expiresAt', 'file'];

/** The document that the address names as the one to be replaced (3.3-23). */
function replacedDocument(parameters: URLSearchParams): Replaced | undefined {
  const [id, type] = [parameters.get('replaces'), parameters.get('type')];
  return id && type && type in ruPortfolio.types ? { id, type: type as DocumentType } : undefined;
}

export function NewDocument() {
  const rules = useSignal<Requirements | undefined>(undefined);
  const failure = useSignal<unknown>(undefined);
  const load = () => {
    failure.value = undefined;
    request(Rules, {}).then(
      ({ viewer }) => (rules.value = viewer!.portfolio!.requirements),
      (error: unknown) => (failure.value = error),
    );
  };
  useEffect(load, []);
  return (
    <div class="narrow">
      <h1>{ruPortfolio.newHeading}</h1>
      {failure.value !== undefined && <Failure error={failure.value} onRetry={load} />}
      {rules.value && <DocumentForm rules={rules.value} />}
    </div>
  );
}

function TypeField({ mistakes }: { mistakes: readonly Mistake[] }) {
  return (
    <Field name="type" label={ruPortfolio.type} mistakes={mistakes}>
      {(attributes) => (
        <select {...attributes}>
          <option value="">{ruPortfolio.chooseType}</option>
          {Object.entries(ruPortfolio.types).map(([value, text]) => (
            <option key={value} value={value}>{text}</option>
          ))}
        </select>
      )}
    </Field>
  );
}

function DocumentForm({ rules }: { rules: Requirements }) {
  const replaced = replacedDocument(address.value.searchParams);
  const { mistakes, percent, suggested, renamed, submit, stop } = useSending(rules, replaced);
  const size = sizeText(rules.maxBytes);
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary mistakes={mistakes} />
      {replaced ? (
        <p>
          {ruPortfolio.replacing(ruPortfolio.types[replaced.type])}
          <input type="hidden" name="type" value={replaced.type} />
        </p>
      ) : (
        <TypeField mistakes={mistakes} />
      )}
      <Field name="number" label={ruPortfolio.number} mistakes={mistakes}>
        {(attributes) => <input {...attributes} autocomplete="off" />}
      </Field>
      <Field name="issuedAt" label={ruPortfolio.issuedAt} hint={ruPortfolio.dateHint} mistakes={mistakes}>
        {(attributes) => <input {...attributes} class="date" autocomplete="off" inputmode="numeric" />}
      </Field>
      <Field name="expiresAt" label={ruPortfolio.expiresAt} hint={ruPortfolio.expiresHint} mistakes={mistakes}>
        {(attributes) => <input {...attributes} class="date" autocomplete="off" inputmode="numeric" />}
      </Field>
      <Field name="file" label={ruPortfolio.file} mistakes={mistakes}
        hint={ruPortfolio.fileHint(formatsText(rules.formats), size, rules.fileNameExamples[0] ?? '')}>
        {(attributes) => (
          <input {...attributes} type="file" accept={rules.formats.join(',')} onChange={() => renamed('')} />
        )}
      </Field>
      {suggested && (
        <p>
          <button type="button" class="secondary" onClick={(event) => {
            renamed(suggested);
            event.currentTarget.form!.requestSubmit();
          }}>
            {ruPortfolio.rename(suggested)}
          </button>
        </p>
      )}
      {percent === undefined ? (
        <p class="actions">
          <button type="submit">{ruPortfolio.save}</button>
          <a href="/cabinet/portfolio" onClick={follow}>{ruPortfolio.cancel}</a>
        </p>
      ) : (
        <div class="sending">
          <label for="sent">{percent < 100 ? ruPortfolio.uploading(percent) : ruPortfolio.saving}</label>
          <progress id="sent" max={100} value={percent} />
          <button type="button" class="link" onClick={stop}>{ruPortfolio.stop}</button>
        </div>
      )}
    </form>
  );
}

/** The way of a document from the form to the portfolio; a suggested file name is used when the person agrees. */
function useSending(rules: Requirements, replaced: Replaced | undefined) {
  const mistakes = useSignal<Mistake[]>([]);
  const percent = useSignal<number | undefined>(undefined);
  const suggested = useSignal('');
  const name = useRef('');
  const stopper = useRef(new AbortController());

  const send = async (draft: Draft): Promise<Mistake[]> => {
    const wrong = mistakesIn(draft, rules);
    if (wrong.length > 0 || !draft.file) return wrong;
    const { requestDocumentUpload: asked } = await request(RequestUpload, { input: uploadInput(draft, draft.file, replaced) });
    suggested.value = hintOf(asked.errors);
    if (!asked.ticket) return mistakesOf(asked.errors.map(asFile), FIELDS);
    await upload(asked.ticket, draft.file, (sent) => (percent.value = sent), stopper.current.signal);
    percent.value = 100;
    const { number, issuedAt } = draft;
    const input = { uploadId: asked.ticket.id, number, issuedAt, expiresAt: draft.expiresAt || null };
    const { saveDocument: saved } = await request(Save, { input });
    if (saved.errors.length === 0) navigate('/cabinet/portfolio');
    return mistakesOf(saved.errors, FIELDS);
  };
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (percent.value !== undefined) return;
    stopper.current = new AbortController();
    percent.value = 0;
    mistakes.value = await send(draftOf(event.currentTarget, name.current)).catch((error: unknown) => [
      { field: '', message: wrongText(error) },
    ]);
    percent.value = undefined;
  };
  const renamed = (given: string) => {
    name.current = given;
    suggested.value = '';
  };
  const stop = () => stopper.current.abort();
  return { mistakes: mistakes.value, percent: percent.value, suggested: suggested.value, renamed, submit, stop };
}

function draftOf(form: HTMLFormElement, renamed: string): Draft {
  const given = new FormData(form).get('file');
  const file = given instanceof File && given.name !== '' ? given : undefined;
  return {
    type: valueOf(form, 'type'),
    number: valueOf(form, 'number'),
    issuedAt: valueOf(form, 'issuedAt'),
    expiresAt: valueOf(form, 'expiresAt'),
    file,
    fileName: renamed || (file?.name ?? ''),
  };
}

function uploadInput(draft: Draft, file: File, replaced: Replaced | undefined) {
  const type = draft.type as DocumentType; // one of the options, whose values are the dictionary's keys
  const about = { type, fileName: draft.fileName, sizeBytes: file.size, mimeType: file.type };
  return { ...about, replacesDocumentId: replaced?.id ?? null };
}

/** Whatever the server says of the name, the size or the type is about the one field «file» of the form. */
function asFile({ message, path }: UploadError): { message: string; path: string[] } {
  return { message, path: path.includes('type') ? ['type'] : ['file'] };
}

function hintOf(errors: readonly UploadError[]): string {
  return errors.map((error) => ('hint' in error ? (error.hint ?? '') : '')).find(Boolean) ?? '';
}

function wrongText(error: unknown): string {
  if (!(error instanceof UploadFailed)) return failureText(error);
  return error.message === 'stopped' ? ruPortfolio.wrong.stopped : ruPortfolio.wrong.storage;
}
