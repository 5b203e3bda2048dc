// Which goods: rows of attribute, comparison and values, in groups of any, all and none; suggestions are what the
// catalogue really has.

import type { Scalar } from '../../lib/promos/filter-schema.ts'
import { t } from '../i18n.ts'
import { useId, useSignal } from '../signals.ts'
import { type Path, pointerOf, valueAt } from './config-tree.ts'
import { config, errorsAt, setAt, touch } from './editor-state.ts'
import { Chips, Errors, ErrorsAt, NumberInput, Suggestions } from './fields.tsx'
import {
  filterOf,
  type Group,
  groupOf,
  newGroup,
  newRow,
  type Operator,
  operators,
  type Part,
  type Row,
  withPart,
} from './filter-form.ts'
import { recall, remember } from './stash.ts'
import { attributeNames, readValue, valuesOf } from './suggestions.ts'

type Props = { path: Path; label: string; isOptional: boolean }

/** A filter that may be left out for all goods; leaving it out keeps what was chosen at hand. */
export function FilterField({ path, label, isOptional }: Props) {
  const pointer = pointerOf(path)
  const filter = valueAt(config.value, path)
  const name = useId()
  // The goods that an action acts on are the promotion's, when they are not others.
  const isOthers = path.at(-1) === 'targets'
  const choose = (isSome: boolean): void => {
    if (!isSome) remember(pointer, filter)
    setAt(path, isSome ? (recall(pointer) ?? {}) : undefined)
    if (isSome && recall(pointer) === undefined) setAt(path, { '': '' })
  }
  return (
    <fieldset class="group goods" id={pointer}>
      <legend>{label}</legend>
      {isOptional && (
        <div class="row">
          {[false, true].map((isSome) => (
            <label class="check" key={String(isSome)}>
              <input
                type="radio"
                name={name}
                checked={(filter !== undefined) === isSome}
                onChange={() => choose(isSome)}
              />
              {t(isSome ? (isOthers ? 'goods.others' : 'goods.some') : isOthers ? 'goods.same' : 'goods.all')}
            </label>
          ))}
        </div>
      )}
      {(filter !== undefined || !isOptional) && <FilterForm path={path} filter={filter} />}
      <ErrorsAt path={path} />
    </fieldset>
  )
}

type FormState = { group: Group; written: string; pointers: ReadonlyMap<number, string> }

const stateOf = (filter: unknown): FormState => {
  const group = groupOf(filter ?? { '': '' })
  return { group, written: JSON.stringify(filter), pointers: filterOf(group).pointers }
}

function FilterForm({ path, filter }: { path: Path; filter: unknown }) {
  const state = useSignal<FormState | undefined>(undefined)
  // Read anew when somebody else (the JSON, a restored version) wrote it.
  if (state.value === undefined || state.value.written !== JSON.stringify(filter)) state.value = stateOf(filter)
  const { group, pointers } = state.value
  const write = (next: Group): void => {
    const { filter: made, pointers } = filterOf(next)
    state.value = { group: next, written: JSON.stringify(made), pointers }
    setAt(path, made)
  }
  const change = (key: number, make: (part: Part) => Part | undefined): void =>
    write(key === group.key ? ((make(group) as Group | undefined) ?? group) : withPart(group, key, make))
  return <GroupForm group={group} isRoot base={path} pointers={pointers} change={change} />
}

type Change = (key: number, make: (part: Part) => Part | undefined) => void
type PartProps = { base: Path; pointers: ReadonlyMap<number, string>; change: Change }

function GroupForm({ group, isRoot = false, base, pointers, change }: PartProps & { group: Group; isRoot?: boolean }) {
  const append = (part: Part): void =>
    change(group.key, (old) => (old.kind === 'row' ? old : { ...old, parts: [...old.parts, part] }))
  return (
    <div class={isRoot ? 'filter' : `filter nested ${group.kind}`}>
      {!isRoot && (
        <div class="row">
          <select
            aria-label={t('group.kind')}
            value={group.kind}
            onChange={(event) => {
              const kind = event.currentTarget.value as Group['kind']
              change(group.key, (old) => (old.kind === 'row' ? old : { ...old, kind }))
            }}
          >
            {(['any', 'all', 'not'] as const).map((kind) => (
              <option key={kind} value={kind}>
                {t(`group.${kind}`)}
              </option>
            ))}
          </select>
          <RemoveButton onRemove={() => change(group.key, () => undefined)} />
        </div>
      )}
      {group.parts.map((part) =>
        part.kind === 'row' ? (
          <RowForm key={part.key} row={part} base={base} pointers={pointers} change={change} />
        ) : (
          <GroupForm key={part.key} group={part} base={base} pointers={pointers} change={change} />
        ),
      )}
      <div class="buttons">
        <button type="button" class="add" onClick={() => append(newRow())}>
          + {t('goods.row')}
        </button>
        <button type="button" class="add" onClick={() => append(newGroup('any'))}>
          + {t('group.add')}
        </button>
      </div>
    </div>
  )
}

