// Personal data between the form and the API: dates as papers have them, addresses by their parts.
import type { Address, Profile } from './account.ts';
import { checkedIn, valueOf } from './parts/form.tsx';

/** What is known already, by the names of the form's fields. */
export function knownValues(profile: Profile): Record<string, string> {
  const { passport } = profile;
  const known: Record<string, string | null | undefined> = {
    lastName: profile.lastName,
    firstName: profile.firstName,
    middleName: profile.middleName,
    birthDate: paperDate(profile.birthDate),
    birthPlace: profile.birthPlace,
    passportSeries: passport?.series,
    passportNumber: passport?.number,
    passportIssueDate: paperDate(passport?.issueDate),
    passportIssuedBy: passport?.issuedBy,
    passportDepartmentCode: passport?.departmentCode,
    ...partsOf('registrationAddress', profile.registrationAddress),
    ...partsOf('residenceAddress', profile.residenceAddress),
    phone: profile.phone,
    email: profile.email,
    inn: profile.inn,
    snils: profile.snils,
  };
  return Object.fromEntries(Object.entries(known).map(([name, value]) => [name, value ?? '']));
}

export function typedIn(form: HTMLFormElement) {
  return {
    lastName: valueOf(form, 'lastName'),
    firstName: valueOf(form, 'firstName'),
    middleName: valueOf(form, 'middleName'),
    noPatronymic: checkedIn(form, 'noPatronymic'),
    birthDate: valueOf(form, 'birthDate'),
    birthPlace: valueOf(form, 'birthPlace'),
    passportSeries: valueOf(form, 'passportSeries'),
    passportNumber: valueOf(form, 'passportNumber'),
    passportIssueDate: valueOf(form, 'passportIssueDate'),
    passportIssuedBy: valueOf(form, 'passportIssuedBy'),
    passportDepartmentCode: valueOf(form, 'passportDepartmentCode'),
    registrationAddress: addressIn(form, 'registrationAddress'),
    residenceAddress: addressIn(form, 'residenceAddress'),
    residenceSameAsRegistration: checkedIn(form, 'residenceSameAsRegistration'),
    phone: valueOf(form, 'phone'),
    email: valueOf(form, 'email'),
    inn: valueOf(form, 'inn'),
    snils: valueOf(form, 'snils'),
  };
}

function addressIn(form: HTMLFormElement, part: string) {
  const of = (name: string) => valueOf(form, `${part}.${name}`);
  return {
    region: of('region'),
    city: of('city'),
    street: of('street'),
    house: of('house'),
    building: of('building'),
    flat: of('flat'),
    noFlat: checkedIn(form, `${part}.noFlat`),
    noStreet: checkedIn(form, `${part}.noStreet`),
  };
}

function partsOf(part: string, address: Address | null): Record<string, string | null> {
  const entries = Object.entries(address ?? {}) as [string, string | null][];
  return Object.fromEntries(entries.map(([name, value]) => [`${part}.${name}`, value]));
}

/** 1985-12-31 as papers have it: 31.12.1985. */
function paperDate(iso: string | null | undefined): string | undefined {
  return iso?.split('-').reverse().join('.');
}
