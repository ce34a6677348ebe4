/** Small linear scanners over texts of certificates. */

/** Whether a text is a host name in preferred syntax: labels of letters, digits and hyphens, no trailing dot. */
export function isHostName(text: string): boolean {
  return text.length > 0 && text.length <= 253 && text.split('.').every(isHostLabel)
}

function isHostLabel(label: string): boolean {
  if (label === '' || label.length > 63 || label.startsWith('-') || label.endsWith('-')) {
    return false
  }
  for (let index = 0; index < label.length; index += 1) {
    if (!isLetterOrDigit(label.charCodeAt(index)) && label[index] !== '-') {
      return false
    }
  }
  return true
}

export function isLetterOrDigit(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)
}

/** Scheme of a URI in lower case, undefined when there is none (RFC 3986 section 3.1). */
export function schemeOf(uri: string): string | undefined {
  const colon = uri.indexOf(':')
  if (colon < 1) {
    return undefined
  }
  for (let index = 0; index < colon; index += 1) {
    const code = uri.charCodeAt(index)
    const letter = isLetterOrDigit(code) && code >= 0x41
    if (!letter && !(index > 0 && (isLetterOrDigit(code) || '+-.'.includes(uri.charAt(index))))) {
      return undefined
    }
  }
  return uri.slice(0, colon).toLowerCase()
}

/**
 * Host of a URI with an authority, without userinfo, port and brackets; undefined without an authority. A name
 * without a scheme that has two slashes still has a host.
 */
export function hostOfUri(uri: string): string | undefined {
  const scheme = schemeOf(uri)
  const start = scheme === undefined ? uri.indexOf('//') : scheme.length + 1
  if (start === -1 || !uri.startsWith('//', start)) {
    return undefined
  }
  let end = start + 2
  while (end < uri.length && !'/?#'.includes(uri.charAt(end))) {
    end += 1
  }
  const authority = uri.slice(start + 2, end)
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  if (host.startsWith('[')) {
    return host.slice(1, Math.max(1, host.indexOf(']')))
  }
  const colon = host.indexOf(':')
  return colon === -1 ? host : host.slice(0, colon)
}

/** A text for a finding: quoted and bounded. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
}

export function isAsciiText(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) > 0x7f) {
      return false
    }
  }
  return true
}
