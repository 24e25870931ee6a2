import React from 'react';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { type DataSourcePluginOptionsEditorProps } from '@grafana/data';
import { open } from '../test/editor';
import { fakeGrafana } from '../test/grafana';
import { type RunboardOptions, type RunboardSecrets, type VariableQuery } from '../types';
import { AnnotationEditor } from './AnnotationEditor';
import { ConfigEditor } from './ConfigEditor';
import { QueryEditorHelp } from './QueryEditorHelp';
import { VariableEditor } from './VariableEditor';

describe('the editor of a variable', () => {
  it('chooses a dimension and how it is searched', async () => {
    const query: VariableQuery = { refId: 'V', search: '$__searchFilter' };
    const { choose, seen, user } = open(VariableEditor, query);
    await choose('Values of', 'Repository');
    expect(seen.last).toEqual({ refId: 'V', dimension: 'repo', search: '$__searchFilter' });
    expect(screen.getByText('What repo means.')).toBeVisible();
    await user.clear(screen.getByLabelText('That contain'));
    await user.type(screen.getByLabelText('That contain'), 'web{Enter}');
    expect(seen.last.search).toBe('web');
  });

  it('shows a dimension that the service does not know', async () => {
    open(VariableEditor, { refId: 'V', dimension: 'galaxy' });
    expect(await screen.findByText('The service does not know this dimension')).toBeVisible();
    expect(screen.getByDisplayValue('galaxy (unknown)')).toBeVisible();
  });
});

describe('the editor of annotations', () => {
  it('asks what to mark; the view is given', async () => {
    const { choose, seen } = open(AnnotationEditor, { refId: 'Anno' });
    await choose('Marks', 'failed run');
    expect(seen.last).toEqual({ refId: 'Anno', version: 1, view: 'annotations', kinds: ['failed_run'] });
    expect(screen.queryByLabelText('View')).toBeNull();
  });
});

describe('the help', () => {
  it('has examples that become the query', async () => {
    const onClickExample = jest.fn();
    const { datasource } = fakeGrafana();
    render(<QueryEditorHelp datasource={datasource} query={{ refId: 'A' }} onClickExample={onClickExample} />);
    await userEvent.click(await screen.findByRole('button', { name: 'Runs per team' }));
    expect(onClickExample).toHaveBeenCalledWith({
      ...{ refId: 'A', version: 1, view: 'series', metrics: ['runs'], groupBy: ['team'] },
    });
  });
});

describe('the configuration page', () => {
  type Props = DataSourcePluginOptionsEditorProps<RunboardOptions, RunboardSecrets>;
  const show = (more: Partial<Props['options']> = {}) => {
    const onOptionsChange = jest.fn<void, [Props['options']]>();
    const options = { url: '', jsonData: {}, secureJsonFields: {}, ...more } as Props['options'];
    render(<ConfigEditor options={options} onOptionsChange={onOptionsChange} />);
    return { user: userEvent.setup(), changed: () => onOptionsChange.mock.lastCall![0] };
  };

  it('takes the address', async () => {
    const { user, changed } = show();
    await user.click(screen.getByLabelText('Data source connection URL'));
    await user.paste('http://runboard:8080');
    // where Grafana's own proxy does not look
    expect(changed()).toMatchObject({ url: '', jsonData: { url: 'http://runboard:8080' } });
  });

  it('shows the address of a data source that has it where they used to, and moves it', async () => {
    const { user, changed } = show({ url: 'http://runboard:80' });
    expect(screen.getByLabelText('Data source connection URL')).toHaveValue('http://runboard:80');
    await user.type(screen.getByLabelText('Data source connection URL'), '8');
    expect(changed()).toMatchObject({ url: '', jsonData: { url: 'http://runboard:808' } });
  });

  it('gives the token to Grafana, and never shows it again', async () => {
    const { user, changed } = show();
    await user.click(screen.getByLabelText(/^Token/));
    await user.paste('rb_secret');
    expect(changed().secureJsonData).toEqual({ token: 'rb_secret' });
  });

  it('lets a token be replaced', async () => {
    const { user, changed } = show({ secureJsonFields: { token: true } });
    expect(screen.getByLabelText(/^Token/)).toBeDisabled();
    await user.click(screen.getByRole('button', { name: 'Reset' }));
    expect(changed()).toMatchObject({ secureJsonFields: { token: false }, secureJsonData: { token: '' } });
  });

  it('warns of what trusting e-mails means', async () => {
    const { user, changed } = show();
    expect(screen.queryByText(/can see as anybody/)).toBeNull();
    await user.click(screen.getByLabelText(/Trust e-mails/));
    expect(changed().jsonData.trustEmails).toBe(true);
    show({ jsonData: { trustEmails: true } });
    expect(screen.getByText(/can see as anybody/)).toBeVisible();
  });

  it('has TLS, the timeout and cookies as other data sources', async () => {
    const { user } = show();
    expect(screen.getByText('Skip TLS certificate validation')).toBeVisible();
    await user.click(screen.getByRole('button', { name: /Expand section Additional settings/ }));
    expect(screen.getByLabelText('Timeout in seconds')).toBeVisible();
  });

  it('cannot be changed where it is provisioned', () => {
    show({ readOnly: true, secureJsonFields: { token: true } });
    expect(screen.getByLabelText('Data source connection URL')).toBeDisabled();
    expect(screen.getByLabelText(/Trust e-mails/)).toBeDisabled();
  });
});
