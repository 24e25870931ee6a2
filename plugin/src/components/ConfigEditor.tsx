import React from 'react';
import {
  onUpdateDatasourceSecureJsonDataOption,
  updateDatasourcePluginJsonDataOption,
  updateDatasourcePluginResetOption,
  type DataSourcePluginOptionsEditorProps,
} from '@grafana/data';
import {
  AdvancedHttpSettings,
  Auth,
  ConfigSection,
  ConnectionSettings,
  convertLegacyAuthProps,
  SecureSocksProxyToggle,
} from '@grafana/plugin-ui';
import { Alert, Divider, Field, InlineField, SecretInput, Switch } from '@grafana/ui';
import { type RunboardOptions, type RunboardSecrets } from '../types';

type Props = DataSourcePluginOptionsEditorProps<RunboardOptions, RunboardSecrets>;

const TOKEN = 'custom-token';

/** Where the service is, with which token it is asked, and whether it may believe e-mails. */
export function ConfigEditor(props: Props) {
  const { options, onOptionsChange } = props;
  return (
    <>
      <ConnectionSettings
        config={{ ...options, url: options.jsonData.url ?? options.url }}
        onChange={({ url, jsonData, ...others }) =>
          onOptionsChange({ ...others, url: '', jsonData: { ...jsonData, url } })
        }
        description="The Runboard metrics service, as Grafana's server reaches it."
        urlPlaceholder="http://localhost:8080"
        urlTooltip="The address that npm start or runboard serve prints, such as http://localhost:8080"
      />
      <Divider />
      <Auth
        {...convertLegacyAuthProps({ config: options, onChange: onOptionsChange })}
        visibleMethods={[TOKEN]}
        customMethods={[
          {
            id: TOKEN,
            label: 'Service token',
            description: 'Made with: runboard token create --org … --name grafana --scope read --scope delegate',
            component: <TokenField {...props} />,
          },
        ]}
      />
      <Divider />
      <ConfigSection title="Viewers" description="Who looks at a panel decides what its numbers are made from.">
        <TrustEmailsField {...props} />
      </ConfigSection>
      <Divider />
      <ConfigSection title="Additional settings" isCollapsible isInitiallyOpen={false}>
        <AdvancedHttpSettings config={options} onChange={onOptionsChange} />
        <SecureSocksProxyToggle dataSourceConfig={options} onChange={onOptionsChange} labelWidth={24} />
      </ConfigSection>
    </>
  );
}

function TokenField(props: Props) {
  const { secureJsonFields, secureJsonData, readOnly } = props.options;
  return (
    <InlineField label="Token" labelWidth={24} htmlFor="token" required grow disabled={readOnly}>
      <SecretInput
        id="token"
        placeholder="rb_…"
        isConfigured={Boolean(secureJsonFields.token)}
        value={secureJsonData?.token ?? ''}
        onChange={onUpdateDatasourceSecureJsonDataOption(props, 'token')}
        onReset={() => updateDatasourcePluginResetOption(props, 'token')}
      />
    </InlineField>
  );
}

function TrustEmailsField(props: Props) {
  const { jsonData, readOnly } = props.options;
  return (
    <>
      <Field label="Trust e-mails" description="A Grafana user's e-mail says who they are, however they signed in.">
        <Switch
          id="trust-emails"
          disabled={readOnly}
          value={jsonData.trustEmails ?? false}
          onChange={({ currentTarget }) =>
            updateDatasourcePluginJsonDataOption(props, 'trustEmails', currentTarget.checked)
          }
        />
      </Field>
      {jsonData.trustEmails && (
        <Alert severity="warning" title="Whoever can change an e-mail in this Grafana can see as anybody">
          A user with a password can change their own e-mail here, and then sees what the owner of that e-mail may see.
          Leave this off where people sign in through OAuth, SAML, LDAP, JWT or an auth proxy: those e-mails are
          believed without it.
        </Alert>
      )}
    </>
  );
}
