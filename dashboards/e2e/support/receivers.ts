import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** A mail as it arrived, and for whom. */
export interface Mail {
  readonly to: readonly string[];
  readonly mail: ParsedMail;
}

/** A request as it arrived at a path of the webhook's server. */
export interface Post {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What arrives at a mail server and at a web server, at the ports that the setup told Grafana. */
export class Receivers {
  readonly mails: Mail[] = [];
  readonly posts: Post[] = [];
  readonly #smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, done) => {
      const to = session.envelope.rcptTo.map(({ address }) => address);
      simpleParser(stream).then((mail) => {
        this.mails.push({ to, mail });
        done();
      }, done);
    },
  });
  readonly #http = createServer((request, response) => {
    void text(request).then((body) => {
      this.posts.push({ path: request.url!, headers: request.headers, body });
      // Slack's answer; of a webhook's Grafana looks at the status only
      response.end('ok');
    });
  });

  async open(): Promise<void> {
    this.#http.listen(Number(process.env.WEBHOOK_PORT), '127.0.0.1');
    const smtp = this.#smtp.listen(Number(process.env.MAIL_PORT), '127.0.0.1');
    await Promise.all([once(this.#http, 'listening'), once(smtp, 'listening')]);
  }

  async close(): Promise<void> {
    this.#http.closeAllConnections();
    await Promise.all([
      new Promise((resolve) => this.#http.close(resolve)),
      new Promise<void>((resolve) => this.#smtp.close(resolve)),
    ]);
  }
}
