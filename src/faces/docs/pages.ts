import type { ErrorCatalogue, ErrorEntry } from '../../core/catalogue.ts'
import type { Language } from '../../core/faults.ts'
import { type Html, html } from '../html.ts'
import { texts } from './texts.ts'

/** A path that is served, as the router knows it. */
export interface ServedRoute {
  readonly face: string
  readonly method: string
  readonly path: string
}

/** The only asset; served from here, so that the pages load nothing from elsewhere. */
export const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.3rem .6rem;
border-bottom:1px solid #8884}code{font:.95em ui-monospace,monospace}@media(prefers-color-scheme:dark){
body{background:#111;color:#ddd}a{color:#8bf}}`

/** `/docs`: the paths of every face and where its error codes are explained. */
export function indexPage(
  catalogues: readonly ErrorCatalogue[],
  routes: readonly ServedRoute[],
  language: Language,
): Html {
  const text = texts[language]
  const faces = [...new Set(routes.map(({ face }) => face))]
  return page(
    text.title,
    language,
    html`<h1>${text.title}</h1><p>${text.introduction}</p>
<h2>${text.errors}</h2><ul>${catalogues.map(
      ({ face, title }) => html`<li><a href="/docs/errors/${face}">${title[language]}</a></li>`,
    )}</ul>
<h2>${text.routes}</h2>${faces.map((face) => routeTable(face, routes, language))}`,
  )
}

function routeTable(face: string, routes: readonly ServedRoute[], language: Language): Html {
  const text = texts[language]
  const rows = routes
    .filter((route) => route.face === face)
    .map(({ method, path }) => html`<tr><td>${method}</td><td><code>${path}</code></td></tr>`)
  return html`<h3>${face}</h3><table><tr><th>${text.method}</th><th>${text.path}</th></tr>${rows}</table>`
}

/** `/docs/errors/{face}`: every code of a face. */
export function cataloguePage(catalogue: ErrorCatalogue, language: Language): Html {
  const text = texts[language]
  const rows = catalogue.entries.map(
    (
      entry,
    ) => html`<tr><td><a href="/docs/errors/${catalogue.face}/${encodeURIComponent(entry.code)}"><code>${entry.code}</code></a></td>
<td>${entry.httpStatus}</td><td>${entry.text[language].meaning}</td><td>${text.advice[entry.retryAdvice]}</td></tr>`,
  )
  const title = `${catalogue.title[language]}: ${text.errors}`
  return page(
    title,
    language,
    html`<p><a href="/docs">${text.title}</a></p><h1>${title}</h1>
<table><tr><th>${text.code}</th><th>${text.status}</th><th>${text.meaning}</th><th>${text.retry}</th></tr>${rows}</table>`,
  )
}

/** `/docs/errors/{face}/{code}`: one code with its causes, what to do, and whether to try again. */
export function entryPage(catalogue: ErrorCatalogue, entry: ErrorEntry, language: Language): Html {
  const text = texts[language]
  const { meaning, causes, fix, retry } = entry.text[language]
  return page(
    `${catalogue.title[language]}: ${entry.code}`,
    language,
    html`<p><a href="/docs/errors/${catalogue.face}">${catalogue.title[language]}</a></p>
<h1><code>${entry.code}</code></h1><p>${text.status} ${entry.httpStatus}</p><p>${meaning}</p>
<h2>${text.causes}</h2><ul>${causes.map((cause) => html`<li>${cause}</li>`)}</ul>
<h2>${text.fix}</h2><p>${fix}</p><h2>${text.retry}</h2><p>${retry}</p>`,
  )
}

function page(title: string, language: Language, content: Html): Html {
  const other = language === 'en' ? 'ja' : 'en'
  return html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><link rel="stylesheet" href="/docs/style.css"></head>
<body>${content}<p><a href="?lang=${other}" hreflang="${other}">${texts[language].otherLanguage}</a></p></body></html>
`
}
