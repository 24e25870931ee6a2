package plugin_test

import (
	"slices"
	"testing"

	"github.com/grafana/dataplane/sdata/numeric"
	"github.com/grafana/dataplane/sdata/reader"
	"github.com/grafana/dataplane/sdata/timeseries"
	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// What an alert rule gets of an answer. Grafana's expressions (pkg/expr/dataplane.go) read frames that name their type
// with this very library; the groups that it does not return are not evaluated.

type groupValues map[string]*float64

func TestAnAlertRuleGetsEveryGroupOfATotal(t *testing.T) {
	half, one, two, cost := 0.5, 1.0, 2.0, 0.75
	for saved, want := range map[string]groupValues{
		`{"view":"total","metrics":["runs"],"groupBy":["team"]}`:             {"team=core": &two, "team=apps": &two, "team=(none)": &one},
		`{"view":"total","metrics":["run_success_rate"],"groupBy":["team"]}`: {"team=core": &half, "team=apps": &one, "team=(none)": &one},
		`{"view":"total","metrics":["total_cost"],"groupBy":["repo"]}`:       {"repo=web": &cost, "repo=api": &one, "repo=(none)": nil},
		`{"view":"total","metrics":["runs"],"filters":{"team":["core"]}}`:    {"": &two},
	} {
		t.Run(saved, func(t *testing.T) {
			frames := evaluated(t, saved, data.FrameTypeNumericWide)
			collection, err := readNumbers(frames)
			if err != nil {
				t.Fatal(err)
			}
			got := groupValues{}
			for _, ref := range collection.Refs {
				value, _, err := ref.NullableFloat64Value()
				if err != nil {
					t.Fatal(err)
				}
				got[ref.GetLabels().String()] = value
			}
			expectGroups(t, got, want)
		})
	}
}

// A null would be a "No data" instance of its own, which Grafana's default sends as an alert.
func TestAnAlertRuleGetsNoGroupOfWhichNothingIsKnown(t *testing.T) {
	req := request(&backend.User{Login: "grafana_scheduler", Role: "Admin"}, week("A", `{"view":"total","metrics":["total_cost"],"groupBy":["repo"]}`))
	req.SetHTTPHeader("X-Rule-Uid", "r1")
	response := ask(t, realDatasource(t), req)["A"]
	collection, err := readNumbers(throughArrow(t, response.Frames))
	if err != nil || response.Error != nil {
		t.Fatal(err, response.Error)
	}
	var groups []string
	for _, ref := range collection.Refs {
		groups = append(groups, ref.GetLabels().String())
	}
	slices.Sort(groups)
	if want := []string{"repo=api", "repo=web"}; !slices.Equal(groups, want) {
		t.Errorf("%v, not %v", groups, want)
	}
}

func TestAnAlertRuleGetsEveryGroupOfASeries(t *testing.T) {
	// the last day of the week on which each team ran: Tuesday, Friday, Thursday
	want := map[string]int{"team=core": 1, "team=apps": 4, "team=(none)": 3}
	frames := evaluated(t, `{"view":"series","metrics":["runs"],"groupBy":["team"],"interval":"day"}`, data.FrameTypeTimeSeriesMulti)
	dataplane, err := timeseries.CollectionReaderFromFrames(frames)
	if err != nil {
		t.Fatal(err)
	}
	collection, err := dataplane.GetCollection(false)
	if err != nil || len(collection.RemainderIndices) > 0 || collection.Warning != nil {
		t.Fatalf("%v %+v", err, collection)
	}
	got := map[string]int{}
	for _, ref := range collection.Refs {
		for i := range ref.ValueField.Len() {
			if value, ok := ref.ValueField.ConcreteAt(i); ok && value.(float64) > 0 {
				got[ref.GetLabels().String()] = i
			}
		}
	}
	for group, last := range want {
		if got[group] != last {
			t.Errorf("%s: day %d, not %d", group, got[group], last)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%v", got)
	}
}

// An alert rule that joins two metrics asks for each under its own refId.
func TestTwoMetricsUnderTwoRefIDsHaveTheSameGroups(t *testing.T) {
	d := realDatasource(t)
	responses := ask(t, d, request(grafanaAdmin,
		week("A", `{"view":"total","metrics":["runs"],"groupBy":["team"]}`),
		week("B", `{"view":"total","metrics":["run_success_rate"],"groupBy":["team"]}`)))
	groups := map[string]int{}
	for _, refID := range []string{"A", "B"} {
		collection, err := readNumbers(throughArrow(t, responses[refID].Frames))
		if err != nil || collection.RefID != refID {
			t.Fatalf("%v %+v", err, collection)
		}
		for _, ref := range collection.Refs {
			groups[ref.GetLabels().String()]++
		}
	}
	if groups["team=core"] != 2 || groups["team=apps"] != 2 || groups["team=(none)"] != 2 || len(groups) != 3 {
		t.Errorf("math over A and B joins on labels: %v", groups)
	}
}

// evaluated answers the frames of a query as Grafana's expressions get them: of a type that they read.
func evaluated(t *testing.T, saved string, want data.FrameType) data.Frames {
	t.Helper()
	response := ask(t, realDatasource(t), request(grafanaAdmin, week("A", saved)))["A"]
	if response.Error != nil {
		t.Fatal(response.Error)
	}
	frames := throughArrow(t, response.Frames)
	if got, err := reader.CanReadBasedOnMeta(frames); err != nil || got != want {
		t.Fatalf("type %s: %v", got, err)
	}
	return frames
}

func readNumbers(frames data.Frames) (numeric.Collection, error) {
	dataplane, err := numeric.CollectionReaderFromFrames(frames)
	if err != nil {
		return numeric.Collection{}, err
	}
	return dataplane.GetCollection(false)
}

func expectGroups(t *testing.T, got, want groupValues) {
	t.Helper()
	for group, value := range want {
		found, ok := got[group]
		if !ok || (found == nil) != (value == nil) || found != nil && *found != *value {
			t.Errorf("%q: %v (arrived: %t), not %v", group, deref(found), ok, deref(value))
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d groups arrived, not %d", len(got), len(want))
	}
}

func deref(value *float64) any {
	if value == nil {
		return nil
	}
	return *value
}
