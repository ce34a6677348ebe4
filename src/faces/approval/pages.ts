import type { Approval } from '../../core/domains/approve-by-mail.ts'
import type { Language } from '../../core/faults.ts'
import { type Html, html } from '../html.ts'
import { mailboxTexts, texts } from './texts.ts'

export const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:3rem auto;padding:0 1rem}
button{font:inherit;padding:.5rem 1.5rem}@media(prefers-color-scheme:dark){body{background:#111;color:#ddd}}`

/** What the link is about, with the button that approves; without it once that is done. */
export function approvalPage({ name, address, isApproved }: Approval, language: Language): Html {
  const text = (name === address ? mailboxTexts : texts)[language]
  if (isApproved) return page(language, text.approvedTitle, html`<p>${text.approved(name)}</p>`)
  return page(
    language,
    text.title,
    html`<p>${text.asked(name)}</p><p><code>${address}</code></p><p>${text.meaning}</p>
<form method="post"><button type="submit">${text.approve}</button></form>`,
  )
}

/** For a link that leads to nothing, whatever the reason. */
export function unknownPage(language: Language): Html {
  const text = texts[language]
  return page(language, text.unknownTitle, html`<p>${text.unknown}</p>`)
}

/** While the APIs are closed. @param message what the operator says about it; null: nothing */
export function closedPage(message: string | null, language: Language): Html {
  const text = texts[language]
  const said = message === null ? html`` : html`<p>${text.operatorSays(message)}</p>`
  return page(language, text.closedTitle, html`<p>${text.closed}</p>${said}`)
}

function page(language: Language, title: string, content: Html): Html {
  return html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>${title}</title>
<link rel="stylesheet" href="/domain-approval/style.css"></head><body><h1>${title}</h1>${content}</body></html>
`
}
