// Draws an argument of a condition or action by what its schema says (arg-kinds.ts).
import { t } from '../i18n.ts'
import { argumentLabel, valueLabel } from '../labels.ts'
import { shop } from '../shop.ts'
import { type Arg, type ArgKind, alternativeOf } from './arg-kinds.ts'
import { type Path, pointerOf, withValueAt } from './config-tree.ts'
import { setAt } from './editor-state.ts'
import { CheckField, Chips, ErrorsAt, Field, NumberField, NumberInput, SelectField, TextField } from './fields.tsx'
import { FilterField, TestField } from './filter-field.tsx'
import { ItemList } from './item-list.tsx'
import { More } from './more.tsx'
import { recall, remember } from './stash.ts'
import { suggestionsFor } from './suggestions.ts'

type Props = {
  path: Path
  kind: ArgKind
  label: string
  help?: string | undefined
  value: unknown
  isOptional?: boolean
  /** Type of the condition or action that it belongs to, for suggestions. */
  owner: string
}

export function ArgField(props: Props) {
  const { path, kind, label, help, value, isOptional = false, owner } = props
  const same = { path, label, help, value }
  switch (kind.kind) {
    case 'text':
      return <TextField {...same} suggestions={suggestionsFor(owner)} />
    case 'boolean':
      return <CheckField {...same} onlyTrue={isOptional} />
    case 'number':
      return <NumberField {...same} scale={kind.of === 'minor' ? 100 : 1} unit={unitOf(kind.of)} />
    case 'pick':
      return (
        <SelectField
          {...same}
          options={kind.options.map((name) => [name, valueLabel(name)])}
          {...(isOptional ? { none: t('usual') } : {})}
        />
      )
    case 'names':
      return <NamesField {...same} owner={owner} />
    case 'numbers':
      return <NumbersField {...same} />
    case 'range':
      return <RangeField {...same} of={kind.of} />
    case 'filter':
      return <FilterField path={path} label={label} isOptional={isOptional} />
    case 'test':
      return <TestField {...same} />
    case 'object':
      return <ObjectField {...same} args={kind.args} owner={owner} isOptional={isOptional} />
    case 'list':
      return <ListField {...same} item={kind.item} owner={owner} />
    case 'either':
      return <EitherField {...props} options={kind.options} />
    default:
      return <p class="help">{t('onlyJson', { label })}</p>
  }
}

const unitOf = (of: 'plain' | 'money' | 'minor' | 'percent'): string | undefined => {
  if (of === 'percent') return '%'
  return of === 'plain' ? undefined : shop.value.currency
}

// Cashback and bonus are a percentage unless they say that they are a sum.
const isPercent = (owner: string, name: string, entries: Record<string, unknown>): boolean =>
  (owner === 'cashback' || owner === 'bonus') && name === 'value' && entries.as !== 'sum'

/** Draws all arguments; those that may be left out, and are, wait under "more". */
export function Args({
  path,
  args,
  value,
  owner,
}: {
  path: Path
  args: readonly Arg[]
  value: unknown
  owner: string
}) {
  const entries = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  const draw = ({ name, kind: declared, isOptional }: Arg) => {
    const { label, help } = argumentLabel(owner, name)
    const at = [...path, name]
    const kind = isPercent(owner, name, entries) ? ({ kind: 'number', of: 'percent' } as const) : declared
    const same = { path: at, kind, label, help, value: entries[name], isOptional, owner }
    return <ArgField key={name} {...same} />
  }
  // Of percent, sum and price one is needed, but where the goods are for nothing without.
  const isInSight = ({ name, isOptional }: Arg): boolean =>
    !isOptional || (/^(percent|sum|price)$/.test(name) && owner !== 'buy_x_get_y')
  const needed = args.filter(isInSight)
  const others = args.filter((arg) => !isInSight(arg))
  // Three ways to say one thing: all in sight, none needed by itself.
  const isChoice = needed.length === 0 && others.length <= 3
  return (
    <>
      {(isChoice ? others : needed).map(draw)}
      {!isChoice && others.length > 0 && (
        <More title={t('more')} isUsed={others.some(({ name }) => entries[name] !== undefined)}>
          <div class="grid">{others.map(draw)}</div>
        </More>
      )}
    </>
  )
}

type FieldProps = { path: Path; label: string; help?: string | undefined; value: unknown }

const textsOf = (value: unknown): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value.map(String) : [String(value)]

// One stays one, as people write it.
const written = <Value,>(values: Value[]): Value | Value[] | undefined => (values.length < 2 ? values[0] : values)

