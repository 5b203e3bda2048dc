// The fields that the editor's forms are made of: a label, a native control, what is wrong with it.

import type { ComponentChildren } from 'preact'
import { language, messageText, t } from '../i18n.ts'
import { useId, useSignal } from '../signals.ts'
import { type Path, pointerOf } from './config-tree.ts'
import { errorsAt, setAt, touch } from './editor-state.ts'
import { readNumber, shownNumber } from './numbers.ts'

/** What every control of a field gets; its id is the JSON Pointer of its place. */
export type Control = {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': boolean
  onBlur: () => void
}

type FieldProps = {
  path: Path
  label: string
  help?: string | undefined
  children: (control: Control) => ComponentChildren
}

export function Field({ path, label, help, children }: FieldProps) {
  const id = pointerOf(path)
  const errors = errorsAt(path)
  const described = [help && `${id}-help`, errors.length > 0 && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({
        id,
        'aria-describedby': described || undefined,
        'aria-invalid': errors.length > 0,
        onBlur: () => touch(path),
      })}
      {help && (
        <p class="help" id={`${id}-help`}>
          {help}
        </p>
      )}
      <Errors id={`${id}-error`} messages={errors} />
    </div>
  )
}

export const Errors = ({ id, messages }: { id?: string; messages: readonly string[] }) =>
  messages.length === 0 ? null : (
    <div {...(id ? { id } : {})}>
      {messages.map((message) => (
        <p key={message} class="error">
          {messageText(message)}
        </p>
      ))}
    </div>
  )

/** Faults of a place that has no control of its own: a list, a group. */
export const ErrorsAt = ({ path }: { path: Path }) => <Errors messages={errorsAt(path)} />

type TextProps = {
  path: Path
  label: string
  help?: string | undefined
  value: unknown
  rows?: number
  suggestions?: readonly string[]
  placeholder?: string
}

export function TextField({ path, label, help, value, rows, suggestions, placeholder }: TextProps) {
  const list = useId()
  const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)
  const onInput = (event: { currentTarget: { value: string } }): void =>
    setAt(path, event.currentTarget.value === '' ? undefined : event.currentTarget.value)
  return (
    <Field path={path} label={label} help={help}>
      {(control) =>
        rows ? (
          <textarea {...control} rows={rows} value={text} placeholder={placeholder} onInput={onInput} />
        ) : (
          <>
            <input {...control} value={text} placeholder={placeholder} list={suggestions && list} onInput={onInput} />
            {suggestions && <Suggestions id={list} values={suggestions} />}
          </>
        )
      }
    </Field>
  )
}

export const Suggestions = ({ id, values }: { id: string; values: readonly string[] }) => (
  <datalist id={id}>
    {values.map((value) => (
      <option key={value} value={value} />
    ))}
  </datalist>
)

type NumberInputProps = {
  control?: Partial<Control>
  value: unknown
  onValue: (value: number | string | undefined) => void
  scale?: number
  unit?: string | undefined
  label?: string
}

/** Keeps what is typed as it is typed: `12.` and `12,50` stay until the field is left. */
export function NumberInput({ control, value, onValue, scale = 1, unit, label }: NumberInputProps) {
  const read = (text: string): number | string | undefined => readNumber(text, scale, unit)
  const known = shownNumber(value, scale, language.value)
  const typed = useSignal(known)
  return (
    <span class="row tight">
      <input
        {...control}
        class="number"
        inputMode="decimal"
        autocomplete="off"
        aria-label={label}
        value={read(typed.value) === value ? typed.value : known}
        onInput={(event) => {
          typed.value = event.currentTarget.value
          onValue(read(typed.value))
        }}
      />
      {unit && <span class="unit">{unit}</span>}
    </span>
  )
}

type NumberProps = {
  path: Path
  label: string
  help?: string | undefined
  value: unknown
  scale?: number
  unit?: string | undefined
}

export const NumberField = ({ path, label, help, value, scale = 1, unit }: NumberProps) => (
  <Field path={path} label={label} help={help}>
    {(control) => (
      <NumberInput control={control} value={value} scale={scale} unit={unit} onValue={(next) => setAt(path, next)} />
    )}
  </Field>
)

type SelectProps = {
  path: Path
  label: string
  help?: string | undefined
  value: unknown
  options: readonly (readonly [value: string, text: string])[]
  /** What leaving it out means; without it one must be chosen. */
  none?: string
}

export const SelectField = ({ path, label, help, value, options, none }: SelectProps) => (
  <Field path={path} label={label} help={help}>
    {(control) => (
      <select
        {...control}
        value={typeof value === 'string' ? value : ''}
        onChange={(event) => setAt(path, event.currentTarget.value || undefined)}
      >
        {none !== undefined && <option value="">{none}</option>}
        {options.map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
    )}
  </Field>
)

type CheckProps = { path: Path; label: string; help?: string | undefined; value: unknown; onlyTrue?: boolean }

/** `onlyTrue`: not ticked leaves the entry out. */
export function CheckField({ path, label, help, value, onlyTrue = true }: CheckProps) {
  const id = pointerOf(path)
  return (
    <div class="field">
      <label class="check">
        <input
          type="checkbox"
          id={id}
          checked={value === true}
          aria-describedby={help && `${id}-help`}
          onChange={(event) => setAt(path, event.currentTarget.checked || (onlyTrue ? undefined : false))}
        />
        {label}
      </label>
      {help && (
        <p class="help" id={`${id}-help`}>
          {help}
        </p>
      )}
      <ErrorsAt path={path} />
    </div>
  )
}

type ChipsProps<Value> = {
  control?: Partial<Control>
  label?: string
  values: readonly Value[]
  read: (text: string) => Value
  onValues: (values: Value[]) => void
  suggestions?: readonly string[]
  placeholder?: string
}

/** Several values: Enter or a comma adds one, and so does leaving the field, so that nothing typed is forgotten. */
export function Chips<Value extends string | number | boolean>(props: ChipsProps<Value>) {
  const { control, label, values, read, onValues, suggestions = [], placeholder } = props
  const list = useId()
  const typed = useSignal('')
  const add = (): void => {
    const parts = typed.value.split(',').map((part) => part.trim())
    const added = parts.filter((part) => part !== '').map(read)
    typed.value = ''
    if (added.length > 0) onValues([...new Set([...values, ...added])])
  }
  return (
    <span class="chips">
      {values.map((value, i) => (
        <span class="chip" key={String(value)}>
          {String(value)}
          <button
            type="button"
            aria-label={t('chips.remove', { value: String(value) })}
            onClick={() => onValues(values.filter((_, other) => other !== i))}
          >
            ×
          </button>
        </span>
      ))}
      <input
        {...control}
        aria-label={label}
        list={list}
        value={typed.value}
        placeholder={values.length === 0 ? placeholder : undefined}
        autocomplete="off"
        onInput={(event) => {
          typed.value = event.currentTarget.value
          // Chosen from the suggestions, or a comma.
          const isChosen = !(event instanceof InputEvent) || event.inputType === 'insertReplacementText'
          if (typed.value.endsWith(',') || (isChosen && typed.value !== '')) add()
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || typed.value === '') return
          event.preventDefault()
          add()
        }}
        onBlur={() => {
          add()
          control?.onBlur?.()
        }}
      />
      <Suggestions id={list} values={suggestions.filter((text) => !values.some((value) => String(value) === text))} />
    </span>
  )
}
