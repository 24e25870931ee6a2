/** The configuration of an OpenTelemetry collector that passes telemetry on; batches fit into what the service takes. */
export function collectorConfig({ url, token }: { url: string; token: string }): string {
  return `receivers:
  otlp:
    protocols:
      grpc:
        endpoint: 0.0.0.0:4317
      http:
        endpoint: 0.0.0.0:4318

processors:
  batch:
    send_batch_size: 500
    send_batch_max_size: 1000
    timeout: 5s

exporters:
  otlphttp/runboard:
    endpoint: ${url}
    compression: gzip
    headers:
      Authorization: Bearer ${token}
    retry_on_failure:
      enabled: true
    sending_queue:
      enabled: true

service:
  pipelines:
    logs:
      receivers: [otlp]
      processors: [batch]
      exporters: [otlphttp/runboard]
    metrics:
      receivers: [otlp]
      processors: [batch]
      exporters: [otlphttp/runboard]
    traces:
      receivers: [otlp]
      processors: [batch]
      exporters: [otlphttp/runboard]`;
}

/** A runner's post-session script: POSIX sh and curl, 5 seconds at most, never a failure. */
export function runnerScript({ url, token }: { url: string; token: string }): string {
  return `#!/bin/sh
# post-session: tells Runboard how the session ended. It never fails, and takes 5 seconds at most.
# SESSION_ID, EXIT_REASON (completed, failed, interrupted, abandoned) and CORRELATION_ID come from the runner.
quote() { printf '%s' "$1" | tr -d '\\000-\\037' | sed 's/[\\\\"]/\\\\&/g'; }
curl --silent --output /dev/null --max-time 5 \\
  --header 'Authorization: Bearer ${token}' \\
  --header 'Content-Type: application/json' \\
  --data "{\\"sessionId\\":\\"$(quote "\${SESSION_ID:-}")\\",\\"exitReason\\":\\"$(quote "\${EXIT_REASON:-}")\\",\\"correlationId\\":\\"$(quote "\${CORRELATION_ID:-}")\\",\\"endedAt\\":\\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\\"}" \\
  '${url}/v1/hooks/runner' || true
exit 0`;
}