const RemoveButton = ({ onRemove }: { onRemove: () => void }) => (
  <button type="button" class="quiet icon" aria-label={t('goods.remove')} onClick={onRemove}>
    ×
  </button>
)

function RowForm({ row, base, pointers, change }: PartProps & { row: Row }) {
  const list = useId()
  const { key, attribute, operator } = row
  const set = (next: Partial<Row>): void => change(key, (part) => (part.kind === 'row' ? { ...part, ...next } : part))
  const at = pathOf(base, pointers.get(key))
  const errors = at ? errorsUnder(at) : []
  return (
    <div class="filter-row" {...(at ? { id: pointerOf(at) } : {})}>
      <input
        class="attribute"
        aria-label={t('goods.attribute')}
        placeholder={t('goods.attribute')}
        aria-invalid={errors.length > 0}
        list={list}
        value={attribute}
        onInput={(event) => set({ attribute: event.currentTarget.value })}
        onBlur={() => at && touch(at)}
      />
      <Suggestions id={list} values={attributeNames()} />
      <OperatorSelect value={operator} onChange={(next) => set({ operator: next })} />
      <ValuesInput row={row} onValues={(values) => set({ values })} />
      <RemoveButton onRemove={() => change(key, () => undefined)} />
      <Errors messages={errors} />
    </div>
  )
}

export const OperatorSelect = ({ value, onChange }: { value: Operator; onChange: (next: Operator) => void }) => (
  <select
    aria-label={t('operator.label')}
    value={value}
    onChange={(event) => onChange(event.currentTarget.value as Operator)}
  >
    {operators.map((name) => (
      <option key={name} value={name}>
        {t(`operator.${name}`)}
      </option>
    ))}
  </select>
)

const several: ReadonlySet<Operator> = new Set(['is', 'is_not', 'has_all'])

export function ValuesInput({ row, onValues }: { row: Row; onValues: (values: Scalar[]) => void }) {
  const { attribute, operator, values } = row
  const label = t('goods.value')
  if (operator === 'exists' || operator === 'missing') return null
  if (several.has(operator)) {
    return (
      <Chips
        label={label}
        values={values.filter((value) => value !== '')}
        read={(text) => readValue(attribute, text)}
        onValues={onValues}
        suggestions={valuesOf(attribute)}
        placeholder={label}
      />
    )
  }
  const ends = operator === 'between' ? [0, 1] : [0]
  return (
    <span class="row tight">
      {operator === 'prefix' ? (
        // A text, also of digits.
        <input
          aria-label={label}
          value={String(values[0] ?? '')}
          onInput={(event) => onValues([event.currentTarget.value])}
        />
      ) : (
        ends.map((end) => (
          <NumberInput
            key={end}
            label={label}
            value={values[end]}
            onValue={(next) => onValues(ends.map((other) => (other === end ? (next ?? '') : (values[other] ?? ''))))}
          />
        ))
      )}
    </span>
  )
}

function pathOf(base: Path, pointer: string | undefined): Path | undefined {
  if (pointer === undefined) return undefined
  const steps = pointer.split('/').slice(1)
  return [...base, ...steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))]
}

// The checks name the very operator; a row stands for the attribute.
const errorsUnder = (path: Path): string[] => [
  ...new Set(
    ['', 'eq', 'ne', 'in', 'not_in', 'gte', 'gt', 'lte', 'lt', 'between', 'prefix', 'has_all'].flatMap((end) =>
      errorsAt(end ? [...path, end] : path),
    ),
  ),
]

type TestProps = { path: Path; label: string; help?: string | undefined; value: unknown }

/** One test without its attribute: of an attribute of the customer. */
export function TestField({ path, label, help, value }: TestProps) {
  const typed = useSignal<{ row: Row; written: string } | undefined>(undefined)
  if (typed.value === undefined || typed.value.written !== JSON.stringify(value)) {
    const [row] = groupOf({ value: value ?? '' }).parts
    typed.value = { row: row?.kind === 'row' ? row : newRow('value'), written: JSON.stringify(value) }
  }
  const { row } = typed.value
  const set = (next: Partial<Row>): void => {
    const changed = { ...row, ...next }
    const made = filterOf(newGroup('all', [changed])).filter?.value
    typed.value = { row: changed, written: JSON.stringify(made) }
    setAt(path, made)
  }
  return (
    <fieldset class="field" id={pointerOf(path)}>
      <legend>{label}</legend>
      <div class="row">
        <OperatorSelect value={row.operator} onChange={(operator) => set({ operator })} />
        <ValuesInput row={row} onValues={(values) => set({ values })} />
      </div>
      {help && <p class="help">{help}</p>}
      <Errors messages={errorsUnder(path)} />
    </fieldset>
  )
}
