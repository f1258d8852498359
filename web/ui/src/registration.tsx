// Registration: the form, then the confirmation of contacts; the address keeps which (1.1-5).
import { Narrow } from './parts/narrow.tsx';
import { RegistrationContacts } from './registration-contacts.tsx';
import { RegistrationForm } from './registration-form.tsx';
import { address } from './route.ts';
import { ruEntry } from './ru-entry.ts';

export function Registration() {
  const flow = address.value.hash.slice(1);
  return flow ? (
    <Narrow heading={ruEntry.contacts.heading}><RegistrationContacts id={flow} /></Narrow>
  ) : (
    <Narrow heading={ruEntry.registration.heading}><RegistrationForm /></Narrow>
  );
}