const NamesField = ({ path, label, help, value, owner }: FieldProps & { owner: string }) => (
  <Field path={path} label={label} help={help}>
    {(control) => (
      <Chips
        control={control}
        values={textsOf(value)}
        read={(text) => text}
        onValues={(values) => setAt(path, written(values))}
        suggestions={suggestionsFor(owner)}
        placeholder={t('chips.add')}
      />
    )}
  </Field>
)

const NumbersField = ({ path, label, help, value }: FieldProps) => (
  <Field path={path} label={label} help={help}>
    {(control) => (
      <Chips<string | number>
        control={control}
        values={value === undefined ? [] : Array.isArray(value) ? value : [value as number]}
        read={(text) => (/^\d+$/.test(text) ? Number(text) : text)}
        onValues={(values) => setAt(path, written(values))}
        placeholder={t('chips.add')}
      />
    )}
  </Field>
)

const bounds = ['gte', 'gt', 'lte', 'lt'] as const

/** At least, at most; the two others are drawn where somebody wrote them. */
function RangeField({ path, label, help, value, of }: FieldProps & { of: 'plain' | 'money' }) {
  const isPlain = typeof value !== 'object' || value === null
  const entries: Record<string, unknown> = isPlain ? { gte: value } : { ...value }
  const set = (bound: string, next: unknown): void => {
    const changed: Record<string, unknown> = withValueAt(entries, [bound], next)
    const names = Object.keys(changed).filter((name) => changed[name] !== undefined)
    setAt(path, names.length === 0 ? undefined : names.join() === 'gte' ? changed.gte : changed)
  }
  return (
    <fieldset class="field range">
      <legend class="hidden">{label}</legend>
      <div class="row">
        {bounds.map((bound, i) => {
          if (bound.length === 2 && entries[bound] === undefined) return null
          const at = i === 0 ? path : [...path, bound]
          return (
            <Field key={bound} path={at} label={t(`bound.${bound}`)}>
              {(control) => (
                <NumberInput
                  control={control}
                  value={entries[bound]}
                  unit={unitOf(of)}
                  onValue={(next) => set(bound, next)}
                />
              )}
            </Field>
          )
        })}
      </div>
      {!isPlain && <ErrorsAt path={[...path, 'gte']} />}
      {help && <p class="help">{help}</p>}
    </fieldset>
  )
}

type ObjectProps = FieldProps & { args: readonly Arg[]; owner: string; isOptional: boolean }

const ObjectField = ({ path, label, value, args, owner }: ObjectProps) => (
  <fieldset class="group" id={pointerOf(path)}>
    <legend>{label}</legend>
    <div class="grid">
      <Args path={path} args={args} value={value} owner={owner} />
    </div>
    <ErrorsAt path={path} />
  </fieldset>
)

type ListProps = FieldProps & { item: ArgKind; owner: string }

function ListField({ path, label, value, item, owner }: ListProps) {
  const args = item.kind === 'object' ? item.args : []
  return (
    <fieldset class="group" id={pointerOf(path)}>
      <legend>{label}</legend>
      <ItemList
        path={path}
        items={Array.isArray(value) ? value : []}
        make={() => ({})}
        addLabel={t('list.add')}
        draw={(entry, at) => (
          <div class="grid">
            <Args path={at} args={args} value={entry} owner={owner} />
            <ErrorsAt path={at} />
          </div>
        )}
      />
      <ErrorsAt path={path} />
    </fieldset>
  )
}

/** What can be written in two ways: choosing another keeps what was written in the first. */
function EitherField({ path, label, help, value, owner, options }: Props & { options: readonly ArgKind[] }) {
  const at = alternativeOf(options, value)
  const pointer = pointerOf(path)
  const choose = (next: number): void => {
    remember(`${pointer}#${at}`, value)
    const first = options[next]?.kind === 'boolean' ? true : undefined
    chosen.set(pointer, next)
    setAt(path, recall(`${pointer}#${next}`) ?? first)
  }
  const shown = value === undefined ? (chosen.get(pointer) ?? at) : at
  const kind = options[shown]
  return (
    <div class="either">
      <label class="field">
        <span class="label">{label}</span>
        <select value={shown} onChange={(event) => choose(Number(event.currentTarget.value))}>
          {options.map((option, i) => (
            <option key={option.kind} value={i}>
              {t(
                `either.${option.kind === 'names' || option.kind === 'object' || option.kind === 'boolean' ? option.kind : 'number'}`,
              )}
            </option>
          ))}
        </select>
      </label>
      {kind && <ArgField path={path} kind={kind} label={label} help={help} value={value} owner={owner} isOptional />}
    </div>
  )
}

const chosen = new Map<string, number>()
