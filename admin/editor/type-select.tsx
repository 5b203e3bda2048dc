// Chooses the kind of a condition or action. What the new kind has too stays; the rest comes back with the old kind.
import { labelOf } from '../labels.ts'
import type { Arg } from './arg-kinds.ts'
import { type Config, type Path, pointerOf } from './config-tree.ts'
import { setAt } from './editor-state.ts'
import { Field } from './fields.tsx'
import { recall, remember } from './stash.ts'

type Props = {
  path: Path
  value: Config
  label: string
  kind: 'conditions' | 'actions'
  types: readonly string[]
  argsOf: (type: string) => readonly Arg[]
}

export function TypeSelect({ path, value, label, kind, types, argsOf }: Props) {
  const type = String(value.type ?? '')
  const choose = (next: string): void => {
    const key = (name: string): string => `${pointerOf(path)}#${name}`
    remember(key(type), value)
    const old = types.includes(type) ? argsOf(type) : []
    const shared = argsOf(next).filter(({ name, kind }) =>
      old.some((arg) => arg.name === name && JSON.stringify(arg.kind) === JSON.stringify(kind)),
    )
    const kept = Object.fromEntries(shared.flatMap(({ name }) => (name in value ? [[name, value[name]]] : [])))
    setAt(path, { ...((recall(key(next)) as Config | undefined) ?? {}), ...kept, type: next })
  }
  return (
    <Field path={[...path, 'type']} label={label} help={types.includes(type) ? labelOf(kind, type).help : undefined}>
      {(control) => (
        <select {...control} value={type} onChange={(event) => choose(event.currentTarget.value)}>
          {!types.includes(type) && <option value={type}>{type}</option>}
          {types.map((name) => (
            <option key={name} value={name}>
              {labelOf(kind, name).label}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
