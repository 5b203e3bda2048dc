// The ports that a simulated process is given: each call waits until the schedule comes to it, and may fail.
import { defaultSettings } from '../../lib/app/deps.ts'
import type { Bus } from '../../lib/ports/bus.ts'
import type { Functions } from '../../lib/ports/functions.ts'
import type { Objects, StoredObject } from '../../lib/ports/objects.ts'
import type { Table } from '../../lib/ports/table.ts'
import type { Fault } from './faults.ts'
import { frozen } from './json.ts'
import type { MemoryStore } from './memory-store.ts'
import type { ModelBus } from './model-bus.ts'
import type { SimDeps } from './parts.ts'
import type { Process, World } from './world.ts'

export type Stored = { objects: Map<string, StoredObject>; etags: number }

/** What all processes share, and outlives them. */
export type Shared = {
  world: World<SimDeps>
  store: MemoryStore
  objects: Stored
  bus: ModelBus
  /** Told of an object before it is stored. */
  onPut: (key: string, bytes: Uint8Array) => void
  startFunction: (name: string) => void
}

type Call = <T>(
  site: Parameters<World<SimDeps>['call']>[0],
  what: () => string,
  effect: (fault?: Fault) => T,
) => Promise<T>

const notSimulated = (): never => {
  throw new Error('not simulated')
}

const keyText = ({ pk, sk }: { pk: string; sk: string }): string => `${pk}/${sk}`

function tableOf(call: Call, { world, store }: Shared): Table {
  // Down to nothing at all: then only the token says that there is more.
  const cut = (fault?: Fault) => (fault === 'short_page' ? { cut: world.rng.below(3) } : {})
  return {
    get: (keys) =>
      call(
        'table.get',
        () => `get ${keys.map(keyText)}`,
        () => store.get(keys),
      ),
    query: (query) =>
      call(
        'table.query',
        () => `query ${query.pk}`,
        (fault) => store.query(query, cut(fault)),
      ),
    list: (query) =>
      call(
        'table.list',
        () => `list ${query.name}`,
        (fault) => {
          const page = store.list(query, cut(fault))
          if (fault !== 'stale_list') return page
          return { ...page, items: page.items.slice(0, world.rng.below(page.items.length + 1)) }
        },
      ),
    write: (ops) => {
      const copied = frozen(ops)
      return call(
        'table.write',
        () => `write ${ops.map((op) => `${op.op} ${keyText(op.op === 'put' ? op.item : op.key)}`)}`,
        () => store.write(copied),
      )
    },
    scan: notSimulated,
    close: async () => {},
  }
}

function objectsOf(call: Call, { objects: stored, onPut }: Shared): Objects {
  return {
    get: (key, { ifNoneMatch } = {}) =>
      call(
        'objects.get',
        () => `get object ${key}`,
        (fault) => {
          const object = stored.objects.get(key)
          if (!object || fault === 'missing') return undefined
          if (fault === 'corrupt') return { ...object, bytes: new TextEncoder().encode('{"set":') }
          return object.etag === ifNoneMatch ? 'not_modified' : object
        },
      ),
    put: (key, bytes, { ifMatch, ifAbsent } = {}) =>
      call(
        'objects.put',
        () => `put object ${key}`,
        () => {
          const before = stored.objects.get(key)
          if (ifAbsent && before) return 'refused' as const
          if (ifMatch !== undefined && before?.etag !== ifMatch) return 'refused' as const
          onPut(key, bytes)
          const etag = `etag-${++stored.etags}`
          stored.objects.set(key, { bytes, etag })
          return { etag }
        },
      ),
    list: notSimulated,
    delete: (key) =>
      call(
        'objects.delete',
        () => `delete object ${key}`,
        () => void stored.objects.delete(key),
      ),
  }
}

function busOf(call: Call, process: Process<SimDeps>, shared: Shared): Bus {
  const { world, bus } = shared
  return {
    capabilities: {
      detectsConflicts: bus.kind === 'embedded',
      replayByPattern: true,
      replayRate: true,
      replayInOrder: false,
    },
    // Its failures are answers, so that what was thrown elsewhere is a batch of rejected events here.
    async publish(events) {
      const copied = frozen(events)
      let answered: Fault | undefined
      try {
        return await call(
          'bus.publish',
          () => `publish ${events.map(({ id }) => id)}`,
          (fault) => {
            answered = fault
            return bus.publish(copied, fault)
          },
        )
      } catch (error) {
        if (!process.alive || !(error instanceof Error)) throw error
        world.say(() => `${process.name} hears that publishing failed (${answered ?? 'nothing was sent'})`)
        return bus.publish(copied, 'throw')
      }
    },
    archive: { read: notSimulated },
    deadLetters: { list: notSimulated, redrive: notSimulated, discard: notSimulated },
    replay: notSimulated,
    replayStatus: notSimulated,
    cancelReplay: notSimulated,
    close: async () => {},
  }
}

/** Everything that a process needs; its table is its own object, as memory that hangs on it dies with the process. */
export function portsOf(process: Process<SimDeps>, shared: Shared): SimDeps {
  const { world, bus } = shared
  const call: Call = (site, what, effect) => world.call(site, process, what, effect)
  const functions: Functions = {
    async call(name, event) {
      const called = await call(
        'functions.call',
        () => `call ${name}`,
        (fault) => {
          if (fault === 'duplicate') void bus.call(name, frozen(event))
          return bus.call(name, frozen(event))
        },
      )
      return await called
    },
    start: (name) =>
      call(
        'functions.start',
        () => `start ${name}`,
        () => shared.startFunction(name),
      ),
    nameOf: (arn) => arn,
  }
  return {
    table: tableOf(call, shared),
    objects: objectsOf(call, shared),
    bus: busOf(call, process, shared),
    functions,
    clock: { now: () => world.nowMs + process.skewMs },
    random: world.rng,
    settings: defaultSettings,
  }
}
