/**
 * What a kind of hardware is: how much room it takes, and what can be plugged into it. Read from the NetBox device-type format, which is what makers and
 * operators publish (https://github.com/netbox-community/devicetype-library, CC0); the built-in ones are in `built-in.ts`. What a source does not say stays absent.
 */
import { z } from 'zod'
import { freeze } from '#base/canonical.ts'
import { type Diagnostic, diagnose, type Result } from '#base/diagnostic.ts'
import { type PortMedium, readInterfaceType } from './port-medium.ts'

/** One device type. */
export interface DeviceType {
  /** `manufacturer/model` in lower case, `edgecore/as7326-56x`: its name in the catalogue, see {@link slugOf}. */
  readonly slug: string
  readonly manufacturer: string
  readonly model: string
  /** Rack units; 0 is mounted beside the units, or not in a rack at all. */
  readonly height: number
  /** Whether it also takes the units behind it. */
  readonly fullDepth: boolean
  /** kg. */
  readonly weight?: number
  readonly airflow?: Airflow
  /** The Ethernet ports, in the order of the front plate; what is virtual, a LAG, wireless or not Ethernet is no port. */
  readonly ports: readonly Port[]
  readonly powerPorts: readonly PowerPort[]
  readonly consolePorts: readonly ConsolePort[]
  /** Bays for power supplies, fans and line cards. What is in them is not said here, so ports and power may be more than listed. */
  readonly moduleBays: number
}

/** Where the cooling air comes in and goes out. */
export type Airflow = z.infer<typeof AIRFLOW>

/** An Ethernet port. */
export interface Port {
  /** As the operating system names it: in files of the library whatever the maker's does, in the built-in catalogue as Linux does. */
  readonly name: string
  /** bit/s, the highest it runs at. */
  readonly speed: number
  readonly medium: PortMedium
  /** Only for managing the device: it does not forward. */
  readonly management: boolean
  /** A management port of a controller beside the operating system, which has no interface for it. */
  readonly controller?: true
  /** Power over Ethernet: `pse` gives it, `pd` takes it. */
  readonly poe?: PoeMode
  /** The standard of it, such as `type2-ieee802.3at`. */
  readonly poeType?: string
}

/** The side of Power over Ethernet a port is on (IEEE 802.3 clause 33). */
export type PoeMode = z.infer<typeof POE_MODE>

/** An inlet for power. */
export interface PowerPort {
  readonly name: string
  /** NetBox's name of the inlet, such as `iec-60320-c14`. */
  readonly type: string
  /** W. */
  readonly maximumDraw?: number
}

/** A serial console. */
export interface ConsolePort {
  readonly name: string
  readonly type: string
}

/** kg in each unit of weight of the format. A pound is 0.45359237 kg exactly (1959), an ounce a sixteenth of it. */
const KILOGRAMS = { kg: 1, g: 0.001, lb: 0.45359237, oz: 0.45359237 / 16 } as const

const AIRFLOW = z.enum(['front-to-rear', 'rear-to-front', 'left-to-right', 'right-to-left', 'side-to-rear', 'passive', 'mixed'])
const POE_MODE = z.enum(['pse', 'pd'])
const NAME = z.string().min(1)
const INTERFACE_TYPE = z.string().transform((type, { addIssue }) => {
  const read = readInterfaceType(type)
  if (!read) addIssue(`the format has no interface type ${type}`)
  return read ?? z.NEVER
})

/** What makers call the port of a controller beside the operating system. */
const CONTROLLER = /^(bmc|i?drac|ilo|ipmi|cimc|imm|xcc)\b/i

/** What is read of a file of the format (schema/devicetype.json of the library); its other members are passed over. */
const FILE = z
  .object({
    manufacturer: NAME,
    model: NAME,
    // NetBox takes one unit and full depth for what is not given (its DeviceType model).
    u_height: z.number().nonnegative().multipleOf(0.5).default(1),
    is_full_depth: z.boolean().default(true),
    // A weight or draw of 0, which the format allows, says nothing.
    weight: z.number().nonnegative().optional(),
    weight_unit: z.enum(['kg', 'g', 'lb', 'oz']).optional(),
    airflow: AIRFLOW.optional(),
    interfaces: named({ type: INTERFACE_TYPE, mgmt_only: z.boolean().default(false), poe_mode: POE_MODE.optional(), poe_type: z.string().optional() }),
    'power-ports': named({ type: NAME, maximum_draw: z.number().nonnegative().optional() }),
    'console-ports': named({ type: NAME }),
    'module-bays': named({}),
  })
  .refine((file) => file.weight === undefined || file.weight_unit !== undefined, { path: ['weight_unit'], error: 'a weight needs its unit' })

/** Components of one kind, in which a name occurs once. */
function named<Shape extends z.ZodRawShape>(shape: Shape) {
  const component = z.object({ name: NAME, ...shape })
  return z
    .array(component)
    .default([])
    .check(({ value, issues }) => {
      const seen = new Set<string>()
      for (const [index, { name }] of (value as { name: string }[]).entries()) {
        if (seen.has(name)) issues.push({ code: 'custom', input: value, path: [index, 'name'], message: `the name ${name} occurs twice` })
        seen.add(name)
      }
    })
}

/** Reads a file of the NetBox device-type format, parsed to plain data. All that is wrong with it is said at once. */
export function readDeviceType(data: unknown): Result<DeviceType> {
  const parsed = FILE.safeParse(data)
  if (!parsed.success)
    return { ok: false, diagnostics: parsed.error.issues.map((issue) => invalid(nameOf(data), `${issue.path.join('.') || 'file'}: ${issue.message}`)) }
  const file = parsed.data
  return {
    ok: true,
    diagnostics: [],
    value: freeze({
      slug: slugOf(file.manufacturer, file.model),
      manufacturer: file.manufacturer,
      model: file.model,
      height: file.u_height,
      fullDepth: file.is_full_depth,
      ...(file.weight && file.weight_unit && { weight: Number((file.weight * KILOGRAMS[file.weight_unit]).toPrecision(6)) }),
      ...(file.airflow && { airflow: file.airflow }),
      ports: file.interfaces.flatMap(({ name, type, mgmt_only, poe_mode, poe_type }) =>
        type === 'no-port'
          ? []
          : [
              {
                name,
                ...type,
                management: mgmt_only,
                ...(CONTROLLER.test(name) && { controller: true }),
                ...(poe_mode && { poe: poe_mode }),
                ...(poe_type && { poeType: poe_type }),
              },
            ],
      ),
      powerPorts: file['power-ports'].map(({ name, type, maximum_draw }) => ({ name, type, ...(maximum_draw && { maximumDraw: maximum_draw }) })),
      consolePorts: file['console-ports'],
      moduleBays: file['module-bays'].length,
    }),
  }
}

/**
 * The name of a device type in the catalogue, `edgecore/as7326-56x`. Made of manufacturer and model and not of the file's own `slug`, which not every library of the format
 * has; `+` becomes `plus`, since makers name models that differ in nothing else.
 */
export function slugOf(manufacturer: string, model: string): string {
  return `${slug(manufacturer)}/${slug(model)}`
}

function slug(name: string): string {
  return name
    .toLowerCase()
    .replaceAll('+', '-plus')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}

function invalid(type: string, problem: string): Diagnostic {
  return diagnose('invalid-device-type', { type, problem })
}

/** What the user calls it, as far as the data goes. */
function nameOf(data: unknown): string {
  const { manufacturer, model } = (data ?? {}) as { manufacturer?: unknown; model?: unknown }
  return [manufacturer, model].filter((part) => typeof part === 'string').join(' ') || 'without a name'
}
