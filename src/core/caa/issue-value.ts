/** A parameter of an issue or issuewild property; its tag in lower case. */
export interface IssueParameter {
  readonly tag: string
  readonly value: string
}

/** What an issue or issuewild property says. */
export interface IssueValue {
  /** Lower case; undefined where nobody is named, which forbids issuance to all. */
  readonly issuer: string | undefined
  readonly parameters: readonly IssueParameter[]
}

/** RFC 8659 section 4.2: labels of letters, digits and inner hyphens. */
const issuerForm = /^[A-Za-z0-9](?:-*[A-Za-z0-9])*(?:\.[A-Za-z0-9](?:-*[A-Za-z0-9])*)*$/
const tagForm = /^[A-Za-z0-9](?:-*[A-Za-z0-9])*$/
const valueForm = /^[!-:<-~]*$/

/**
 * Reads the value of an issue or issuewild property (RFC 8659 section 4.2).
 *
 * @returns undefined where the text breaks the grammar; the property then authorises nobody
 */
export function parseIssueValue(text: string): IssueValue | undefined {
  const [first = '', ...rest] = text.split(';')
  const issuer = trimmed(first)
  if (issuer !== '' && !issuerForm.test(issuer)) return undefined
  // A semicolon may end the list.
  if (rest.length > 0 && trimmed(rest.at(-1) ?? '') === '') rest.pop()
  const parameters: IssueParameter[] = []
  for (const part of rest) {
    const parameter = parseParameter(part)
    if (parameter === undefined) return undefined
    parameters.push(parameter)
  }
  return { issuer: issuer === '' ? undefined : issuer.toLowerCase(), parameters }
}

function parseParameter(text: string): IssueParameter | undefined {
  const equals = text.indexOf('=')
  if (equals < 0) return undefined
  const [tag, value] = [trimmed(text.slice(0, equals)), trimmed(text.slice(equals + 1))]
  return tagForm.test(tag) && valueForm.test(value) ? { tag: tag.toLowerCase(), value } : undefined
}

/**
 * WSP of RFC 5234 is space and tab, and no other white space. Linear, as no pattern with an end is: the text is of
 * whoever runs the name server, up to 64 KiB.
 */
function trimmed(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isWhiteSpace(text.charCodeAt(start))) start += 1
  while (end > start && isWhiteSpace(text.charCodeAt(end - 1))) end -= 1
  return text.slice(start, end)
}

function isWhiteSpace(character: number): boolean {
  return character === 0x20 || character === 0x09
}
