/** What is booted: machines with the files that configure them, and the cables between their ports. Nothing here knows of a design. */

/** A machine. */
export interface Machine {
  /** Unique; `bos1/leaf-r01`. */
  readonly name: string
  /** Its files by name: `network.ip`, `sysctl.conf`, `hostname`, `frr.conf`, … What is absent is not applied. */
  readonly files: ReadonlyMap<string, string>
  /** Secrets that its files name, by name, with their values. */
  readonly secrets?: ReadonlyMap<string, string>
}

/** An end of a cable. */
export interface Plug {
  readonly machine: string
  /** The port's name as the machine knows it. */
  readonly port: string
}

/** A cable between two ports. */
export type Cable = readonly [Plug, Plug]
