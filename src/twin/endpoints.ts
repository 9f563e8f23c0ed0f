/** Starts {@link file://./endpoint.ts} in namespaces and gives it orders. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Held, Knocked, Order, Outcome } from './endpoint.ts'
import type { Lab } from './lab.ts'

/** A flow that somebody starts. */
export interface Flow {
  readonly protocol: 'tcp' | 'udp'
  readonly from: string
  readonly to: string
  readonly port: number
}

/** A question that was asked and may never be answered. */
export interface Asked {
  /** The answer, or why there is none; undefined while it is open. */
  outcome?: Outcome
  forget(): void
}

/** A machine that sends and receives. */
export interface Endpoint {
  /** Listens and answers; waits until the address is there. */
  listen(protocol: 'tcp' | 'udp', address: string, port: number, seconds: number): Promise<void>
  /** Asks until there is an answer, and returns it. Throws after `seconds` with what happened last. */
  ask(flow: Flow, seconds: number): Promise<string>
  /** Asks once, as long as it is not forgotten. */
  tryOnce(flow: Flow): Asked
  /** Keeps one TCP connection busy, until it is asked what became of it. */
  hold(flow: Flow): () => Promise<Held>
  /** Opens TCP connections one after another, until it is asked what became of them. */
  knock(flow: Flow): () => Promise<Knocked>
}

/** Endpoints of a lab. */
export interface Endpoints {
  /** That of a machine, started when it is first wanted. */
  of(machine: string): Endpoint
  /** Ends all of them. */
  close(): void
}

/** Endpoints for the machines of a lab, none started yet. */
export function endpointsIn(lab: Lab): Endpoints {
  const known = new Map<string, Endpoint & { close(): void }>()
  return {
    of(machine) {
      const found = known.get(machine) ?? startEndpoint(lab, machine)
      known.set(machine, found)
      return found
    },
    close() {
      for (const endpoint of known.values()) endpoint.close()
    },
  }
}

function startEndpoint(lab: Lab, machine: string): Endpoint & { close(): void } {
  const program = [process.execPath, '--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'endpoint.ts'), `${lab.folder}/`]
  const child: ChildProcess = spawn('nsenter', [`--net=/run/netns/${lab.namespaceOf(machine)}`, ...program], { stdio: ['pipe', 'pipe', 'inherit'] })
  const open = new Map<number, (outcome: Outcome) => void>()
  let last = 0
  createInterface(child.stdout!).on('line', (line) => {
    const outcome = JSON.parse(line) as Outcome
    open.get(outcome.id)?.(outcome)
    open.delete(outcome.id)
  })
  child.on('exit', () => {
    for (const [id, tell] of open) tell({ id, error: 'the process in the namespace ended' })
  })
  const send = (order: Order) => child.stdin!.write(`${JSON.stringify(order)}\n`)
  const order = (make: (id: number) => Order): Promise<Outcome> => {
    const id = ++last
    send(make(id))
    return new Promise((done) => open.set(id, done))
  }
  const orThrow = ({ answer, error }: Outcome, what: string): string => {
    if (answer === undefined) throw new Error(`${machine}: ${what}: ${error}`)
    return answer
  }
  const ongoing = <T>(what: 'hold' | 'knock', flow: Flow) => {
    let id = 0
    const outcome = order((given) => {
      id = given
      return { id, do: what, ...flow }
    })
    return async () => {
      send({ id, do: 'forget', protocol: flow.protocol, port: flow.port })
      return JSON.parse(orThrow(await outcome, `${flow.from} to ${flow.to} ${flow.port}/${flow.protocol}`)) as T
    }
  }
  return {
    async listen(protocol, address, port, seconds) {
      orThrow(await order((id) => ({ id, do: 'listen', protocol, address, port, seconds })), `listening on ${address} ${port}/${protocol}`)
    },
    async ask(flow, seconds) {
      return orThrow(await order((id) => ({ id, do: 'ask', ...flow, seconds })), `${flow.from} to ${flow.to} ${flow.port}/${flow.protocol}`)
    },
    tryOnce(flow) {
      const { protocol, port } = flow
      let id = 0
      const asked: Asked = { forget: () => send({ id, do: 'forget', protocol, port }) }
      void order((given) => {
        id = given
        return { id, do: 'ask', ...flow, seconds: 0 }
      }).then((outcome) => {
        asked.outcome = outcome
      })
      return asked
    },
    hold: (flow) => ongoing<Held>('hold', flow),
    knock: (flow) => ongoing<Knocked>('knock', flow),
    close: () => child.stdin!.end(),
  }
}
