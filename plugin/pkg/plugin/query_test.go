package plugin_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"
)

func TestQueriesOfARequestAreAskedInOneCallAsTheyWereSaved(t *testing.T) {
	fake := newFake(t, sendsJSON(`{"results":{"A":`+oneRow+`,"B":`+oneRow+`}}`))
	d := newDatasource(t, fake.URL+"/behind/a/proxy/", nil)
	saved := `{"view":"total","metrics":["runs"],"filters":{"team":["<ä>"]},"limit":12345678901234567890,"unknown":{"a":[1.50]},"from":1,"maxDataPoints":7}`
	second := query("B", `{"view":"series","hide":true}`)
	second.MaxDataPoints = 0
	second.TimeRange.From = from.AddDate(0, 0, -1)
	ask(t, d, request(alice, query("A", saved), second))

	requests, bodies := fake.asked()
	if len(requests) != 1 || requests[0].Method != "POST" || requests[0].URL.Path != "/behind/a/proxy/v1/query" {
		t.Fatalf("asked %d times: %v", len(requests), requests)
	}
	if got := requests[0].Header.Get("Authorization"); got != "Bearer "+token {
		t.Errorf("Authorization: %s", got)
	}
	if got := requests[0].Header.Get("X-Runboard-Datasource"); got != "ds-1" {
		t.Errorf("X-Runboard-Datasource: %s", got)
	}
	want := `{"queries":[
		{"refId":"A","from":1767225600000,"to":1769904000000,"maxDataPoints":600,
		 "view":"total","metrics":["runs"],"filters":{"team":["<ä>"]},"limit":12345678901234567890,"unknown":{"a":[1.50]}},
		{"refId":"B","from":1767139200000,"to":1769904000000,"view":"series","hide":true}]}`
	if !reflect.DeepEqual(decoded(t, bodies[0]), decoded(t, want)) {
		t.Errorf("asked\n%s\nnot\n%s", bodies[0], want)
	}
}

func TestFramesArriveWhole(t *testing.T) {
	d := newDatasource(t, newFake(t, sendsJSON(answerA)).URL, nil)
	response := ask(t, d, request(alice, query("A", `{}`)))["A"]
	if response.Error != nil || response.Status != backend.StatusOK || len(response.Frames) != 1 {
		t.Fatalf("%+v", response)
	}
	frame := response.Frames[0]
	if frame.RefID != "A" || frame.Meta.Type != data.FrameTypeNumericWide || frame.Meta.Notices[0].Text != "fewer than 20 runs" {
		t.Errorf("%+v %+v", frame, frame.Meta)
	}
	if config := frame.Fields[0].Config; config.DisplayNameFromDS != "Runs: (none)" || config.Description != "Runs started" ||
		config.Unit != "short" || config.Links[0].URL != "/d/x?var-team=${__value.raw:percentencode}" {
		t.Errorf("%+v", config)
	}
	if frame.Meta.ExecutedQueryString != "select 1" || frame.Meta.Custom.(map[string]any)["asOf"] != 1.0 {
		t.Errorf("%+v", frame.Meta)
	}
	if value, _ := frame.Fields[0].ConcreteAt(0); value != int64(3) || frame.Fields[0].Labels["team"] != "(none)" {
		t.Errorf("%v %v", value, frame.Fields[0].Labels)
	}
}

func TestEveryQueryGetsItsOwnResult(t *testing.T) {
	fake := newFake(t, sendsJSON(`{"results":{"A":`+oneRow+`,"B":{"status":400,"error":"unknown metric \"x\"","errorSource":"downstream"},"Z":`+oneRow+`}}`))
	d := newDatasource(t, fake.URL, nil)
	responses := ask(t, d, request(alice, query("A", `{}`), query("B", `{}`), query("C", `{}`)))
	if len(responses) != 3 || responses["A"].Error != nil {
		t.Errorf("%+v", responses)
	}
	if b := responses["B"]; b.Error == nil || b.Error.Error() != `unknown metric "x"` || b.Status != 400 || b.ErrorSource != backend.ErrorSourceDownstream {
		t.Errorf("%+v", b)
	}
	if c := responses["C"]; c.Error == nil || !strings.Contains(c.Error.Error(), "lacks query C") || c.ErrorSource != backend.ErrorSourceDownstream {
		t.Errorf("%+v", c)
	}
}

func TestAResultThatCannotBeReadFailsAlone(t *testing.T) {
	for name, broken := range map[string]string{
		"the decoder panics on a missing field":  `{"status":200,"frames":[{"schema":{"fields":[null]},"data":{"values":[[1]]}}]}`,
		"the decoder panics on nanos of numbers": `{"status":200,"frames":[{"schema":{"fields":[{"name":"a","type":"number","typeInfo":{"frame":"float64"}}]},"data":{"values":[[1]],"nanos":[[1]]}}]}`,
		"data before schema":                     `{"status":200,"frames":[{"data":{"values":[[1]]},"schema":{"fields":[]}}]}`,
		"another member":                         `{"status":200,"secret":true}`,
	} {
		t.Run(name, func(t *testing.T) {
			d := newDatasource(t, newFake(t, sendsJSON(`{"results":{"B":`+broken+`,"A":`+oneRow+`}}`)).URL, nil)
			responses := ask(t, d, request(alice, query("A", `{}`), query("B", `{}`)))
			if responses["A"].Error != nil || len(responses["A"].Frames) != 1 {
				t.Errorf("A: %+v", responses["A"])
			}
			if b := responses["B"]; b.Error == nil || b.ErrorSource != backend.ErrorSourceDownstream || !strings.Contains(b.Error.Error(), "cannot be read") {
				t.Errorf("B: %+v", b)
			}
		})
	}
}

func TestWhatGrafanaGivesIsThePluginsErrorIfItIsNoObject(t *testing.T) {
	fake := newFake(t, sendsJSON(answerA))
	a := ask(t, newDatasource(t, fake.URL, nil), request(alice, query("A", `null`)))["A"]
	if a.ErrorSource != backend.ErrorSourcePlugin || a.Error.Error() != "query A is no JSON object" {
		t.Errorf("%+v", a)
	}
	if requests, _ := fake.asked(); len(requests) != 0 {
		t.Errorf("asked %d times", len(requests))
	}
}

// decoded keeps numbers as they are written.
func decoded(t *testing.T, text string) (value any) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return value
}
