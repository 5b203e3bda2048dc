// A part that breaks says so in its own place, and the page goes on: nobody loses a form because a preview failed.
import { Component, type ComponentChildren } from 'preact'
import { t } from '../i18n.ts'

type Props = { children: ComponentChildren }

export class Guarded extends Component<Props, { isBroken: boolean }> {
  override state = { isBroken: false }

  override componentDidCatch(error: unknown): void {
    console.error(error)
    this.setState({ isBroken: true })
  }

  override render({ children }: Props) {
    return this.state.isBroken ? <p class="help">{t('part.broken')}</p> : children
  }
}
