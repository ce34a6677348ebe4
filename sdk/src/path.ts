/**
 * A path whose parameters are encoded, each as one segment: `/mpki/api/v1/seat/:seat_id` with the value of `seat_id`.
 *
 * @throws {TypeError} for a parameter that is absent or empty or would be taken for a step up or nowhere (RFC 3986,
 *   section 5.2.4): the request would reach another resource
 */
export function pathOf(template: string, parameters: Readonly<Record<string, string>>): string {
  return template.replaceAll(/:(\w+)/g, (_, name: string) => {
    const parameter = parameters[name] ?? ''
    if (parameter === '' || parameter === '.' || parameter === '..') {
      throw new TypeError(`"${parameter}" cannot be part of a path`)
    }
    return encodeURIComponent(parameter)
  })
}

/** One value is one parameter; a list is the parameter repeated; what is undefined is left out. */
export type Query = object

/** With the question mark, or empty. Values are written as text, dates as RFC 3339. */
export function queryText(query: Query | undefined): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const each of [value].flat()) {
      if (each === undefined || each === null) continue
      parameters.append(name, each instanceof Date ? each.toISOString() : String(each))
    }
  }
  const text = parameters.toString()
  return text === '' ? '' : `?${text}`
}
