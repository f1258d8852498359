// The file goes from the browser straight to the object store; XMLHttpRequest, because fetch tells no progress.

export interface Ticket {
  readonly url: string;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

export class UploadFailed extends Error {}

/** Posts the form of the ticket with the file last; `onPercent` hears of every step. */
export function upload(ticket: Ticket, file: File, onPercent: (percent: number) => void, stop: AbortSignal) {
  const form = new FormData();
  for (const { name, value } of ticket.fields) form.append(name, value);
  form.append('file', file);
  return new Promise<void>((done, fail) => {
    const call = new XMLHttpRequest();
    call.upload.onprogress = ({ loaded, total }) => onPercent(total ? Math.floor((loaded / total) * 100) : 0);
    call.onload = () => (call.status < 300 ? done() : fail(new UploadFailed(String(call.status))));
    call.onerror = () => fail(new UploadFailed('network'));
    call.onabort = () => fail(new UploadFailed('stopped'));
    stop.addEventListener('abort', () => call.abort());
    call.open('POST', ticket.url);
    call.send(form);
  });
}
