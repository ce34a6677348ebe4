import { Agent, request } from 'node:http'

/** An answer as it came. */
export interface KeptAnswer {
  readonly status: number
  readonly body: Buffer
}

/** Requests of one caller, one after the other over one connection. */
export class KeepAliveCaller {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })
  readonly #headers: Readonly<Record<string, string>>

  constructor(headers: Readonly<Record<string, string>>) {
    this.#headers = headers
  }

  get(url: string): Promise<KeptAnswer> {
    return new Promise((resolve, reject) => {
      const sent = request(url, { agent: this.#agent, headers: this.#headers })
      sent.on('error', reject)
      sent.on('response', (response) => {
        const chunks: Buffer[] = []
        response.on('error', reject)
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }))
      })
      sent.end()
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}
