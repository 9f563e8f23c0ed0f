/**
 * Test traffic, in a process of its own inside a namespace: listens where it is told, answers with who asked, and asks others. Orders come as lines of JSON on standard input
 * ({@link Order}), results go out the same way ({@link Outcome}). Ends when its input does.
 */
import { createSocket } from 'node:dgram'
import { connect, createServer } from 'node:net'
import { createInterface } from 'node:readline'

/**
 * An order. `seconds` is how long it is tried again; one with 0 is a single attempt that goes on until it is forgotten. Two others go on until they are forgotten, and are answered then: `hold` keeps
 * one TCP connection busy ({@link Held}), `knock` opens a new one again and again ({@link Knocked}).
 */
export type Order = { readonly id: number; readonly protocol: 'tcp' | 'udp'; readonly port: number } & (Insistent | Lasting | { readonly do: 'forget' })

type Insistent =
  | { readonly do: 'listen'; readonly address: string; readonly seconds: number }
  | { readonly do: 'ask'; readonly from: string; readonly to: string; readonly seconds: number }

type Lasting = { readonly do: 'hold' | 'knock'; readonly from: string; readonly to: string }

/** What became of a connection that was held. */
export interface Held {
  /** Who answered, as soon as somebody has. */
  readonly greeting: string
  /** The longest time without an echo, in ms. */
  readonly silence: number
  readonly echoes: number
  /** How it ended, if it did so by itself. */
  readonly ended?: string
}

/** What became of connections that were opened one after another. */
export interface Knocked {
  /** The longest time in which none was answered, in ms: from the first of a row that were not to the next one that was; 0 if all were. One that is late by itself, on a loaded machine, is a beat. */
  readonly trouble: number
  readonly answered: number
  readonly failed: number
}

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

/** Between echoes of a connection that is held, and between knocks, in ms. */
const BEAT = 50
/** How long a knock may take, in ms: one that is not answered at once is lost. */
const KNOCK = 400

const forget = new Map<number, () => void>()

type Attempt = { readonly done: Promise<string>; stop(): void }

function listenOnce(protocol: 'tcp' | 'udp', address: string, port: number): Promise<string> {
  const answer = (from: string) => `${address} answers ${from}`
  return new Promise((done, failed) => {
    if (protocol === 'tcp') {
      const server = createServer((socket) => {
        socket.on('error', () => {}).write(`${answer(socket.remoteAddress ?? '')}\n`)
        socket.pipe(socket)
      })
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
      socket.on('data', (data) => {
        said += data
        if (said.includes('\n')) answered(said.slice(0, said.indexOf('\n')))
      })
      socket.on('end', () => failed(new Error('closed without an answer'))).on('error', failed)
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

function hold(from: string, to: string, port: number): () => Held {
  const socket = connect({ host: to, port, localAddress: from, noDelay: true })
  let [said, echoes, silence, last, ended] = ['', 0, 0, performance.now(), undefined as string | undefined]
  const quiet = () => Math.max(silence, performance.now() - last)
  socket.on('data', (data) => {
    if (!said.includes('\n')) said += data
    else echoes += data.length
    silence = quiet()
    last = performance.now()
  })
  socket.on('error', ({ message }) => (ended ??= message)).on('close', () => (ended ??= 'closed'))
  const beat = setInterval(() => said.includes('\n') && ended === undefined && socket.write('.'), BEAT)
  return () => {
    clearInterval(beat)
    const found = { greeting: said.split('\n')[0]!, silence: Math.round(quiet()), echoes, ...(ended === undefined ? {} : { ended }) }
    socket.destroy()
    return found
  }
}

function knock(from: string, to: string, port: number): () => Knocked {
  const knocks: { readonly began: number; readonly answered: boolean }[] = []
  const beat = setInterval(() => {
    const began = performance.now()
    const attempt = askOnce('tcp', from, to, port)
    const late = new Promise<never>((_, lost) => setTimeout(() => lost(new Error('late')), KNOCK))
    Promise.race([attempt.done, late])
      .then(
        () => knocks.push({ began, answered: true }),
        () => knocks.push({ began, answered: false }),
      )
      .finally(() => attempt.stop())
  }, BEAT)
  return () => {
    clearInterval(beat)
    let [trouble, since] = [0, Number.POSITIVE_INFINITY]
    for (const { began, answered } of knocks.sort((a, b) => a.began - b.began)) {
      if (!answered) since = Math.min(since, began)
      trouble = Math.max(trouble, answered ? began - since : began + BEAT - since)
      if (answered) since = Number.POSITIVE_INFINITY
    }
    const answered = knocks.filter((knock) => knock.answered).length
    return { trouble: Math.round(trouble), answered, failed: knocks.length - answered }
  }
}

const pause = () => new Promise((done) => setTimeout(done, PAUSE))

async function obey(order: Order): Promise<string> {
  if (order.do === 'forget') {
    forget.get(order.id)?.()
    return ''
  }
  if (order.do === 'listen' || order.do === 'ask') return insist(order)
  const end = (order.do === 'hold' ? hold : knock)(order.from, order.to, order.port)
  return new Promise((done) => forget.set(order.id, () => done(JSON.stringify(end()))))
}

/** Obeys an order that ends by itself. */
async function insist(order: Order & Insistent): Promise<string> {
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
