/**
 * Test traffic, in a process of its own inside a namespace: listens where it is told, answers with who asked, and asks others. Orders come as lines of JSON on standard input
 * ({@link Order}), results go out the same way ({@link Outcome}). Ends when its input does.
 */
import { createSocket } from 'node:dgram'
import { connect, createServer } from 'node:net'
import { createInterface } from 'node:readline'

/** An order. `seconds` is how long it is tried again; one with 0 is a single attempt that goes on until it is forgotten. */
export type Order = { readonly id: number; readonly protocol: 'tcp' | 'udp'; readonly port: number } & (
  | { readonly do: 'listen'; readonly address: string; readonly seconds: number }
  | { readonly do: 'ask'; readonly from: string; readonly to: string; readonly seconds: number }
  | { readonly do: 'forget' }
)

/** What became of the order of that id: what was answered, or why nothing was. */
export interface Outcome {
  readonly id: number
  readonly answer?: string
  readonly error?: string
}

/** How long one attempt may take, in ms: two transmissions of a SYN. */
const ATTEMPT = 2500
/** Between attempts, in ms. */
const PAUSE = 200

const forget = new Map<number, () => void>()

type Attempt = { readonly done: Promise<string>; stop(): void }

function listenOnce(protocol: 'tcp' | 'udp', address: string, port: number): Promise<string> {
  const answer = (from: string) => `${address} answers ${from}`
  return new Promise((done, failed) => {
    if (protocol === 'tcp') {
      const server = createServer((socket) => socket.on('error', () => {}).end(answer(socket.remoteAddress ?? '')))
      server.on('error', failed).listen({ host: address, port, ipv6Only: address.includes(':') }, () => done(''))
    } else {
      const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
      socket.on('message', (_, { address: from, port: back }) => socket.send(answer(from), back, from))
      socket.on('error', failed).bind(port, address, () => done(''))
    }
  })
}

function askOnce(protocol: 'tcp' | 'udp', from: string, to: string, port: number): Attempt {
  if (protocol === 'tcp') {
    const socket = connect({ host: to, port, localAddress: from })
    let said = ''
    const done = new Promise<string>((answered, failed) => {
      socket.on('data', (data) => (said += data)).on('end', () => answered(said))
      socket.on('error', failed)
    })
    return { done, stop: () => socket.destroy() }
  }
  const socket = createSocket(to.includes(':') ? 'udp6' : 'udp4')
  const send = () => socket.send('anyone there?', port, to)
  let again: NodeJS.Timeout | undefined
  const done = new Promise<string>((answered, failed) => {
    socket.on('message', (message) => answered(String(message))).on('error', failed)
    socket.bind(0, from, () => {
      send()
      again = setInterval(send, 1000)
    })
  })
  return {
    done,
    stop: () => {
      clearInterval(again)
      socket.close()
    },
  }
}

const pause = () => new Promise((done) => setTimeout(done, PAUSE))

async function obey(order: Order): Promise<string> {
  if (order.do === 'forget') {
    forget.get(order.id)?.()
    return ''
  }
  const deadline = performance.now() + order.seconds * 1000
  for (;;) {
    try {
      if (order.do === 'listen') return await listenOnce(order.protocol, order.address, order.port)
      const attempt = askOnce(order.protocol, order.from, order.to, order.port)
      const given = new Promise<never>((_, failed) => {
        if (order.seconds > 0) setTimeout(() => failed(new Error('no answer')), ATTEMPT).unref()
        forget.set(order.id, () => failed(new Error('forgotten')))
      })
      try {
        return await Promise.race([attempt.done, given])
      } finally {
        attempt.stop()
      }
    } catch (error) {
      // An IPv6 address is not there for a second after its link came up, and neither are routes.
      if (performance.now() > deadline) throw error
      await pause()
    }
  }
}

const say = (outcome: Outcome) => process.stdout.write(`${JSON.stringify(outcome)}\n`)
createInterface(process.stdin)
  .on('line', (line) => {
    const order = JSON.parse(line) as Order
    obey(order).then(
      (answer) => order.do !== 'forget' && say({ id: order.id, answer }),
      (error: Error) => say({ id: order.id, error: error.message }),
    )
  })
  .on('close', () => process.exit())
