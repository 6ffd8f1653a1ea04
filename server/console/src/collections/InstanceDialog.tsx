import type { InstanceInfo } from '@likeness/sdk';
import { LIMITS, SERVICE_TYPES } from '@likeness/shared/api';
import { useState, type ReactNode } from 'react';

import { useMessages } from '../messages/messages.ts';
import { useClient } from '../session/session.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';
import { Select } from '../ui/Select.tsx';
import { Switch } from '../ui/Switch.tsx';
import { TextField } from '../ui/TextField.tsx';
import { useAction } from '../ui/use-action.ts';
import { DEFAULT_LIMITS, LimitFields, limitsOf, type Limits } from './LimitFields.tsx';
import { collectionMessages } from './messages.ts';

export interface InstanceDialogProps {
  /** To change; a new one without. */
  readonly instance?: InstanceInfo;
  readonly onClose: () => void;
}

type Settings = Limits & Pick<InstanceInfo, 'autoOrient' | 'keepPictures'>;

const DEFAULTS: Settings = { ...DEFAULT_LIMITS, autoOrient: false, keepPictures: true };

/** Makes an instance, or changes the settings of one. */
export function InstanceDialog({ instance, onClose }: InstanceDialogProps): ReactNode {
  const texts = useMessages(collectionMessages);
  const client = useClient();
  const [name, setName] = useState('');
  const [type, setType] = useState('product');
  const [settings, setSettings] = useState(instance ?? DEFAULTS);
  const save = useAction(() => {
    const chosen = settingsOf(settings);
    return instance === undefined
      ? client.createInstance({ instanceName: name, serviceType: type, ...chosen })
      : client.updateInstance({ instanceName: instance.instanceName, ...chosen });
  });
  const title =
    instance === undefined ? texts.create : `${texts.settings}: ${instance.instanceName}`;
  return (
    <FormDialog title={title} save={save} onSaved={onClose} onClose={onClose}>
      {instance === undefined && (
        <>
          <TextField
            label={texts.name}
            value={name}
            onChange={setName}
            hint={texts.nameHint}
            error={texts.nameMissing}
            maxLength={LIMITS.MAX_INSTANCE_NAME_LENGTH}
            isRequired
            autoFocus
          />
          <Select
            label={texts.kind}
            value={type}
            onChange={setType}
            options={SERVICE_TYPES.map(({ name: value }) => ({
              value,
              text: describeType(value, texts),
            }))}
          />
        </>
      )}
      <SettingsFields settings={settings} onChange={setSettings} />
    </FormDialog>
  );
}

interface SettingsFieldsProps {
  readonly settings: Settings;
  readonly onChange: (settings: Settings) => void;
}

function SettingsFields({ settings, onChange }: SettingsFieldsProps): ReactNode {
  const texts = useMessages(collectionMessages);
  return (
    <>
      <LimitFields limits={settings} onChange={(limits) => onChange({ ...settings, ...limits })} />
      <Switch
        isSelected={settings.autoOrient}
        onChange={(autoOrient) => onChange({ ...settings, autoOrient })}
      >
        {texts.autoOrient}
      </Switch>
      <Switch
        isSelected={settings.keepPictures}
        onChange={(keepPictures) => onChange({ ...settings, keepPictures })}
      >
        {texts.keepPictures}
      </Switch>
    </>
  );
}

function settingsOf(settings: Settings): Settings {
  const { autoOrient, keepPictures } = settings;
  return { ...limitsOf(settings), autoOrient, keepPictures };
}

function describeType(name: string, texts: Readonly<Record<string, unknown>>): string {
  const text = texts[name];
  return typeof text === 'string' ? text : name;
}
