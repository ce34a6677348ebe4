import type { WebhookRequest } from '../../../core/webhooks/change-webhook.ts'
import {
  type NoticeDay,
  noticeDays,
  type WebhookEvent,
  webhookEvents,
} from '../../../core/webhooks/webhook.ts'
import { readInteger } from '../../json-values.ts'
import type { Reader } from '../reader.ts'

const shortestSecret = 32

/** A whole webhook. Settings that are not named tell everything, without chains. */
export function readWebhook(body: Reader): WebhookRequest {
  const endpoint = body.requiredText('endpoint', { longest: 2_048, anyCharacter: true })
  const secret = readSecret(body, body.requiredText('secret', { anyCharacter: true }))
  if (!body.has('events')) body.require('events')
  return {
    endpoint,
    secret,
    events: readEvents(body),
    tellsInstantIssuance: true,
    noticeDays,
    sendsChain: false,
    sendsInstantChain: false,
    ...readSettings(body),
  }
}

/** What `PUT /webhook/{id}` changes; what is absent stays. */
export function readWebhookChanges(body: Reader): Partial<WebhookRequest> {
  const endpoint = body.text('endpoint', { longest: 2_048, anyCharacter: true })
  const secret = body.text('secret', { anyCharacter: true })
  return {
    ...(endpoint !== undefined && { endpoint }),
    ...(secret !== undefined && { secret: readSecret(body, secret) }),
    ...(body.has('events') && { events: readEvents(body) }),
    ...readSettings(body),
  }
}

/** It goes into a header as it is. */
export function readSecret(body: Reader, secret: string): string {
  if (secret === '') return secret
  if (secret.length < shortestSecret) body.complain('invalid_value', 'secret')
  else if (!/^[\x21-\x7e]+$/.test(secret)) body.complain('invalid_chars', 'secret')
  return secret
}

function readEvents(body: Reader): readonly WebhookEvent[] {
  const events = body.texts('events').flatMap((text, place) => {
    const event = webhookEvents.find((each) => each === text.toLowerCase())
    if (event === undefined) body.complain('invalid_value', `events.${place}`)
    return event === undefined ? [] : [event]
  })
  return [...new Set(events)]
}

function readSettings(body: Reader): Partial<WebhookRequest> {
  const settings = body.object('webhook_settings')
  const tellsInstantIssuance = settings.flag('instant_issue_webhook_notification')
  const sendsChain = settings.flag('webhook_send_certificate_chain')
  const sendsInstantChain = settings.flag('webhook_send_instant_issued_certificate_chain')
  return {
    ...(tellsInstantIssuance !== undefined && { tellsInstantIssuance }),
    ...(sendsChain !== undefined && { sendsChain }),
    ...(sendsInstantChain !== undefined && { sendsInstantChain }),
    ...(settings.has(frequency) && { noticeDays: readDays(settings) }),
  }
}

const frequency = 'webhook_notification_frequency'

function readDays(settings: Reader): readonly NoticeDay[] {
  const days = settings.texts(frequency).flatMap((text, place) => {
    const day = noticeDays.find((each) => each === readInteger(text))
    if (day === undefined) settings.complain('invalid_value', `${frequency}.${place}`)
    return day === undefined ? [] : [day]
  })
  return [...new Set(days)]
}
