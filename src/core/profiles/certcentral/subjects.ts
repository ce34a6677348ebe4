import { oids } from '../../../pki/oids.ts'

/** Where an organization is, in the order of TLS BR section 7.1.4.2. */
const place: readonly string[] = [oids.countryName, oids.stateOrProvinceName, oids.localityName]

/** Common name alone: nothing but control over names was validated. */
export const nameAlone: readonly string[] = [oids.commonName]

/** An organization and what it names. Without organizational units, which nobody validates (case N15). */
export const organizationSubject: readonly string[] = [...place, oids.organizationName, oids.commonName]

/** The same inside an account's own hierarchy, where units are the account's affair. */
export const privateSubject: readonly string[] = [
  ...place,
  oids.organizationName,
  oids.organizationalUnitName,
  oids.commonName,
]

/** EV Guidelines section 7.1.4.2: the organization as its register knows it. */
export const registeredSubject: readonly string[] = [
  oids.businessCategory,
  oids.jurisdictionCountryName,
  oids.jurisdictionStateOrProvinceName,
  oids.jurisdictionLocalityName,
  oids.serialNumber,
  ...organizationSubject,
]

/** S/MIME BR section 7.1.4.2.3. */
export const mailboxSubject: readonly string[] = [oids.commonName, oids.emailAddress]

/** S/MIME BR section 7.1.4.2.4. */
export const mailOrganizationSubject: readonly string[] = [
  ...place,
  oids.organizationName,
  oids.organizationIdentifier,
  oids.commonName,
  oids.emailAddress,
]

/** S/MIME BR section 7.1.4.2.5: a person whom an organization vouches for. */
export const sponsoredPersonSubject: readonly string[] = [
  ...place,
  oids.organizationName,
  oids.organizationIdentifier,
  oids.surname,
  oids.givenName,
  oids.pseudonym,
  oids.commonName,
  oids.emailAddress,
]
