// How a bug is planted: a use case or handler is replaced by one that has it, mostly the very same with a wrong view of
// the table or the bus. Nothing in the product knows of it.
import type { Bus } from '../../../lib/ports/bus.ts'
import type { Table, WriteOp } from '../../../lib/ports/table.ts'
import type { Parts, SimDeps } from '../parts.ts'

/** A bug that people make, and the shop with it. */
export type Bug = { name: string; plant: (parts: Parts) => Parts }

type Wrap = (deps: SimDeps) => SimDeps

/** Handlers that see other deps. */
export const inHandlers =
  (names: readonly string[], wrap: Wrap) =>
  (parts: Parts): Parts => {
    const wrapped = names.map((name) => {
      const handle = parts.handlers[name]
      if (!handle) throw new Error(`there is no handler ${name}`)
      return [name, (deps, event, delivery) => handle(wrap(deps), event, delivery)] as const satisfies [
        string,
        typeof handle,
      ]
    })
    return { ...parts, handlers: { ...parts.handlers, ...Object.fromEntries(wrapped) } }
  }

/** Handlers around the real ones. */
export const aroundHandlers =
  (names: readonly string[], around: (handle: Parts['handlers'][string]) => Parts['handlers'][string]) =>
  (parts: Parts): Parts => {
    const wrapped = names.map((name) => [name, around(parts.handlers[name] as Parts['handlers'][string])])
    return { ...parts, handlers: { ...parts.handlers, ...Object.fromEntries(wrapped) } }
  }

/** Deps whose table does some things otherwise. */
export const tableWith =
  (change: (table: Table, deps: SimDeps) => Partial<Table>): Wrap =>
  (deps) => ({ ...deps, table: { ...deps.table, ...change(deps.table, deps) } })

/** Deps whose writes are changed on their way. */
export const writing = (change: (op: WriteOp, deps: SimDeps) => WriteOp | undefined): Wrap =>
  tableWith((table, deps) => ({
    write: (ops) => table.write(ops.map((op) => change(op, deps)).filter((op) => op !== undefined)),
  }))

/** Deps that cannot see some items. */
export const blindTo = (isHidden: (pk: string, sk: string) => boolean): Wrap =>
  tableWith((table) => ({
    get: async (keys) => {
      const items = await table.get(keys)
      return items.map((item) => (item && isHidden(item.pk, item.sk) ? undefined : item))
    },
  }))

/** Two writes where there should be one: those that `isFirst` chooses, then the others. */
export const writingApart = (isFirst: (op: WriteOp) => boolean): Wrap =>
  tableWith((table) => ({
    write: async (ops) => {
      const first = await table.write(ops.filter(isFirst))
      return first.ok ? await table.write(ops.filter((op) => !isFirst(op))) : first
    },
  }))

type Told = Pick<SimDeps, 'bus' | 'table'>

/** A relay that sees another bus or table. */
export const inRelay =
  (wrap: <D extends Told>(deps: D) => D): Bug['plant'] =>
  (parts) => ({
    ...parts,
    relayOutbox: (deps, items) => parts.relayOutbox(wrap(deps), items),
    relayStream: (deps, batch) => parts.relayStream(wrap(deps), batch),
    sweepOutbox: (deps) => parts.sweepOutbox(wrap(deps)),
  })

/** Deps that publish otherwise. */
export const busWith = (publish: (bus: Bus, table: Table) => Bus['publish']) => {
  return <D extends Told>(deps: D): D => ({ ...deps, bus: { ...deps.bus, publish: publish(deps.bus, deps.table) } })
}

export const chain =
  (...wraps: readonly Wrap[]): Wrap =>
  (deps) =>
    wraps.reduce((changed, wrap) => wrap(changed), deps)

export const keyOf = (op: WriteOp) => (op.op === 'put' ? op.item : op.key)

/** The op without its condition, where `isMeant`. */
export const unconditional = (isMeant: (pk: string, sk: string) => boolean) =>
  writing((op) => {
    const { pk, sk } = keyOf(op)
    if (!isMeant(pk, sk) || op.op === 'check') return op
    const { if: _condition, ...rest } = op
    return rest
  })

export const isMarker = (pk: string): boolean => pk.startsWith('seen#')
export const isOutbox = (pk: string): boolean => pk.startsWith('outbox#')
