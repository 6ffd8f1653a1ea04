import { useState, type ReactNode } from 'react';
import {
  Button,
  Disclosure as AriaDisclosure,
  DisclosurePanel,
  Heading,
} from 'react-aria-components';

import './disclosure.css';

export interface DisclosureProps {
  readonly title: string;
  /** Beside the title, folded or not. */
  readonly note?: string | undefined;
  readonly isOpenAtFirst?: boolean;
  /** Drawn while it is unfolded. */
  readonly children: ReactNode;
}

/** A panel that folds. */
export function Disclosure(props: DisclosureProps): ReactNode {
  const { title, note, isOpenAtFirst = false, children } = props;
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  return (
    <AriaDisclosure className="panel disclosure" isExpanded={isOpen} onExpandedChange={setOpen}>
      <Heading level={2} className="disclosure-title">
        <Button slot="trigger" className="disclosure-trigger">
          {title}
          {note !== undefined && <span className="disclosure-note">{note}</span>}
          <span aria-hidden="true" className="select-arrow" />
        </Button>
      </Heading>
      <DisclosurePanel className="disclosure-panel">{isOpen && children}</DisclosurePanel>
    </AriaDisclosure>
  );
}
