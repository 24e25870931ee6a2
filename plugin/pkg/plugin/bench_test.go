package plugin_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

const panels = 30

// BenchmarkBoard opens a board of 30 panels, six at a time as a browser does over HTTP/1.1, or all at once; the service
// takes no time. `added-ms` is what a panel's request takes longer at p50 than one sent there by a plain HTTP client.
func BenchmarkBoard(b *testing.B) {
	for name, atOnce := range map[string]int{"6-at-a-time": 6, "all-at-once": panels} {
		b.Run(name, func(b *testing.B) { benchmarkBoard(b, atOnce) })
	}
}

func benchmarkBoard(b *testing.B, atOnce int) {
	fake := newFake(b, sendsJSON(seriesAnswer(8, 30)))
	d := newDatasource(b, fake.URL, nil)
	direct := func(int) {
		response, err := http.Post(fake.URL+"/v1/query", "application/json", strings.NewReader(`{"queries":[]}`))
		if err != nil {
			b.Error(err)
			return
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
	}
	through := func(panel int) {
		// each panel asks something else
		response := ask(b, d, request(alice, query("A", fmt.Sprintf(`{"view":"series","panel":%d}`, panel))))
		if response["A"].Error != nil {
			b.Error(response["A"].Error)
		}
	}
	var plain, whole []time.Duration
	for b.Loop() {
		plain = append(plain, openBoard(atOnce, direct)...)
		whole = append(whole, openBoard(atOnce, through)...)
	}
	b.ReportMetric(median(whole).Seconds()*1000, "p50-ms")
	b.ReportMetric((median(whole)-median(plain)).Seconds()*1000, "added-ms")
}

func openBoard(atOnce int, ask func(panel int)) []time.Duration {
	took, turns := make([]time.Duration, panels), make(chan struct{}, atOnce)
	var board sync.WaitGroup
	for panel := range panels {
		turns <- struct{}{}
		board.Go(func() {
			start := time.Now()
			ask(panel)
			took[panel] = time.Since(start)
			<-turns
		})
	}
	board.Wait()
	return took
}

// BenchmarkLargeFrame decodes one frame of 100,000 rows; `times-its-size` is the heap at its greatest over the frame's
// own size in memory, `times-json` over that of the answer.
func BenchmarkLargeFrame(b *testing.B) {
	const rows = 100_000
	answer := tableAnswer(rows)
	// a plain server: the answer itself is not measured
	d := newDatasource(b, newFake(b, sendsJSON(answer)).URL, nil)
	req := request(alice, query("A", `{}`))
	var grown, frame uint64
	for b.Loop() {
		before := heap()
		peak := peakDuring(func() {
			responses := ask(b, d, req)
			if length := responses["A"].Frames[0].Rows(); length != rows {
				b.Fatal(length)
			}
			frame = heap() - before
			runtime.KeepAlive(responses)
		})
		grown = max(grown, peak-before)
	}
	b.ReportMetric(float64(frame)/1e6, "frame-MB")
	b.ReportMetric(float64(len(answer))/1e6, "json-MB")
	b.ReportMetric(float64(grown)/float64(frame), "times-its-size")
}

// BenchmarkExport passes a file of 60 MB on to a slow reader.
func BenchmarkExport(b *testing.B) {
	const megabytes = 60
	line := strings.Repeat("x", 998) + "\r\n"
	fake := newFake(b, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/csv")
		for range megabytes * 1000 {
			_, _ = io.WriteString(w, line)
		}
	})
	d := newDatasource(b, fake.URL, nil)
	var grown uint64
	for b.Loop() {
		before, total, chunks := heap(), 0, 0
		peak := peakDuring(func() {
			req := &backend.CallResourceRequest{
				PluginContext: backend.PluginContext{User: alice}, Method: "GET", Path: "export/runs.csv", URL: "export/runs.csv",
			}
			err := d.CallResource(context.Background(), req, backend.CallResourceResponseSenderFunc(func(part *backend.CallResourceResponse) error {
				total += len(part.Body)
				if chunks++; chunks%100 == 0 {
					time.Sleep(time.Millisecond)
				}
				return nil
			}))
			if err != nil || total != megabytes*1_000_000 {
				b.Fatal(err, total)
			}
		})
		grown = max(grown, peak-before)
	}
	b.ReportMetric(float64(grown)/1e6, "growth-MB")
}

// heap is what is in use after a collection.
func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// peakDuring answers the greatest heap, garbage included, that was seen while work ran.
func peakDuring(work func()) uint64 {
	ended, result := make(chan struct{}), make(chan uint64)
	go func() {
		var peak uint64
		var stats runtime.MemStats
		for {
			runtime.ReadMemStats(&stats)
			peak = max(peak, stats.HeapAlloc)
			select {
			case <-ended:
				result <- peak
				return
			case <-time.After(time.Millisecond):
			}
		}
	}()
	work()
	close(ended)
	return <-result
}

func median(values []time.Duration) time.Duration {
	slices.Sort(values)
	return values[len(values)/2]
}

// seriesAnswer is what a panel with a line per group gets.
func seriesAnswer(groups, points int) string {
	times, values := make([]int64, points), make([]float64, points)
	for i := range points {
		times[i], values[i] = from.UnixMilli()+int64(i)*86_400_000, float64(i)/7
	}
	columns, _ := json.Marshal([]any{times, values})
	frames := make([]string, groups)
	for i := range groups {
		frames[i] = fmt.Sprintf(`{"schema":{"refId":"A","meta":{"type":"timeseries-multi","typeVersion":[0,1]},"fields":[`+
			`{"name":"time","type":"time","typeInfo":{"frame":"time.Time"}},`+
			`{"name":"runs","type":"number","typeInfo":{"frame":"float64","nullable":true},"labels":{"team":"team %d"},"config":{"unit":"short"}}]},`+
			`"data":{"values":%s}}`, i, columns)
	}
	return `{"results":{"A":{"status":200,"frames":[` + strings.Join(frames, ",") + `]}}}`
}

// tableAnswer is a list like that of the sessions: texts, a time, numbers.
func tableAnswer(rows int) string {
	names, times, numbers := make([]string, rows), make([]int64, rows), make([]float64, rows)
	for i := range rows {
		names[i], times[i], numbers[i] = fmt.Sprintf("session-%08d", i), from.UnixMilli()+int64(i), float64(i)/3
	}
	columns, _ := json.Marshal([]any{names, names, times, numbers, numbers, numbers, numbers, numbers})
	fields := []string{
		`{"name":"session","type":"string","typeInfo":{"frame":"string","nullable":true}}`,
		`{"name":"user","type":"string","typeInfo":{"frame":"string","nullable":true}}`,
		`{"name":"last_active_at","type":"time","typeInfo":{"frame":"time.Time","nullable":true}}`,
	}
	for i := range 5 {
		fields = append(fields, fmt.Sprintf(`{"name":"number_%d","type":"number","typeInfo":{"frame":"float64","nullable":true}}`, i))
	}
	return `{"results":{"A":{"status":200,"frames":[{"schema":{"refId":"A","meta":{},"fields":[` + strings.Join(fields, ",") + `]},"data":{"values":` + string(columns) + `}}]}}}`
}
